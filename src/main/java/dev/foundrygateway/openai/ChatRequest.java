package dev.foundrygateway.openai;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An immutable view over the bytes of a JSON request: of a chat request, and of the other model calls as far as their members agree. Made by one walk
 * over the top level that skips what lies deeper; edits splice bytes and leave the rest as it came, unknown members included.
 */
public final class ChatRequest {
    /**
     * Reads the top level.
     *
     * @throws IllegalArgumentException when the bytes are no JSON object; the message says where, and quotes nothing of the text
     */
    public static ChatRequest parse(Buffer bytes) {
        throw new UnsupportedOperationException();
    }

    private ChatRequest() {}

    /** The bytes to send: those that came if nothing was edited (the very same buffer). */
    public Buffer bytes() {
        throw new UnsupportedOperationException();
    }

    /** The {@code model}; empty if absent or no string. */
    public String model() {
        throw new UnsupportedOperationException();
    }

    /** Whether {@code stream} is the literal {@code true}. */
    public boolean streaming() {
        throw new UnsupportedOperationException();
    }

    /** Whether {@code stream_options.include_usage} is the literal {@code true}. */
    public boolean wantsUsage() {
        throw new UnsupportedOperationException();
    }

    /** {@code max_completion_tokens}, else {@code max_tokens}; empty if neither is a whole number. */
    public OptionalLong maxTokens() {
        throw new UnsupportedOperationException();
    }

    /** The text of the last message whose role is {@code user}: its string, or its text parts joined by line breaks; empty if none. */
    public String lastUserText() {
        throw new UnsupportedOperationException();
    }

    /** The member's value as it stands in the bytes, empty if the member is absent. The last one counts where a name comes twice. */
    public Optional<String> member(String name) {
        throw new UnsupportedOperationException();
    }

    /** The same request for another model. */
    public ChatRequest withModel(String model) {
        throw new UnsupportedOperationException();
    }

    /** The same request with {@code stream_options.include_usage} true; other stream options are kept. */
    public ChatRequest withUsage() {
        throw new UnsupportedOperationException();
    }

    /** The same request with this top-level member set to the JSON given, replacing every occurrence or added at the end. */
    public ChatRequest withMember(String name, String json) {
        throw new UnsupportedOperationException();
    }

    /** The same request without that top-level member; this very request if it has none. */
    public ChatRequest withoutMember(String name) {
        throw new UnsupportedOperationException();
    }
}
