package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Loop.Alarm;
import dev.foundrygateway.hybrid.HybridConfig.VerdictMode;
import dev.foundrygateway.openai.DecisionQuestion;
import dev.foundrygateway.openai.ModelOutput;
import dev.foundrygateway.openai.TokenEstimate;
import dev.foundrygateway.openai.sse.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The witnesses of one draft: who is to be heard while its score leaves it open, and what they said. Each is asked once at most; one that fails, takes too long or
 * can't be understood has said nothing. Confined to the request's event loop.
 */
final class Consultation implements Leg.Whole {
    /** Tokens that a further answer may have beyond what the draft had. */
    private static final int SPARE_TOKENS = 8;

    private final HybridCall hybrid;
    private final VirtualModel model;
    private final Surroundings around;
    private final Ledger ledger;
    private final Runnable told;
    private final Set<Witness> asked = EnumSet.noneOf(Witness.class);
    private final SignalValues heard = new SignalValues();
    /** What was said of the opening, which stands where a witness has nothing to say of more. */
    private final SignalValues earlier = new SignalValues();

    private final List<Leg> legs = new ArrayList<>();
    private Alarm limit = Alarm.NONE;
    private String draft = "";
    private int waiting;

    /** Of one call; {@code told} is run when the witness that was asked has spoken, or will not. */
    Consultation(HybridCall hybrid, Surroundings around, Ledger ledger, Runnable told) {
        this.hybrid = hybrid;
        this.model = hybrid.model();
        this.around = around;
        this.ledger = ledger;
        this.told = told;
    }

    /** What the witnesses said so far. */
    SignalValues heard() {
        return heard;
    }

    /** There is more of the draft: who judges openings may be asked once more. What was said of less does not make the score clear. */
    void again() {
        for (Signal signal : List.of(Signal.VERDICT, Signal.DECISION)) {
            if (heard.has(signal)) {
                earlier.set(signal, heard.get(signal));
                heard.forget(signal);
            }
        }
        asked.remove(Witness.VERDICT);
        asked.remove(Witness.DECISION);
    }

    /** Where nobody was asked once more, what was said of the opening stands: whether there is something of that. */
    boolean recalls() {
        boolean any = false;
        for (Map.Entry<Signal, Double> one : earlier.known().entrySet()) {
            if (!heard.has(one.getKey())) {
                heard.set(one.getKey(), one.getValue());
                any = true;
            }
        }
        return any;
    }

    /**
     * Who is to be heard before that verdict is followed; empty if it is clear, or if nobody is left who could say something. Whether a long draft is to be refined is
     * a question to the large model alone.
     *
     * @param threshold what its score was compared with
     * @param ended whether the draft is whole
     */
    Optional<Witness> next(Verdict verdict, double threshold, Draft judged, boolean ended) {
        boolean refining = verdict.reason() == Signal.LONG_DRAFT && !judged.cut();
        if (!(refining || verdict.undecided(threshold, model.config().undecided()))
                || !judged.toolArguments().isEmpty()
                || judged.text().isBlank()
                || time().compareTo(Duration.ZERO) <= 0) {
            return Optional.empty();
        }
        boolean again = model.hears(Witness.AGREEMENT)
                && !model.refines()
                && !asked.contains(Witness.AGREEMENT)
                && ended
                && Agreement.comparable(judged.text());
        if (again && LegCalls.asksOneThing(hybrid.call().request())) {
            return Optional.of(Witness.AGREEMENT);
        }
        if (model.hears(Witness.DECISION)
                && !asked.contains(Witness.DECISION)
                && around.loaded().ready(model.decisionModel())) {
            return Optional.of(Witness.DECISION);
        }
        VerdictMode mode = model.verdict();
        boolean may = mode == VerdictMode.ALWAYS
                || (mode == VerdictMode.AUTO && around.loaded().ready(model.escalation()));
        return may
                        && !asked.contains(Witness.VERDICT)
                        && LegCalls.asksOneThing(hybrid.call().request())
                ? Optional.of(Witness.VERDICT)
                : Optional.empty();
    }

    /** Asks that witness about what has come of the draft. */
    void ask(Witness witness, Leg drafting) {
        Call call = hybrid.call();
        draft = drafting.draft().text();
        asked.add(witness);
        legs.clear();
        if (witness == Witness.VERDICT) {
            add(Side.VERDICT, "verdict", model.escalation(), LegCalls.verdict(call, model, draft, drafting.finished()));
        } else if (witness == Witness.DECISION) {
            add(
                    Side.DECISION,
                    "decision",
                    model.decisionModel(),
                    LegCalls.decision(hybrid, draft, drafting.finished()));
        } else {
            long written = Math.max(drafting.usage().completionTokens(), drafting.pieces());
            int tokens = (int) Math.max(written, TokenEstimate.ofLength(draft)) + SPARE_TOKENS;
            for (int i = 0; i < model.config().samples(); i++) {
                add(Side.SAMPLE, "sample", model.draft(), LegCalls.sample(call, model, tokens));
            }
        }
        waiting = legs.size();
        limit = around.alarms().after(time(), this::close);
        List.copyOf(legs).forEach(leg -> leg.start(hybrid.next()));
    }

    /** As configured, but no longer than until the large model may not be asked any more. */
    private Duration time() {
        Duration most = model.config().witnessTime();
        long since = hybrid.call().timeline().since(around.clock().nanos());
        return model.config()
                .budget()
                .deadline()
                .map(deadline -> deadline.minusNanos(since))
                .filter(left -> left.compareTo(most) < 0)
                .orElse(most);
    }

    private void add(Side side, String role, String name, Call call) {
        Leg leg = new Leg(side, role, name, call, around.clock(), this);
        legs.add(leg);
        ledger.add(leg);
    }

    /** Nobody is waited for any more. */
    void end() {
        limit.off();
        waiting = 0;
        legs.forEach(Leg::cancel);
    }

    @Override
    public void frame(Leg leg, Frame frame) {
        leg.read(frame);
        if (leg.side() == Side.DECISION && leg.keptBytes() > DecisionQuestion.MOST_BYTES) {
            leg.cancel();
            ended(leg);
        }
    }

    @Override
    public void ended(Leg leg) {
        if (waiting > 0 && --waiting == 0) {
            close();
        }
    }

    private void close() {
        List<Leg> spoken =
                legs.stream().filter(leg -> leg.over() && leg.sound()).toList();
        end();
        Side side = legs.isEmpty() ? Side.SAMPLE : legs.get(0).side();
        Signal signal =
                side == Side.VERDICT ? Signal.VERDICT : side == Side.DECISION ? Signal.DECISION : Signal.DISAGREEMENT;
        OptionalDouble said = signal == Signal.DISAGREEMENT
                ? Agreement.differing(
                        draft,
                        spoken.stream()
                                .map(Leg::draft)
                                .filter(sample ->
                                        !sample.cut() && !sample.text().isBlank())
                                .map(Draft::text)
                                .toList())
                : spoken.isEmpty() ? OptionalDouble.empty() : wrong(spoken.get(0));
        if (said.isPresent()) {
            heard.set(signal, said.getAsDouble());
        } else if (earlier.has(signal)) {
            heard.set(signal, earlier.get(signal));
        }
        told.run();
    }

    private OptionalDouble wrong(Leg leg) {
        List<Frame> kept = leg.takeKept();
        return leg.side() == Side.DECISION
                ? model.decisionForm().wrong(Frame.join(kept).bytes())
                : VerdictQuestion.wrong(
                        leg.draft().text(), ModelOutput.read(kept).candidates());
    }
}
