package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.Retrieved;
import dev.foundrygateway.openai.ChatMessage;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.GatewayOptions;
import dev.foundrygateway.openai.TokenEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * What a call asks of a virtual model.
 *
 * @param prompt what the policy looks at
 * @param escalate "auto", "never" or "always"
 */
record PromptReader(Prompt prompt, String escalate) {
    /** Reads it out of the call. */
    static PromptReader read(Call call, VirtualModel model, ModelFacts facts) {
        GatewayOptions options = call.options();
        ChatRequest request = call.request();
        List<String> earlier = new ArrayList<>();
        StringJoiner all = new StringJoiner("\n");
        for (ChatMessage message : request.conversation()) {
            all.add(message.text());
            if (message.role().equals("user")) {
                earlier.add(message.text());
            }
        }
        String last = earlier.isEmpty() ? "" : earlier.remove(earlier.size() - 1);
        // Where sources stand around the question now, they are not what was asked.
        String question = call.retrieved().map(Retrieved::question).orElse(last);
        String conversation = all.toString();
        return new PromptReader(
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
                options.escalate().isEmpty() ? "auto" : options.escalate());
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
}
