package dev.foundrygateway.practice;

import java.util.ArrayList;
import java.util.List;

/**
 * What a practice model says: always the same to the same question, and plainly no model's words.
 *
 * @param tokens its tokens; joined they are the text
 * @param finishReason {@code stop}, or {@code length} where the request's limit cut it
 * @param promptTokens about how many tokens the request had
 */
record PracticeAnswer(List<String> tokens, String finishReason, int promptTokens) {
    private static final int HEARD_CHARACTERS = 80;
    private static final List<String> PADDING = List.of(
            "Start Foundry Local to hear a real answer.",
            "These sentences only give the answer its length.",
            "They come word by word at a set pace.",
            "No weights were used and nothing was computed.",
            "The same question always gets these same words.");

    static PracticeAnswer to(ModelCall call, PracticeModel model) {
        List<String> tokens = Tokens.split(stopped(sentences(call.lastUserText(), model), call.stops()));
        long limit = call.maxTokens().orElse(Long.MAX_VALUE);
        return tokens.size() > limit
                ? new PracticeAnswer(List.copyOf(tokens.subList(0, (int) limit)), "length", call.promptTokens())
                : new PracticeAnswer(List.copyOf(tokens), "stop", call.promptTokens());
    }

    String text() {
        return String.join("", tokens);
    }

    boolean cut() {
        return finishReason.equals("length");
    }

    int totalTokens() {
        return promptTokens + tokens.size();
    }

    private static String sentences(String userText, PracticeModel model) {
        List<String> sentences = new ArrayList<>();
        sentences.add("This is the practice upstream of Foundry Gateway, not a model. " + model.id() + " heard: "
                + (userText.isBlank() ? "nothing." : heard(userText)));
        int length = Tokens.split(sentences.get(0)).size();
        for (int i = 0; length < model.answerTokens(); i++) {
            String padding = PADDING.get(i % PADDING.size());
            sentences.add(padding);
            length += Tokens.split(padding).size();
        }
        return String.join(" ", sentences);
    }

    private static String heard(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        if (line.codePointCount(0, line.length()) > HEARD_CHARACTERS) {
            return line.substring(0, line.offsetByCodePoints(0, HEARD_CHARACTERS)) + "…";
        }
        return line.matches(".*\\p{Punct}") ? line : line + ".";
    }

    private static String stopped(String text, List<String> stops) {
        int end = text.length();
        for (String stop : stops) {
            int at = stop.isEmpty() ? -1 : text.indexOf(stop);
            end = at < 0 ? end : Math.min(end, at);
        }
        return text.substring(0, end);
    }
}
