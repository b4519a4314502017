package dev.foundrygateway.it;

import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A finished stream of chat chunks, read simply since it is whole: the data of each event in order.
 *
 * @param events the data of each event, {@code [DONE]} included; comments are left out
 */
record ServerSentEvents(List<String> events) {
    static final String DONE = "[DONE]";

    static ServerSentEvents of(String body) {
        return new ServerSentEvents(body.lines()
                .filter(line -> line.startsWith("data:"))
                .map(line -> line.substring("data:".length()).strip())
                .toList());
    }

    /** The chunks, without {@code [DONE]}. */
    List<JsonPath> chunks() {
        return events.stream()
                .filter(data -> !data.equals(DONE))
                .map(JsonPath::from)
                .toList();
    }

    /** All the text that the chunks carry. */
    String text() {
        return chunks().stream()
                .flatMap(chunk -> chunk.<String>getList("choices.delta.content").stream())
                .filter(Objects::nonNull)
                .collect(Collectors.joining());
    }

    /** Every finish reason, in order: one in a stream that ended well. */
    List<String> finishReasons() {
        return chunks().stream()
                .flatMap(chunk -> chunk.<String>getList("choices.finish_reason").stream())
                .filter(Objects::nonNull)
                .toList();
    }

    /** The total of the last usage that the stream tells; 0 if it tells none. */
    int totalTokens() {
        return chunks().stream()
                .map(chunk -> chunk.<Integer>get("usage.total_tokens"))
                .filter(Objects::nonNull)
                .reduce(0, (earlier, later) -> later);
    }

    /** Whether the stream ends with {@code [DONE]}. */
    boolean isDone() {
        return !events.isEmpty() && events.get(events.size() - 1).equals(DONE);
    }
}
