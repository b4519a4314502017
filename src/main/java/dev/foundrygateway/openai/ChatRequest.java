package dev.foundrygateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.foundrygateway.openai.json.ByteSearch;
import dev.foundrygateway.openai.json.FullParse;
import dev.foundrygateway.openai.json.HeapBytes;
import dev.foundrygateway.openai.json.JsonCursor;
import dev.foundrygateway.openai.json.JsonString;
import dev.foundrygateway.openai.json.Slice;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * An immutable view over the bytes of a JSON request: of a chat request, and of the other model calls as far as their members agree. Made by one walk
 * over the top level that skips what lies deeper; edits splice bytes and leave the rest as it came, unknown members included. Edits only note what to
 * splice, so a chain of them copies the text once, when the bytes are asked for. Thread-safe as long as nobody changes the buffer.
 */
public final class ChatRequest {
    private static final byte[] TRUE = "true".getBytes(UTF_8);
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,18}");
    private static final int MAX_NUMBER_LENGTH = 19;
    private static final Buffer NOT_SPLICED = Buffer.buffer();

    /** The text that came: what stands before the first member and after the last is sent from it. */
    private final Slice head;

    private final Slice tail;
    private final List<RequestMember> members;
    private volatile Buffer bytes;

    private ChatRequest(Slice head, List<RequestMember> members, Slice tail, Buffer bytes) {
        this.head = head;
        this.members = members;
        this.tail = tail;
        this.bytes = bytes;
    }

    /**
     * Reads the top level.
     *
     * @throws IllegalArgumentException when the bytes are no JSON object; the message says where, and quotes nothing of the text
     */
    public static ChatRequest parse(Buffer bytes) {
        ByteBuf view = HeapBytes.of(bytes);
        int from = HeapBytes.start(view);
        return parse(bytes, view.array(), from, from + view.readableBytes());
    }

    private static ChatRequest parse(Buffer bytes, byte[] array, int from, int to) {
        JsonCursor json = new JsonCursor().reset(array, from, to);
        if (!json.enterObject()) {
            json.fail(ByteSearch.startsWithBom(array, from, to) ? "byte order mark" : "expected a JSON object");
            throw new IllegalArgumentException(json.problem());
        }
        List<RequestMember> members = new ArrayList<>(16);
        int open = json.position();
        int last = open;
        while (json.nextMember()) {
            int key = json.keyFrom() - 1;
            int keyEnd = json.keyTo() + 1;
            int value = json.position();
            members.add(new RequestMember(array, last, key, keyEnd, value, json.readSlice()));
            last = json.position();
        }
        if (!json.finish()) {
            throw new IllegalArgumentException(json.problem());
        }
        // Whitespace before the first name belongs to the head: the first member may go while others stay.
        int first = members.isEmpty() ? open : members.get(0).key();
        return new ChatRequest(new Slice(array, from, first), members, new Slice(array, last, to), bytes);
    }

    /**
     * Looks for what makes the text invalid, with a full parser: for messages about errors, not for every request. Columns count bytes.
     *
     * @return the first error with its line and column, without quoting the text; empty if the text is one JSON object
     */
    public static Optional<String> findInvalidity(Buffer bytes) {
        try {
            parse(bytes);
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        return FullParse.firstError(bytes);
    }

    /** The bytes to send: those that came if nothing was edited (the very same buffer). */
    public Buffer bytes() {
        Buffer known = bytes;
        if (known == NOT_SPLICED) {
            known = splice();
            bytes = known;
        }
        return known;
    }

    /** The {@code model}; empty if absent or no string. */
    public String model() {
        return find("model").map(value -> value.cursor().readString()).orElse("");
    }

    /** Whether {@code stream} is the literal {@code true}. */
    public boolean streaming() {
        return find("stream").filter(value -> value.is(TRUE)).isPresent();
    }

    /** Whether {@code stream_options.include_usage} is the literal {@code true}. */
    public boolean wantsUsage() {
        return streamOptions()
                .flatMap(options -> options.find("include_usage"))
                .filter(value -> value.is(TRUE))
                .isPresent();
    }

    /** {@code max_completion_tokens}, else {@code max_tokens}; empty if neither is a whole number. */
    public OptionalLong maxTokens() {
        OptionalLong tokens = wholeNumber("max_completion_tokens");
        return tokens.isPresent() ? tokens : wholeNumber("max_tokens");
    }

    /** The larger one of {@code max_completion_tokens} and {@code max_tokens}, since servers read this one or that; empty if neither is a whole number. */
    public OptionalLong mostTokens() {
        OptionalLong older = wholeNumber("max_tokens");
        OptionalLong tokens = maxTokens();
        return older.isPresent() && older.getAsLong() > tokens.orElse(0) ? older : tokens;
    }

    /** {@code max_output_tokens} of a responses request; empty if it is no whole number. */
    public OptionalLong maxOutputTokens() {
        return wholeNumber("max_output_tokens");
    }

    /** {@code n}: how many answers are asked for; 1 if unset or no whole number from 1. */
    public int answers() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, wholeNumber("n").orElse(1)));
    }

    /** The text of the last message whose role is {@code user}: its string, or its text parts joined by line breaks; empty if none. */
    public String lastUserText() {
        return find("messages").map(Messages::lastUserText).orElse("");
    }

    /** The place in {@code messages} of the last one whose role is {@code user}: not one that only shows a tool's image, if there is another. Empty if none. */
    public OptionalInt lastUserMessage() {
        return find("messages").map(Messages::lastUserMessage).orElse(OptionalInt.empty());
    }

    /** The texts of the user's last messages, the last one first; without those that have none, and empty if there are none. */
    public List<String> lastUserTexts(int most) {
        List<String> texts = new ArrayList<>();
        for (ChatMessage message : find("messages").map(Messages::all).orElse(List.of())) {
            if (message.role().equals("user") && !message.text().isBlank()) {
                texts.add(0, message.text());
            }
        }
        return List.copyOf(texts.subList(0, Math.min(most, texts.size())));
    }

    /**
     * The same request with reference text around its question: rules for the model join the system text, the rest the last user message.
     *
     * @param rules what the model is told about the reference text; empty for nothing
     * @param before what stands before the question
     * @param after what stands behind it; may be empty
     * @throws IllegalArgumentException when the request has no user message
     */
    public ChatRequest withContext(String rules, String before, String after) {
        int question = lastUserMessage()
                .orElseThrow(() -> new IllegalArgumentException(
                        "messages has no message of role user, so there is no question to search for"));
        return withMember(
                "messages", ContextEdit.apply(member("messages").orElse("[]"), question, rules, before, after));
    }

    /**
     * One number for the messages up to each one, from the first of the user's on; equal where a request for the same model begins with the same messages,
     * byte for byte. Empty if the request has none. Its cost grows with the request's length.
     */
    public long[] prefixes() {
        return find("messages")
                .map(messages -> Messages.prefixes(messages, model().hashCode()))
                .orElse(new long[0]);
    }

    /** All messages with their texts, in order; empty if the request has none. */
    public List<ChatMessage> conversation() {
        return find("messages").map(Messages::all).orElse(List.of());
    }

    /** The same request with one user message of this text in place of its messages. */
    public ChatRequest withUserMessage(String text) {
        return withMember("messages", "[{\"role\":\"user\",\"content\":" + JsonString.quote(text) + "}]");
    }

    /** The member's value as it stands in the bytes, empty if the member is absent. The last one counts where a name comes twice. */
    public Optional<String> member(String name) {
        return find(name).map(Slice::text);
    }

    /** How many members have this name, its case aside. */
    public long timesNamed(String name) {
        return members.stream()
                .filter(member -> member.name().equalsIgnoreCase(name))
                .count();
    }

    /** The elements of a member that is a list, the empty text for one that is no string; empty if it is no list. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        find(name).map(Slice::cursor).filter(JsonCursor::enterArray).ifPresent(list -> {
            while (list.nextElement()) {
                texts.add(list.readString());
            }
        });
        return texts;
    }

    /** Whether it has this member, its value unread. */
    public boolean has(String name) {
        return find(name).isPresent();
    }

    /** The same request for another model. */
    public ChatRequest withModel(String model) {
        return model.equals(model()) ? this : withMember("model", JsonString.quote(model));
    }

    /** The same request with {@code stream_options.include_usage} true; other stream options are kept. */
    public ChatRequest withUsage() {
        if (wantsUsage()) {
            return this;
        }
        return withMember(
                "stream_options",
                streamOptions()
                        .map(options -> options.withMember("include_usage", "true")
                                .bytes()
                                .toString())
                        .orElse("{\"include_usage\":true}"));
    }

    /**
     * The same request with this top-level member set to the JSON given, replacing every occurrence or added at the end.
     *
     * @throws IllegalArgumentException when {@code json} is not one JSON value
     */
    public ChatRequest withMember(String name, String json) {
        byte[] utf8 = json.getBytes(UTF_8);
        JsonCursor cursor = new JsonCursor().reset(utf8, 0, utf8.length);
        Slice value = cursor.readSlice();
        if (!cursor.finish()) {
            throw new IllegalArgumentException("value for member " + name + ": " + cursor.problem());
        }
        byte[] key = name.getBytes(UTF_8);
        List<RequestMember> edited = new ArrayList<>(members);
        edited.replaceAll(member -> member.named(key) ? member.with(value) : member);
        if (find(name).isEmpty()) {
            edited.add(RequestMember.of(name, value));
        }
        return new ChatRequest(head, edited, tail, NOT_SPLICED);
    }

    /** The same request without tools, and without what is said of their calls. */
    public ChatRequest withoutTools() {
        return withoutMember("tools").withoutMember("tool_choice").withoutMember("parallel_tool_calls");
    }

    /** The same request without that top-level member; this very request if it has none. */
    public ChatRequest withoutMember(String name) {
        byte[] key = name.getBytes(UTF_8);
        List<RequestMember> edited = new ArrayList<>(members);
        return edited.removeIf(member -> member.named(key)) ? new ChatRequest(head, edited, tail, NOT_SPLICED) : this;
    }

    private Optional<Slice> find(String name) {
        byte[] key = name.getBytes(UTF_8);
        for (int i = members.size() - 1; i >= 0; i--) {
            if (members.get(i).named(key)) {
                return Optional.of(members.get(i).value());
            }
        }
        return Optional.empty();
    }

    private Optional<ChatRequest> streamOptions() {
        return find("stream_options").filter(Slice::isObject).map(value -> parse(value.buffer()));
    }

    private OptionalLong wholeNumber(String name) {
        String digits = find(name)
                .filter(value -> value.length() <= MAX_NUMBER_LENGTH)
                .map(Slice::text)
                .orElse("");
        return WHOLE_NUMBER.matcher(digits).matches() ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    private Buffer splice() {
        int length = head.length() + tail.length();
        for (int i = 0; i < members.size(); i++) {
            length += members.get(i).length(i == 0);
        }
        byte[] text = new byte[length];
        int at = head.copyTo(text, 0);
        for (int i = 0; i < members.size(); i++) {
            at = members.get(i).copyTo(text, at, i == 0);
        }
        tail.copyTo(text, at);
        return HeapBytes.buffer(text, 0, length);
    }
}
