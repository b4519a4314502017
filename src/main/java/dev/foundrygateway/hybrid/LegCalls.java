package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.openai.ChatMessage;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.DecisionQuestion;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalDouble;

/** What the two models are asked. */
final class LegCalls {
    private static final List<String> FOR_READERS =
            List.of("stream", "stream_options", "n", "logprobs", "top_logprobs", "seed", "min_tokens");

    /** The form of the client's own answer, which is not the one of a word about it. */
    private static final List<String> FORMS = List.of(
            "response_format",
            "grammar",
            "json_schema",
            "structured_outputs",
            "guided_json",
            "guided_regex",
            "guided_choice",
            "guided_grammar",
            "stop",
            "logit_bias");

    private static final List<String> LIMITS = List.of("max_completion_tokens", "max_tokens", "n_predict");

    private LegCalls() {}

    /** The question to the small model; in refine mode with its own limit. */
    static Call draft(Call call, VirtualModel model) {
        ChatRequest request = call.request().withModel(model.draft());
        if (asksLogprobs(call, model)) {
            request = request.withMember("logprobs", "true");
        }
        return call.with(model.refines() ? bounded(request, model.draftTokens(), model.draftTemperature()) : request);
    }

    /** Whether log-probabilities are asked for that the client did not ask for. */
    static boolean asksLogprobs(Call call, VirtualModel model) {
        return model.logprobs() && call.request().member("logprobs").isEmpty();
    }

    /** The client's own question to the large model. */
    static Call escalation(Call call, VirtualModel model) {
        return call.with(call.request().withModel(model.escalation()));
    }

    /** The draft to the large model, to be refined. */
    static Call refinement(Call call, VirtualModel model, String question, String draft) {
        ChatRequest request = call.request()
                .withModel(model.escalation())
                .withUserMessage(fill(model.refinePrompt(), question, draft));
        request = request.withoutTools();
        return call.with(bounded(request, model.refineTokens(), model.refineTemperature()));
    }

    /** The question about the draft to the large model, behind the client's own; as few tokens as it needs. */
    static Call verdict(Call call, VirtualModel model, String draft, boolean whole) {
        ChatRequest request = without(unread(call.request()), FORMS)
                .withoutTools()
                .withModel(model.escalation())
                .withContext("", "", VerdictQuestion.text(draft, whole));
        if (model.config().verdictLogprobs()) {
            request = request.withMember("logprobs", "true").withMember("top_logprobs", "10");
        }
        if (VerdictQuestion.takesEffort(model.escalation())) {
            request = request.withMember("reasoning_effort", "\"low\"");
        }
        return call.with(limited(request, model.verdictTokens(), OptionalDouble.of(0)));
    }

    /** The question about the draft to the decision model. */
    static Call decision(HybridCall hybrid, String draft, boolean whole) {
        VirtualModel model = hybrid.model();
        Operation operation =
                model.decisionForm() == DecisionQuestion.SYSTEM_ONE ? Operation.SYSTEM_ONE : Operation.DECISIONS;
        return hybrid.call()
                .asking(
                        operation,
                        model.decisionForm()
                                .request(model.decisionModel(), hybrid.prompt().text(), draft, whole));
    }

    /** The client's own question to the large model, for an answer that is as short as the draft. */
    static Call comparison(Call call, VirtualModel model, int tokens) {
        ChatRequest request = unread(call.request()).withoutTools().withModel(model.escalation());
        return call.with(limited(request, tokens, OptionalDouble.of(0)));
    }

    /** Whether the answer has a form that another one could only be asked for again, and not be compared in. */
    static boolean hasForm(ChatRequest request) {
        return FORMS.stream()
                .filter(form -> !form.equals("stop") && !form.equals("logit_bias"))
                .anyMatch(form -> request.member(form)
                        .filter(value -> !form.equals("response_format") || value.contains("json"))
                        .isPresent());
    }

    /** Whether one answer to the user's last word is asked for: a model could not be asked about another. */
    static boolean asksOneThing(ChatRequest request) {
        List<ChatMessage> messages = request.conversation();
        return request.answers() == 1
                && !messages.isEmpty()
                && messages.get(messages.size() - 1).role().equals("user");
    }

    /** The client's question to the small model once more, for an answer that is as short as the draft. */
    static Call sample(Call call, VirtualModel model, int tokens) {
        int thinking = VerdictQuestion.thinks(model.draft()) ? VirtualModel.THINKING_TOKENS : 0;
        return call.with(bounded(
                unread(call.request()).withModel(model.draft()),
                tokens + thinking,
                OptionalDouble.of(model.config().sampleTemperature())));
    }

    /** A request whose answer no client reads: plain, one choice, and by chance. */
    private static ChatRequest unread(ChatRequest request) {
        return without(request, FOR_READERS);
    }

    private static ChatRequest without(ChatRequest request, List<String> members) {
        ChatRequest less = request;
        for (String member : members) {
            less = less.withoutMember(member);
        }
        return less;
    }

    /** In one pass, so that a draft with {@code {question}} in it stays as it is. */
    private static String fill(String template, String question, String draft) {
        StringBuilder prompt = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            if (template.startsWith("{draft}", at)) {
                prompt.append(draft);
                at += "{draft}".length();
            } else if (template.startsWith("{question}", at)) {
                prompt.append(question);
                at += "{question}".length();
            } else {
                prompt.append(template.charAt(at++));
            }
        }
        return prompt.toString();
    }

    /** A smaller limit of the client's own stays. */
    private static ChatRequest bounded(ChatRequest request, int tokens, OptionalDouble temperature) {
        return limited(request, Math.min(tokens, request.maxTokens().orElse(tokens)), temperature);
    }

    /** The limit stands under every name that the client used: servers read this one or that. */
    private static ChatRequest limited(ChatRequest request, long tokens, OptionalDouble temperature) {
        ChatRequest limited = request;
        for (String name : LIMITS) {
            if (request.member(name).isPresent()) {
                limited = limited.withMember(name, Long.toString(tokens));
            }
        }
        if (request.member("max_completion_tokens").isEmpty()) {
            limited = limited.withMember("max_tokens", Long.toString(tokens));
        }
        return temperature.isEmpty()
                ? limited
                : limited.withMember(
                        "temperature",
                        BigDecimal.valueOf(temperature.getAsDouble()).toPlainString());
    }
}
