package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.ModelList;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.openai.json.HeapBytes;
import dev.foundrygateway.openai.json.JsonCursor;
import dev.foundrygateway.openai.json.Slice;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What a plain reply whose status is a success must be to be an answer. A model server, or what stands before it, says 200 to much else. */
public enum AnswerShape {
    /** Nobody knows: any bytes. */
    ANYTHING(""),
    /** A chat or completion: an object with {@code choices}. */
    CHOICES("choices"),
    /** Vectors or a list: an object that says something and tells of no error, unless it has {@code data} too. */
    DATA("data"),
    /** Documents in their order: an object that says something and tells of no error, or a list, which some servers send by itself. */
    RANKS("results"),
    /** What a decision model says: an object with {@code answers}. */
    ANSWERS("answers"),
    /** A list of models, also the bare array of an old server, and {@code null} where there are none. */
    MODELS(""),
    /** A response: an object that says that it is one, or has an output, also where it tells of an error. */
    RESPONSE("object"),
    /** A list of what is stored: an object that says what it is, and tells of no error. */
    STORED("object"),
    /** What is said of a thing that is deleted: the same, or nothing at all. */
    DELETED("object"),
    /** What was heard: an object with text or segments; or text that is no page. */
    TRANSCRIPT("");

    /** What is said of a JSON object that is no chat. */
    public static final String NO_CHAT = "an object without choices";

    private static final byte[] ERROR = "error".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DETAIL = "detail".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ERRORS = "errors".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OUTPUT = "output".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OBJECT = "object".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SEGMENTS = "segments".getBytes(StandardCharsets.UTF_8);
    private static final String PAGE_TYPE = "text/html";

    /** Empty for none. */
    private final String member;

    AnswerShape(String member) {
        this.member = member;
    }

    public static AnswerShape of(Operation operation) {
        return switch (operation) {
            case CHAT, COMPLETION -> CHOICES;
            case EMBEDDINGS -> DATA;
            case RERANK -> RANKS;
            case RESPONSES, RESPONSE_READ, RESPONSE_CANCEL -> RESPONSE;
            case RESPONSE_DELETE -> DELETED;
            case RESPONSE_LIST, RESPONSE_INPUT_ITEMS -> STORED;
            case SYSTEM_ONE, DECISIONS -> ANSWERS;
            case TRANSCRIPTION -> TRANSCRIPT;
            case MODELS -> MODELS;
            case MODEL -> ANYTHING;
        };
    }

    /**
     * What is to be answered instead of a success.
     *
     * @param type its media type, empty if it says none
     * @return empty if the body is an answer
     */
    public Optional<UpstreamError> flaw(String type, Buffer body) {
        String lower = type.strip().toLowerCase(Locale.ROOT);
        return switch (this) {
            case ANYTHING -> Optional.empty();
            case MODELS -> ModelList.isReadable(body) ? Optional.empty() : none("no list of models");
            case TRANSCRIPT -> lower.startsWith("application/json") ? flaw(body) : pageOrNothing(lower, body);
            case RANKS -> isList(body) ? Optional.empty() : flaw(body);
            case DELETED -> body.length() == 0 ? Optional.empty() : flaw(body);
            case CHOICES, DATA, ANSWERS, RESPONSE, STORED -> flaw(body);
        };
    }

    private static Optional<UpstreamError> pageOrNothing(String type, Buffer body) {
        if (body.length() == 0) {
            return none("nothing");
        }
        String begins = body.getString(0, Math.min(body.length(), 64), StandardCharsets.UTF_8.name())
                .strip()
                .toLowerCase(Locale.ROOT);
        if (type.startsWith(PAGE_TYPE) || begins.startsWith("<!doctype") || begins.startsWith("<html")) {
            return none("a web page");
        }
        // Also an error that calls itself text.
        return begins.startsWith("{") && isError(body) ? Optional.of(told(UpstreamError.read(body))) : Optional.empty();
    }

