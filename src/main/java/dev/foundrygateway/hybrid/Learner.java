package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.Loop.Alarm;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.ServerLoad;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.hybrid.HybridConfig.Teacher;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import dev.foundrygateway.hybrid.learn.Label;
import dev.foundrygateway.hybrid.learn.Notebook;
import dev.foundrygateway.hybrid.learn.Recent;
import dev.foundrygateway.hybrid.learn.Refit;
import dev.foundrygateway.openai.ModelOutput;
import dev.foundrygateway.openai.TokenEstimate;
import dev.foundrygateway.openai.sse.Usage;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Learns one virtual model's score from its own traffic. Drafts that were kept wait, in memory alone and bounded; while the large model's server is idle the large
 * model is asked about one after the other, and what it says becomes a label. Whoever else calls that server ends such a call. From the labels the score is fitted
 * anew, and taken where it is better.
 *
 * <p>What is offered to it may come from any thread; all else happens on the event loop of its alarms, files and fits on a worker.
 */
final class Learner implements Leg.Whole {
    /** A draft of more pieces than these is not read to its end. */
    static final int MOST_PIECES = 8_000;

    private static final Logger LOG = Logger.getLogger(Learner.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration WATCH = Duration.ofMillis(20);
    private static final int DRIFT_TICKS = 60;
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    /** A client's own, which no call of the program's may carry. */
    private static final List<String> NOT_OURS =
            List.of("traceparent", "tracestate", "authorization", "cookie", "x-api-key", "x-request-id");

    private static final int MOST_WAITING = 200;
    private static final long MOST_BYTES = 4L << 20;
    private static final int OPENING_CHARACTERS = 200;
    private static final double EVEN = 0.5;
    /** Tokens that another answer may have beyond twice the draft's: an answer that is cut can't be compared. */
    private static final int ROOM = 32;

    /** What it needs of the program around it, beside what every hybrid answer needs. */
    record Means(ServerLoad servers, Executor worker, Clock clock, DoubleSupplier chance) {}

    /** A draft that was kept, and what was asked; {@code price} is a guess at the tokens that asking about it costs, {@code since} when it came. */
    private record Waiting(
            Call call,
            ChatService next,
            String draft,
            SignalValues opening,
            SignalValues whole,
            long price,
            long bytes,
            long since) {}

    private final VirtualModel model;
    private final HybridConfig.Learn config;
    private final Surroundings around;
    private final Means means;
    private final Notebook notebook;
    private final Recent recent = new Recent();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final AtomicLong offered = new AtomicLong();
    private long waitingBytes;

    private Alarm alarm = Alarm.NONE;
    private volatile boolean closed;
    private volatile boolean learnt;
    private long begun;
    private long quietSince;
    private LocalDate day = LocalDate.EPOCH;
    private long spent;
    private long ticks;
    private @Nullable Leg shadow;
    private @Nullable Waiting shadowed;

    Learner(VirtualModel model, Surroundings around, Means means, Notebook notebook) {
        this.model = model;
        this.config = model.config().learn();
        this.around = around;
        this.means = means;
        this.notebook = notebook;
    }

    /** Takes up what was learnt before, and begins to look for idle time. */
    void start() {
        notebook.newest().ifPresent(this::use);
        day = today();
        spent = notebook.spentOn(day);
        quietSince = around.clock().nanos();
        begun = means.servers().of(model.escalation()).begun();
        alarm = around.alarms().after(TICK, this::tick);
    }

    /** Asks nobody any more. */
    void close() {
        closed = true;
        alarm.off();
        Leg running = shadow;
        if (running != null) {
            running.cancel();
        }
    }

    private void use(Refit.Learnt one) {
        model.use(one.calibration());
        learnt = true;
    }

    /** A draft, kept or not, got its score of these signals. */
    void judged(Stage stage, SignalValues values) {
        recent.add(stage, values);
    }

    /** Whether to hand in that call's draft when it has ended. One that the large model was heard about would teach that its word is kept to. */
    boolean wants(HybridCall hybrid, Consultation witnesses) {
        return !closed
                && !witnesses.heard().has(Signal.VERDICT)
                && LegCalls.asksOneThing(hybrid.call().request())
                && means.chance().getAsDouble() < config.sample();
    }

    /** A draft has become the answer, whole. */
    void kept(HybridCall hybrid, Draft draft, SignalValues heard) {
        boolean teachable = config.label() == Teacher.VERDICT
                || (Agreement.comparable(draft.text())
                        && !draft.cut()
                        && !LegCalls.hasForm(hybrid.call().request()));
        if (!teachable || draft.text().isBlank() || !draft.toolArguments().isEmpty()) {
            return;
        }
        Prompt prompt = hybrid.prompt();
        String text = draft.text();
        Call call = own(hybrid.call());
        Waiting one = new Waiting(
                call,
                hybrid.next(),
                text,
                DraftSignals.read(prompt, draft.opening(OPENING_CHARACTERS), text.length() <= OPENING_CHARACTERS),
                DraftSignals.read(prompt, draft, true).with(heard),
                prompt.tokens() + TokenEstimate.ofLength(text) + room(text),
                call.request().bytes().length() + 2L * text.length(),
                around.clock().nanos());
        if (one.price() > config.tokensPerDay() || one.bytes() > MOST_BYTES) {
            return;
        }
        synchronized (waiting) {
            waiting.addLast(one);
            waitingBytes += one.bytes();
            drop();
        }
    }

    /** How many tokens the large model may write about a draft. */
    private int room(String draft) {
        int thinking = VerdictQuestion.thinks(model.escalation()) ? VirtualModel.THINKING_TOKENS : 0;
        return config.label() == Teacher.VERDICT
                ? model.verdictTokens()
                : (int) TokenEstimate.ofLength(draft) * 2 + ROOM + thinking;
    }

    private void drop() {
        while (waiting.size() > MOST_WAITING || waitingBytes > MOST_BYTES) {
            waitingBytes -= waiting.removeFirst().bytes();
        }
    }

    private void tick() {
        if (closed) {
            return;
        }
        drift();
        long now = around.clock().nanos();
        ServerLoad.Load load = means.servers().of(model.escalation());
        if (load.open() > 0 || load.begun() != begun) {
            busy(load, now);
        }
        boolean idle = now - quietSince >= config.idle().toNanos();
        Optional<Waiting> next = idle && around.loaded().ready(model.escalation()) ? next() : Optional.empty();
        if (next.isPresent()) {
            ask(next.get());
        } else {
            alarm = around.alarms().after(TICK, this::tick);
        }
    }

    private void busy(ServerLoad.Load load, long now) {
        begun = load.begun();
        quietSince = now;
    }

    private void drift() {
        if (learnt && ticks++ % DRIFT_TICKS == 0) {
            recent.drift(model.policy().calibration())
                    .ifPresent(index -> around.observer().observe(new Observation.Drift(model.name(), index)));
        }
    }

    /** The newest draft that the day's budget has room for. */
    private Optional<Waiting> next() {
        if (!day.equals(today())) {
            day = today();
            spent = 0;
        }
        synchronized (waiting) {
            dropOld();
            Waiting last = waiting.peekLast();
            if (last == null || spent + last.price() > config.tokensPerDay()) {
                return Optional.empty();
            }
            waitingBytes -= last.bytes();
            waiting.removeLast();
            return Optional.of(last);
        }
    }

    private void dropOld() {
        long now = around.clock().nanos();
        waiting.removeIf(one -> {
            boolean old = now - one.since() > LONGEST_WAIT.toNanos();
            waitingBytes -= old ? one.bytes() : 0;
            return old;
        });
    }

    private LocalDate today() {
        return LocalDate.ofInstant(means.clock().instant(), ZoneOffset.UTC);
    }

    private void ask(Waiting one) {
        Call call;
        try {
            call = question(one);
        } catch (RuntimeException e) {
            LOG.warnf(e, "hybrid model %s: a draft can't be asked about", model.name());
            done("failed", 0);
            return;
        }
        Leg leg = new Leg(Side.VERDICT, "shadow", model.escalation(), call, around.clock(), this);
        shadow = leg;
        shadowed = one;
        alarm = around.alarms().after(WATCH, this::watch);
        leg.start(one.next());
    }

    private Call question(Waiting one) {
        Call own = one.call().at(Timeline.arrivedAt(around.clock().nanos()));
        return config.label() == Teacher.VERDICT
                ? LegCalls.verdict(own, model, one.draft(), true)
                : LegCalls.comparison(own, model, room(one.draft()));
    }

    /** Nobody's call: no key is charged with it, no trace has it, and it keeps nothing of the exchange but the request. */
    private Call own(Call call) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(call.headers());
        NOT_OURS.forEach(headers::remove);
        return new Call(
                call.operation(),
                call.payload(),
                call.options(),
                headers,
                Timeline.NONE,
                Caller.program("learn-" + model.name() + "-" + offered.incrementAndGet()),
                Optional.empty(),
                Optional.empty(),
                "");
    }

