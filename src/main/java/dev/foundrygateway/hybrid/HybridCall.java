package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.exchange.Retrieved;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import dev.foundrygateway.openai.ChatMessage;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.GatewayOptions;
import dev.foundrygateway.openai.TokenEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.StringJoiner;

/**
 * One call for a virtual model, with what was read from it.
 *
 * @param call the client's call
 * @param next where both models' calls go
 * @param model the virtual model it names
 * @param share the share of escalations that it counts against
 * @param prompt what the policy looks at
 * @param escalate the client's wish: "auto", "never" or "always"
 * @param conversation whose turn it is; of nobody where that does not matter to the model
 */
record HybridCall(
        Call call,
        ChatService next,
        VirtualModel model,
        Share share,
        Prompt prompt,
        String escalate,
        Stickiness.Conversation conversation) {
    /** Reads it out of the client's call. */
    static HybridCall read(Call call, ChatService next, VirtualModel model, Share share, ModelFacts facts) {
        GatewayOptions options = call.options();
        ChatRequest request = call.request();
        List<String> earlier = new ArrayList<>();
        StringJoiner all = new StringJoiner("\n");
        List<ChatMessage> messages = request.conversation();
        for (ChatMessage message : messages) {
            all.add(message.text());
            if (message.role().equals("user")) {
                earlier.add(message.text());
            }
        }
        String last = earlier.isEmpty() ? "" : earlier.remove(earlier.size() - 1);
        // Where sources stand around the question now, they are not what was asked.
        String question = call.retrieved().map(Retrieved::question).orElse(last);
        String conversation = all.toString();
        return new HybridCall(
                call,
                next,
                model,
                share,
                new Prompt(
                        question,
                        earlier,
                        options.priority().equals("high"),
                        model.flagged(question),
                        request.member("response_format")
                                .filter(format -> format.contains("json"))
                                .isPresent(),
                        TokenEstimate.ofLength(conversation),
                        facts.of(model.draft()).contextLength(),
                        request.maxTokens().isPresent(),
                        sources(call, options, conversation),
                        call.retrieved().stream()
                                .mapToDouble(Retrieved::support)
                                .findFirst(),
                        model.config().minCharacters()),
                options.escalate().isEmpty() ? "auto" : options.escalate(),
                model.stickiness().isPresent()
                        ? Stickiness.Conversation.of(call.caller().key(), messages, question)
                        : Stickiness.Conversation.NONE);
    }

    /** Whether the client wants the draft whatever it says. */
    boolean draftWanted() {
        return escalate.equals("never");
    }

    /** Whether the client wants the large model's answer. */
    boolean largeWanted() {
        return escalate.equals("always");
    }

    /** The documents of the request itself; if retrieval took part, what it put into the prompt. */
    private static String sources(Call call, GatewayOptions options, String conversation) {
        if (call.retrieved().isPresent()) {
            return call.retrieved().get().given() ? conversation : "";
        }
        if (!options.documents().isEmpty()) {
            StringJoiner texts = new StringJoiner("\n");
            options.documents().forEach(document -> texts.add(document.text()));
            return texts.toString();
        }
        return "";
    }

    /** Whether to ask the large model without a draft: by the client's wish, or by the policy. Refine mode has a draft in any case. */
    Verdict before() {
        if (model.refines()) {
            return new Verdict.Keep(Signal.CONFIDENT, OptionalDouble.empty());
        }
        return largeWanted() ? requested() : model.policy().before(prompt, share.threshold(Stage.BEFORE));
    }

    /**
     * Whether to ask it now that so much of the draft is there, or first a witness. The share and the metrics learn of the score by which it is decided.
     *
     * @param affordable whether the large model may be asked now, so that it is worth hearing witnesses
     * @param again whether an opening that is good enough is to be judged once more later
     * @param last who answered the conversation's turn before; empty if that does not count
     */
    Verdict judge(
            Leg leg,
            Consultation witnesses,
            boolean affordable,
            boolean again,
            Optional<Side> last,
            Observer observer) {
        Stage stage = leg.finished() ? Stage.WHOLE : Stage.OPENING;
        double threshold = share.threshold(stage);
        Draft draft = leg.draft();
        boolean refines = model.refines();
        SignalValues values = refines
                ? witnesses.heard()
                : DraftSignals.read(prompt, draft, stage == Stage.WHOLE).with(witnesses.heard());
        Verdict verdict = refines ? refine(draft, values) : model.policy().judge(stage, values, threshold);
        boolean worth = affordable && share.earned();
        if (worth) {
            Optional<Witness> witness = witnesses.next(verdict, threshold, draft, stage == Stage.WHOLE);
            if (witness.isPresent()) {
                return new Verdict.Ask(witness.get(), verdict.score());
            }
        }
        if (witnesses.recalls()) {
            return judge(leg, witnesses, affordable, again, last, observer);
        }
        Verdict preferred = last.flatMap(side -> model.stickiness().map(one -> one.prefer(verdict, threshold, side)))
                .orElse(verdict);
        Verdict decided = worth || preferred instanceof Verdict.Keep ? preferred : verdict;
        if (again && stage == Stage.OPENING && decided instanceof Verdict.Keep) {
            return new Verdict.HoldOn(decided.score());
        }
        verdict.score().ifPresent(value -> {
            // Whether to refine is no score of the draft.
            if (!refines) {
                share.scored(stage, value);
                observer.observe(new Observation.Score(value));
                model.learner().ifPresent(learner -> learner.judged(stage, values));
            }
        });
        return decided;
    }

    private Verdict refine(Draft draft, SignalValues heard) {
        return largeWanted() ? requested() : model.refining().atEnd(prompt, draft, heard);
    }

    private static Verdict requested() {
        return new Verdict.Escalate(Signal.REQUESTED, OptionalDouble.empty());
    }
}
