package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the model has written, as far as some frames of a reply show it. For drafts that are judged before they leave; a reply that nobody judges is never
 * read this way.
 *
 * @param text the first choice's content
 * @param toolArguments each tool call's arguments, as far as they have come
 * @param logprobs the log-probabilities of the tokens written, in order; empty where the upstream gives none
 * @param candidates what could have been the first token, with the log-probabilities; empty where the upstream gives none
 */
public record ModelOutput(
        String text, List<String> toolArguments, List<Double> logprobs, Map<String, Double> candidates) {
    /** Reads the first choice's output out of whole events or a plain reply. What cannot be read counts as nothing. */
    public static ModelOutput read(List<Frame> frames) {
        StringBuilder text = new StringBuilder();
        GatheredCalls calls = new GatheredCalls();
        List<Double> logprobs = new ArrayList<>();
        Map<String, Double> candidates = new LinkedHashMap<>();
        for (Frame frame : frames) {
            for (StreamEvent event : frame.events()) {
                if (event.kind() == StreamEvent.Kind.CHUNK && event.to() > event.from()) {
                    ReplyDocument.of(frame, event).ifPresent(document -> {
                        text.append(document.text());
                        calls.add(document.toolCalls());
                        document.readLogprobs(logprobs);
                        if (candidates.isEmpty()) {
                            document.readCandidates(candidates);
                        }
                    });
                }
            }
        }
        return new ModelOutput(text.toString(), calls.arguments(), List.copyOf(logprobs), candidates);
    }

    /** Whether a text is one JSON object or array. */
    public static boolean isJsonDocument(String text) {
        return Json.parse(text)
                .filter(json -> json.isObject() || json.isArray())
                .isPresent();
    }

    /** Whether a text is one JSON object, as a tool call's arguments must be. */
    public static boolean isJsonObject(String text) {
        return Json.parse(text).filter(Json::isObject).isPresent();
    }
}
