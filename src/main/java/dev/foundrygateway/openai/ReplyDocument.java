package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.HeapBytes;
import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.json.Slice;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.Usage;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A plain chat answer, or one chunk of a streamed one: read once, edited, and printed once. What nobody edits leaves as the bytes that came. What concerns a choice
 * concerns the first one: the servers whose answers need repair give one choice. Not thread-safe.
 */
public final class ReplyDocument {
    private static final String[] EXTRAS = {"IsDelta", "Successful", "CreatedAt", "HttpStatusCode"};

    private final Json root;
    private final boolean plain;
    private boolean usageEstimated;

    private ReplyDocument(Json root, boolean plain) {
        this.root = root;
        this.plain = plain;
    }

    ReplyDocument(Json root) {
        this(root, false);
    }

    /** Reads one event of a frame; empty if its data is no JSON object. */
    public static Optional<ReplyDocument> of(Frame frame, StreamEvent event) {
        ByteBuf view = HeapBytes.of(frame.bytes());
        byte[] array = view.array();
        int from = HeapBytes.start(view) + event.from();
        int to = HeapBytes.start(view) + event.to();
        int open = from;
        boolean blank = true;
        while (open < to && array[open] != '{') {
            blank &= array[open++] <= ' ';
        }
        // Only a plain answer begins without a field's name.
        boolean plain = blank;
        int end = to;
        while (end > open && array[end - 1] != '}') {
            end--;
        }
        Optional<Json> root = Json.parse(new Slice(array, open, end));
        // Several data lines, or another line with braces in it.
        return root.or(() -> Json.parse(new String(array, from, to - from, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.startsWith("data:"))
                        .map(line -> line.substring("data:".length()))
                        .collect(Collectors.joining("\n"))))
                .filter(Json::isObject)
                .map(read -> new ReplyDocument(read, plain));
    }

    /** Reads a plain answer; empty if it is no JSON object. */
    public static Optional<ReplyDocument> of(Buffer plain) {
        return Json.parse(plain).filter(Json::isObject).map(root -> new ReplyDocument(root, true));
    }

    /** A chunk that says nothing. */
    public static ReplyDocument empty() {
        return new ReplyDocument(Json.object());
    }

    /** Where the gateway says what it has to say: a plain reply, or the event with the finish reason; empty if the frame has no such place. */
    public static Optional<StreamEvent> place(Frame frame) {
        for (int i = 0; i < frame.events().size(); i++) {
            StreamEvent event = frame.events().get(i);
            if (event.kind() == StreamEvent.Kind.CHUNK && !event.finishReason().isEmpty()) {
                return Optional.of(event);
            }
        }
        return Optional.empty();
    }

    /**
     * Edits some events of a frame, each read and printed once; what an event means is kept.
     *
     * @return the very frame if nothing was changed
     */
    public static Frame edit(Frame frame, Predicate<StreamEvent> which, Consumer<Edited> change) {
        IdentityHashMap<StreamEvent, ReplyDocument> edited = new IdentityHashMap<>();
        for (StreamEvent event : frame.events()) {
            Optional<ReplyDocument> read =
                    event.to() > event.from() && which.test(event) ? of(frame, event) : Optional.empty();
            read.ifPresent(document -> change.accept(new Edited(event, document)));
            read.filter(ReplyDocument::changed).ifPresent(document -> edited.put(event, document));
        }
        if (edited.isEmpty()) {
            return frame;
        }
        List<StreamEvent> events = new ArrayList<>(frame.events().size());
        Buffer bytes = Buffer.buffer(frame.bytes().length() + 256);
        for (StreamEvent event : frame.events()) {
            int from = bytes.length();
            ReplyDocument document = edited.get(event);
            Buffer came = frame.bytes().slice(event.from(), event.to());
            bytes.appendBuffer(document == null ? came : document.plain ? document.json() : document.event());
            events.add(event.at(from, bytes.length()));
        }
        return new Frame(bytes, events);
    }

    /** An event under edit, and what it says. */
    public record Edited(StreamEvent event, ReplyDocument document) {}