    /** Looks whether anybody else calls that server meanwhile. */
    private void watch() {
        Waiting one = shadowed;
        Leg leg = shadow;
        if (leg == null || one == null) {
            return;
        }
        ServerLoad.Load load = means.servers().of(model.escalation());
        if (load.open() <= 1 && load.begun() <= begun + 1) {
            alarm = around.alarms().after(WATCH, this::watch);
            return;
        }
        leg.cancel();
        synchronized (waiting) {
            waiting.addLast(one);
            waitingBytes += one.bytes();
            drop();
        }
        done("cancelled", one.price());
        quietSince = around.clock().nanos();
    }

    private void done(String outcome, long tokens) {
        shadow = null;
        shadowed = null;
        spent += tokens;
        LocalDate of = day;
        long all = spent;
        means.worker().execute(() -> notebook.spent(of, all));
        around.observer().observe(new Observation.Shadow(model.name(), outcome, tokens));
        alarm.off();
        ServerLoad.Load load = means.servers().of(model.escalation());
        if (load.begun() > begun + 1) {
            busy(load, around.clock().nanos());
        }
        begun = load.begun();
        if (!closed) {
            alarm = around.alarms().after(TICK, this::tick);
        }
    }

    @Override
    public void ended(Leg leg) {
        Waiting one = shadowed;
        if (leg != shadow || one == null) {
            return;
        }
        Usage usage = leg.usage();
        long tokens = usage.promptTokens() + usage.completionTokens();
        if (!leg.sound()) {
            done("failed", tokens);
            // Not again at once: the server is not well.
            quietSince = around.clock().nanos();
            return;
        }
        OptionalDouble said = said(leg, one);
        done(said.isPresent() ? "labelled" : "unread", tokens);
        said.ifPresent(wrong -> around.observer().observe(new Observation.Labelled(model.name(), wrong > EVEN)));
        said.ifPresent(wrong -> means.worker()
                .execute(() -> note(new Label(means.clock().millis(), wrong, tokens, one.opening(), one.whole()))));
    }

