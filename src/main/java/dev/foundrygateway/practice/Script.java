package dev.foundrygateway.practice;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What the practice upstream does with one request: an immutable list of steps. Each method gives a new script with one step more; the same script
 * may be played for many requests at once.
 *
 * <p>A step begins when the one before is done, and a write is done when the socket has taken its bytes, so a client that does not read holds its
 * script up. A script that runs out of steps ends the reply as {@link #end()} does.
 */
public final class Script {
    private static final Script EMPTY = new Script(List.of());

    private final List<Step> steps;

    private Script(List<Step> steps) {
        this.steps = steps;
    }

    /** A script without steps, to add to. */
    public static Script start() {
        return EMPTY;
    }

    List<Step> steps() {
        return steps;
    }

    /**
     * Sends status and headers. The body is chunked unless a {@code Content-Length} is among the headers, which may be false: then the body that
     * follows may fall short of it.
     *
     * @param headers names and values in turn; a name may come twice
     */
    public Script head(int status, String... headers) {
        List<Map.Entry<String, String>> pairs = pairs(headers);
        return then(player -> player.head(status, pairs));
    }

    /** The head of a stream of server-sent events, status 200, with headers more. */
    public Script stream(String... headers) {
        return head(
                200, joined(new String[] {"Content-Type", "text/event-stream", "Cache-Control", "no-cache"}, headers));
    }

    /** A whole reply: head, a JSON body of known length, end. */
    public Script json(int status, String body, String... headers) {
        return whole(status, "application/json", body, headers);
    }

    /** A whole reply: head, a plain text of known length, end. */
    public Script text(int status, String body, String... headers) {
        return whole(status, "text/plain", body, headers);
    }

    private Script whole(int status, String contentType, String body, String... headers) {
        return sized(status, body, joined(new String[] {"Content-Type", contentType}, headers));
    }

    /** A whole reply with these headers and the body's length. */
    Script sized(int status, String body, String... headers) {
        Buffer bytes = Buffer.buffer(body);
        String[] length = {"Content-Length", Integer.toString(bytes.length())};
        return head(status, joined(length, headers)).bytes(bytes).end();
    }

    /** Writes these bytes at once (in a chunked body: as one chunk). */
    public Script bytes(Buffer bytes) {
        Buffer copy = bytes.copy();
        return then(player -> player.write(copy));
    }

    /** Writes this text at once, in UTF-8. */
    public Script bytes(String text) {
        return bytes(Buffer.buffer(text));
    }

    /** Writes this text in UTF-8 in pieces of so many bytes, each by a write of its own; characters may be cut. */
    public Script pieces(String text, int size) {
        Buffer bytes = Buffer.buffer(text);
        List<Step> writes = new ArrayList<>();
        for (int from = 0; from < bytes.length(); from += size) {
            Buffer piece = bytes.getBuffer(from, Math.min(bytes.length(), from + size));
            writes.add(player -> player.write(piece));
        }
        return thenAll(writes);
    }

    /** Writes one server-sent event: {@code data: } and this, and the blank line. */
    public Script event(String json) {
        return bytes(eventText(json));
    }

    /** The text of one server-sent event with this data. */
    static String eventText(String data) {
        return "data: " + data + "\n\n";
    }

    /** Writes one server-sent comment, as keep-alives are. */
    public Script comment(String text) {
        return bytes(": " + text + "\n\n");
    }

    /** Writes {@code data: [DONE]}. */
    public Script done() {
        return event("[DONE]");
    }

    /** Waits. A delay of zero is no step at all; less than a millisecond counts as one. */
    public Script delay(Duration delay) {
        if (delay.isZero()) {
            return this;
        }
        long millis = Math.max(1, delay.toMillis());
        return then(player -> player.delay(millis));
    }

    /** Waits for the gate; goes on when it completes, be it exceptionally. */
    public Script await(CompletionStage<?> gate) {
        return then(player -> player.await(gate));
    }

    /** Completes {@link ReceivedRequest#reached(String)} of this label: all steps before are done. */
    public Script mark(String label) {
        return then(player -> player.mark(label));
    }

    /** Does nothing any more, and keeps the connection open. */
    public Script stall() {
        return then(ScriptPlayer::stall);
    }

    /** Resets the connection (TCP RST): the client sees an error, not an end. */
    public Script reset() {
        return then(ScriptPlayer::reset);
    }

    /** Ends the reply properly: with the last chunk where the body is chunked. */
    public Script end() {
        return then(ScriptPlayer::end);
    }

    /** Closes the connection in an orderly way (TCP FIN) in the middle of the reply: without the last chunk, or short of its length. */
    public Script endWithoutTerminator() {
        return then(ScriptPlayer::cut);
    }

    private Script then(Step step) {
        return thenAll(List.of(step));
    }

    public Script then(Script next) {
        return thenAll(next.steps);
    }

    /** The steps of these scripts one after the other. For long ones: adding step by step copies those before each time. */
    static Script sequence(List<Script> scripts) {
        return new Script(
                scripts.stream().flatMap(script -> script.steps.stream()).toList());
    }

    private Script thenAll(List<Step> more) {
        List<Step> all = new ArrayList<>(steps.size() + more.size());
        all.addAll(steps);
        all.addAll(more);
        return new Script(List.copyOf(all));
    }

    private static List<Map.Entry<String, String>> pairs(String... headers) {
        if (headers.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "headers: names and values in turn, but " + headers.length + " were given");
        }
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        for (int i = 0; i < headers.length; i += 2) {
            pairs.add(Map.entry(headers[i], headers[i + 1]));
        }
        return List.copyOf(pairs);
    }

    /** Names and values, and then those. */
    static String[] joined(String[] first, String... second) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(second));
        return all.toArray(String[]::new);
    }

    /** One step of a {@link Script}: does something through the player and tells it, at once or later, to {@link ScriptPlayer#resume() resume}. */
    @FunctionalInterface
    interface Step {
        /** Runs on the connection's event loop. */
        void play(ScriptPlayer player);
    }
}