    /** Whether it differs from what came. */
    public boolean changed() {
        return root.isChanged();
    }

    public boolean hasChoice() {
        return choice().isObject();
    }

    /** The number of its choice, 0 if it does not say. */
    public int index() {
        return (int) choice().get("index").count(0);
    }

    public void setIndex(int index) {
        if (index != index() && hasChoice()) {
            choice().set("index", index);
        }
    }

    /** The text of the answer, or of the delta; empty if none. */
    public String text() {
        return output().get("content").text();
    }

    public void setText(String text) {
        if (!text.equals(text())) {
            editedOutput().set("content", text);
        }
    }

    public void setReasoning(String text) {
        editedOutput().set("reasoning_content", text);
    }

    /** Sets OpenAI's annotations, a JSON array. */
    public void setAnnotations(String annotations) {
        editedOutput().set("annotations", Json.of(annotations));
    }

    /** Whether the delta carries output: text, reasoning, a refusal or tool calls. */
    public boolean hasOutput() {
        Json output = output();
        return hasToolCalls()
                || !text().isEmpty()
                || !output.get("reasoning_content").text().isEmpty()
                || !output.get("reasoning").text().isEmpty()
                || !output.get("refusal").text().isEmpty();
    }

    /** Whether the delta names the role that speaks. */
    public boolean hasRole() {
        return output().has("role");
    }

    /** The finish reason, empty if none. */
    public String finishReason() {
        return choice().get("finish_reason").text();
    }

    public void setFinishReason(String reason) {
        if (!reason.equals(finishReason()) && hasChoice()) {
            choice().set("finish_reason", reason);
        }
    }

    public String id() {
        return root.get("id").text();
    }

    public void setId(String id) {
        if (!id.equals(id())) {
            root.set("id", id);
        }
    }

    public String model() {
        return root.get("model").text();
    }

    public void setModel(String model) {
        if (!model.equals(model())) {
            root.set("model", model);
        }
    }

    /** Merges members, a JSON object, into the {@code gateway} object; they replace those of the same names. */
    public void addGateway(String members) {
        Json gateway = root.object("gateway");
        Json.of(members).withoutZeroFractions().members(gateway::set);
    }

    /** Drops what only Foundry Local 0.x and 1.x say, and the {@code message} that repeats the {@code delta}. */
    public void dropExtras() {
        root.remove(EXTRAS);
        if (choice().has("delta")) {
            choice().remove("message");
        }
        Json delta = choice().get("delta");
        if (delta.isObject()) {
            delta.remove("tool_call_id");
            if (delta.has("tool_calls") && delta.get("tool_calls").isEmpty()) {
                delta.remove("tool_calls");
            }
        }
    }

    /** Drops the log-probabilities of all choices. */
    public void dropLogprobs() {
        root.get("choices").elements().stream().filter(Json::isObject).forEach(choice -> choice.remove("logprobs"));
    }

    /** The counts it reports. */
    public Usage usage() {
        Json usage = root.get("usage");
        return new Usage(
                usage.get("prompt_tokens").count(0),
                usage.get("completion_tokens").count(0));
    }

    /** Sets the counts and leaves what else the {@code usage} object says. */
    public void setUsage(Usage usage) {
        root.object("usage")
                .set("prompt_tokens", usage.promptTokens())
                .set("completion_tokens", usage.completionTokens())
                .set("total_tokens", usage.promptTokens() + usage.completionTokens());
    }

    /** Whether it tells counts and nothing else. */
    public boolean usageOnly() {
        return !hasChoice() && root.get("usage").isObject();
    }

    public void dropUsage() {
        root.remove("usage");
    }

    /** A chunk of the same answer that tells these counts and nothing else. */
    public ReplyDocument usageChunk(Usage usage) {
        ReplyDocument chunk = bare();
        chunk.root.set("choices", Json.array());
        chunk.setUsage(usage);
        return chunk;
    }