    private static boolean isList(Buffer body) {
        if (body.length() == 0) {
            return false;
        }
        ByteBuf view = HeapBytes.of(body);
        int from = HeapBytes.start(view);
        JsonCursor json = new JsonCursor().reset(view.array(), from, from + view.readableBytes());
        if (!json.enterArray()) {
            return false;
        }
        while (json.nextElement()) {
            json.skipValue();
        }
        return json.finish();
    }

    private Optional<UpstreamError> flaw(Buffer body) {
        if (body.length() == 0) {
            return none("nothing");
        }
        ByteBuf view = HeapBytes.of(body);
        int from = HeapBytes.start(view);
        JsonCursor json = new JsonCursor().reset(view.array(), from, from + view.readableBytes());
        if (!json.enterObject()) {
            return none("no JSON object");
        }
        byte[] name = member.getBytes(StandardCharsets.UTF_8);
        boolean shaped = false;
        boolean error = false;
        boolean says = false;
        boolean gives = false;
        // Servers give vectors and ranks in shapes of their own; a chat without choices is none.
        boolean lists = this == DATA || this == RANKS;
        while (json.nextMember()) {
            boolean filled = !json.isNull();
            error |= filled && json.keyIs(ERROR);
            boolean named =
                    switch (this) {
                        case TRANSCRIPT -> json.keyIs(TEXT) || json.keyIs(SEGMENTS);
                        case RESPONSE -> json.keyIs(OBJECT) || json.keyIs(OUTPUT);
                        default -> json.keyIs(name);
                    };
            boolean object = json.keyIs(OBJECT);
            boolean trouble = json.keyIs(DETAIL) || json.keyIs(ERRORS);
            Slice value = json.readSlice();
            error |= object && this != RESPONSE && value.cursor().readString().equals("error");
            shaped |= named && filled && fits(value);
            says |= filled && lists && value.cursor().enterArray();
            gives |= lists && filled && !trouble && hasElements(value);
        }
        if (!json.finish()) {
            return none("JSON that is broken off or malformed");
        }
        if (!shaped && (error || (!gives && isError(body)))) {
            return Optional.of(told(UpstreamError.read(body)));
        }
        return shaped || gives || says
                ? Optional.empty()
                : none("an object without " + (member.isEmpty() ? "text" : member));
    }

    private static boolean isError(Buffer body) {
        return Frame.answer(body).events().get(0).kind() == StreamEvent.Kind.ERROR;
    }

    /** Whether it is a list with something in it, or an object with such a list. */
    private static boolean hasElements(Slice value) {
        JsonCursor list = value.cursor();
        if (list.enterArray()) {
            return list.nextElement();
        }
        JsonCursor object = value.cursor();
        boolean has = false;
        if (object.enterObject()) {
            while (!has && object.nextMember()) {
                JsonCursor member = object.readSlice().cursor();
                has = member.enterArray() && member.nextElement();
            }
        }
        return has;
    }

    /** Whether the value of the member by which an answer is known is one of an answer. */
    private boolean fits(Slice value) {
        JsonCursor json = value.cursor();
        return switch (this) {
            case CHOICES -> json.enterArray() && (!json.nextElement() || json.enterObject());
            case RESPONSE -> json.enterArray() || json.readString().startsWith("response");
            case STORED, DELETED -> !json.readString().equals("error");
            case DATA, RANKS -> json.enterArray();
            default -> true;
        };
    }

    /** An error under a success is the server's fault, whatever it says of whose it is; its words stay. */
    private static UpstreamError told(UpstreamError error) {
        ErrorCode code = ErrorCode.UPSTREAM_ERROR;
        return new UpstreamError(
                code.status(),
                ErrorBody.of(
                        code,
                        "the model server answered with a success and an error: "
                                + error.body().message(),
                        ""));
    }

    private static Optional<UpstreamError> none(String what) {
        ErrorCode code = ErrorCode.UPSTREAM_ERROR;
        return Optional.of(new UpstreamError(
                code.status(),
                ErrorBody.of(
                        code,
                        "the model server answered with a success and sent " + what + " instead of an answer",
                        "")));
    }
}