    private OptionalDouble said(Leg leg, Waiting one) {
        String answer = leg.draft().text();
        if (config.label() == Teacher.AGREEMENT) {
            boolean compares = !answer.isBlank() && !leg.draft().cut();
            return compares ? Agreement.differing(one.draft(), List.of(answer)) : OptionalDouble.empty();
        }
        OptionalDouble wrong =
                VerdictQuestion.wrong(answer, ModelOutput.read(leg.takeKept()).candidates());
        return wrong.isPresent() && wrong.getAsDouble() != EVEN ? wrong : OptionalDouble.empty();
    }

    /** On a worker. */
    private void note(Label label) {
        try {
            if (notebook.add(label)) {
                refit(label.millis());
            }
        } catch (IOException e) {
            LOG.warnf("hybrid model %s: a label can't be kept, and is lost: %s", model.name(), e);
        } catch (RuntimeException e) {
            LOG.errorf(e, "hybrid model %s: the score can't be fitted", model.name());
            around.observer().observe(new Observation.Refit(model.name(), "refused"));
        }
    }

    private void refit(long millis) throws IOException {
        List<Label> labels = notebook.read();
        Optional<Refit.Learnt> present = notebook.newest();
        Optional<Refit.Learnt> better = Refit.of(labels, model.calibration(), present, millis)
                .map(fitted -> new Refit.Learnt(recent.quantiles(fitted), millis));
        Optional<Refit.Learnt> other =
                better.or(() -> present.flatMap(one -> Refit.back(labels, model.calibration(), one))
                        .map(back -> new Refit.Learnt(back, millis)));
        if (other.isPresent()) {
            notebook.keep(other.get());
            use(other.get());
        }
        String outcome = better.isPresent() ? "accepted" : other.isPresent() ? "revoked" : "refused";
        LOG.infof("hybrid model %s: the score fitted to %d labels is %s", model.name(), labels.size(), outcome);
        around.observer().observe(new Observation.Refit(model.name(), outcome));
    }
}