    /** The same as {@link #usageChunk}, marked as the gateway's own estimate; measures don't see its counts. */
    public ReplyDocument estimatedUsageChunk(Usage usage) {
        ReplyDocument chunk = usageChunk(usage);
        chunk.root.object("gateway").set("usage_estimated", true);
        chunk.usageEstimated = true;
        return chunk;
    }

    /** Whether its counts are the gateway's estimate. */
    public boolean usageEstimated() {
        return usageEstimated;
    }

    public boolean hasToolCalls() {
        return !toolCalls().isEmpty();
    }

    /** Sets the delta's tool calls, numbered from 0. */
    public void setToolCalls(List<ToolCall> calls) {
        Json all = Json.array();
        for (ToolCall call : calls) {
            addToolCall(all, all.size(), call);
        }
        editedOutput().set("tool_calls", all);
    }

    /** Adds a piece of a tool call to the delta. */
    public void addToolCall(int index, ToolCall call) {
        addToolCall(editedOutput().array("tool_calls"), index, call);
    }

    private static void addToolCall(Json all, int index, ToolCall call) {
        Json part = all.add(Json.object()).set("index", index);
        Json function = Json.object();
        // What is said once stands in a call's first piece.
        if (!call.id().isEmpty()) {
            part.set("id", call.id()).set("type", "function");
            function.set("name", call.name());
        }
        part.set("function", function.set("arguments", call.arguments()));
    }

    /** A chunk of the same answer whose choice has an empty delta and no finish reason. */
    public ReplyDocument emptyChunk() {
        ReplyDocument chunk = bare();
        Json choice = chunk.root.array("choices").add(Json.object());
        choice.set("index", index()).set("delta", Json.object()).setNull("finish_reason");
        return chunk;
    }

    private ReplyDocument bare() {
        Json copy = root.copy();
        copy.remove("choices", "usage");
        return new ReplyDocument(copy);
    }

    /** Drops the pieces of tool calls whose index is not 0; whether there were any. */
    public boolean keepFirstCall() {
        Json kept = Json.array();
        Json came = toolCalls();
        List<Json> pieces = came.isObject() ? List.of(came) : came.elements();
        pieces.stream().filter(piece -> piece.get("index").count(0) == 0).forEach(piece -> kept.add(piece.copy()));
        if (kept.size() == pieces.size()) {
            return false;
        }
        if (kept.isEmpty()) {
            editedOutput().remove("tool_calls");
        } else {
            editedOutput().set("tool_calls", kept);
        }
        return true;
    }

    /** The pieces of the tool calls; may be edited. */
    Json toolCalls() {
        return output().get("tool_calls");
    }

    void readLogprobs(List<Double> all) {
        for (Json token : choice().get("logprobs").get("content").elements()) {
            if (token.get("logprob").isNumber()) {
                all.add(token.get("logprob").number());
            }
        }
    }

    /** What could have stood in the first token's place: each with its log-probability. */
    void readCandidates(Map<String, Double> all) {
        for (Json candidate : choice().get("logprobs")
                .get("content")
                .get(0)
                .get("top_logprobs")
                .elements()) {
            if (candidate.get("logprob").isNumber()) {
                all.putIfAbsent(
                        candidate.get("token").text(), candidate.get("logprob").number());
            }
        }
    }

    Json root() {
        return root;
    }

    private Json choice() {
        return root.get("choices").get(0);
    }

    private String outputName() {
        String first = plain ? "message" : "delta";
        String second = plain ? "delta" : "message";
        return choice().get(first).isObject() || !choice().get(second).isObject() ? first : second;
    }

    private Json output() {
        return choice().get(outputName());
    }

    private Json editedOutput() {
        return hasChoice() ? choice().object(outputName()) : Json.object();
    }

    /** As a plain body. */
    public Buffer json() {
        return root.buffer();
    }

    /** As one server-sent event; one that was not changed in the words in which it came. */
    public Buffer event() {
        String came = root.isChanged() ? "\n" : root.toString();
        Buffer json = came.indexOf('\n') < 0 && came.indexOf('\r') < 0 ? root.buffer() : root.compact();
        return Buffer.buffer("data: ").appendBuffer(json).appendString("\n\n");
    }
}
