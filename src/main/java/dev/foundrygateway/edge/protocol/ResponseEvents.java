package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.json.JsonString;
import dev.foundrygateway.openai.json.Trees;
import dev.foundrygateway.responses.ResponseIds;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Writes an answer's chunks as the events of a response: one item at a time, each begun, filled and ended. The whole response is what the last event holds,
 * so that both forms say the same. Used once; confined to its exchange.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming">OpenAI, streaming events</a>
 */
final class ResponseEvents implements Writing, ToolStream.Sink {
    /** What is under way: nothing, or an item with a part of that kind, or a call. */
    private enum Part {
        NONE("", ""),
        THOUGHT("rs", "response.reasoning_text"),
        TEXT("msg", "response.output_text"),
        REFUSAL("msg", "response.refusal"),
        CALL("fc", "response.function_call_arguments"),
        CUSTOM("ctc", "response.custom_tool_call_input");

        private final String prefix;
        private final String event;

        boolean calls() {
            return this == CALL || this == CUSTOM;
        }

        Part(String prefix, String event) {
            this.prefix = prefix;
            this.event = event;
        }
    }

    /**
     * What was asked for.
     *
     * @param request the request as it came
     * @param chat the same as a chat
     * @param keeping the response's id, and how it is kept
     */
    record Asked(ObjectNode request, ResponsesRequest.InChat chat, ResponseKeeping keeping) {
        boolean kept() {
            return keeping.sink().isPresent() && request.path("store").asBoolean(true);
        }
    }

    private final Asked asked;
    private final Served served;
    private final LongSupplier seconds;
    private final ToolStream tools = new ToolStream(this);
    private final ArrayNode output = Trees.array();
    private StringBuilder out = new StringBuilder();
    private ObjectNode response = Trees.object();
    private int sequence;
    private boolean begun;

    private Part part = Part.NONE;
    private ArrayNode content = Trees.array();
    private StringBuilder text = new StringBuilder();
    private ArrayNode annotations = Trees.array();
    private ArrayNode logprobs = Trees.array();
    /** Those that came before there was a text. */
    private ArrayNode early = Trees.array();

    private String callId = "";
    private String callName = "";
    private int calls;
    /** Of calls that end now. */
    private String callStatus = "completed";

    private String finishReason = "";
    private JsonNode usage = MissingNode.getInstance();
    private JsonNode gateway = MissingNode.getInstance();

    /**
     * For one answer.
     *
     * @param served what was searched for, and what the model was given
     * @param seconds the time now, since 1970
     */
    ResponseEvents(Asked asked, Served served, LongSupplier seconds) {
        this.asked = asked;
        this.served = served;
        this.seconds = seconds;
    }

    @Override
    public ObjectNode whole(ChatDelta answer) {
        chunk(answer);
        end();
        return response;
    }

    @Override
    public String chunk(ChatDelta chunk) {
        out = new StringBuilder();
        begin(chunk);
        finishReason = finishReason.isEmpty() ? chunk.finishReason() : finishReason;
        more(Part.THOUGHT, chunk.reasoning(), "");
        more(Part.TEXT, chunk.text(), logprobs(chunk.logprobs()));
        if (part == Part.TEXT) {
            chunk.logprobs().forEach(logprobs::add);
        }
        more(Part.REFUSAL, chunk.refusal(), "");
        annotate(ResponseDocument.annotations(chunk.annotations(), served.sources()));
        chunk.tools().forEach(tools::add);
        usage = chunk.usage().isObject() ? chunk.usage() : usage;
        gateway = chunk.gateway().isObject() ? chunk.gateway() : gateway;
        return out.toString();
    }

    @Override
    public String end() {
        out = new StringBuilder();
        begin(ChatDelta.NOTHING);
        String cut = ResponseDocument.cut(finishReason);
        String status = cut.isEmpty() ? "completed" : "incomplete";
        endItem(status);
        // Of those behind a text that had no arguments to begin with.
        callStatus = status;
        tools.end();
        response.set("output", output);
        ResponseDocument.ended(response, cut, usage, gateway, seconds.getAsLong());
        asked.keeping().conversation().ifPresent(sink -> {
            ArrayNode added = Trees.array();
            for (int i = asked.chat().before(); i < asked.chat().input().size(); i++) {
                added.add(asked.chat().input().path(i));
            }
            sink.keep(Trees.bytes(added.addAll(output)));
        });
        if (asked.kept()) {
            ObjectNode record = Trees.object();
            record.set("response", response);
            record.set("input", asked.chat().input());
            asked.keeping().sink().ifPresent(sink -> sink.keep(Trees.bytes(record)));
        }
        event(cut.isEmpty() ? "response.completed" : "response.incomplete", ",\"response\":" + response);
        return out.toString();
    }

    private void begin(ChatDelta first) {
        if (begun) {
            return;
        }
        begun = true;
        String model =
                first.model().isEmpty() ? asked.chat().chat().path("model").asText() : first.model();
        response = ResponseDocument.begun(asked.request(), asked.keeping().id(), model, asked.kept());
        event("response.created", ",\"response\":" + response);
        event("response.in_progress", ",\"response\":" + response);
        if (asked.chat().fileSearch() && !served.searched().isEmpty()) {
            search();
        }
    }

    /** The gateway has searched before the model was asked. */
    private void search() {
        String id = id("fs");
        boolean results = asked.chat().results();
        ObjectNode done = ResponseDocument.fileSearch(id, served.searched(), served.sources(), results, true);
        event(
                "response.output_item.added",
                item(ResponseDocument.fileSearch(id, List.of(), List.of(), results, false)));
        for (String state : List.of("in_progress", "searching", "completed")) {
            event("response.file_search_call." + state, place(id));
        }
        event("response.output_item.done", item(done));
        output.add(done);
    }

    private void more(Part kind, String more, String members) {
        if (more.isEmpty()) {
            return;
        }
        open(kind);
        text.append(more);
        event(part.event + ".delta", inPart() + ",\"delta\":" + JsonString.quote(more) + members);
    }

    private void open(Part kind) {
        if (part == kind) {
            return;
        }
        if (kind.prefix.equals(part.prefix)) {
            endPart();
        } else {
            endItem("completed");
            begin(kind, itemNow(kind, "in_progress"));
        }
        part = kind;
        event("response.content_part.added", inPart() + ",\"part\":" + partNow(""));
        if (kind == Part.TEXT) {
            ArrayNode now = early;
            early = Trees.array();
            annotate(now);
        }
    }

    private void begin(Part kind, ObjectNode item) {
        part = kind;
        event("response.output_item.added", item(item));
    }

    /** Where they come behind the text's end, they stand in the whole response alone; before it, they wait for it. */
    private void annotate(ArrayNode more) {
        if (part != Part.TEXT) {
            for (JsonNode item : output) {
                if (!more.isEmpty() && item.path("content").path(0).path("annotations") instanceof ArrayNode late) {
                    late.addAll(more);
                    return;
                }
            }
            more.forEach(early::add);
            return;
        }
        for (JsonNode annotation : more) {
            event(
                    "response.output_text.annotation.added",
                    inPart() + ",\"annotation_index\":" + annotations.size() + ",\"annotation\":" + annotation);
            annotations.add(annotation);
        }
    }

    private void endPart() {
        ObjectNode done = partNow(text.toString());
        String member = part == Part.REFUSAL ? "refusal" : "text";
        String members = part == Part.TEXT ? logprobs(logprobs) : "";
        event(part.event + ".done", inPart() + ",\"" + member + "\":" + JsonString.quote(text.toString()) + members);
        event("response.content_part.done", inPart() + ",\"part\":" + done);
        content.add(done);
        text = new StringBuilder();
        annotations = Trees.array();
        logprobs = Trees.array();
    }

    /** Ends the item that is under way, its calls as well. */
    private void endItem(String status) {
        if (part.calls()) {
            callStatus = status;
            tools.end();
            callStatus = "completed";
        } else if (part != Part.NONE) {
            endPart();
            done(status);
        } else {
            tools.end();
        }
    }

    private void done(String status) {
        ObjectNode item = itemNow(part, status);
        event("response.output_item.done", item(item));
        output.add(item);
        part = Part.NONE;
        content = Trees.array();
        text = new StringBuilder();
    }

    @Override
    public void opened(String id, String name) {
        if (part != Part.NONE && !part.calls()) {
            endPart();
            done("completed");
        }
        callId = id.isEmpty() ? "call" + asked.keeping().id().substring("resp".length()) + "_" + calls : id;
        calls++;
        callName = name;
        Part kind = asked.chat().custom().contains(name) ? Part.CUSTOM : Part.CALL;
        begin(kind, itemNow(kind, "in_progress"));
    }

    @Override
    public void arguments(String more) {
        text.append(more);
        // A custom tool's input is told when its arguments, around it, are whole.
        if (part == Part.CALL) {
            event(part.event + ".delta", place(id(part.prefix)) + ",\"delta\":" + JsonString.quote(more));
        }
    }

    @Override
    public void closed() {
        if (part == Part.CUSTOM) {
            text = new StringBuilder(CustomTools.input(text.toString()));
            String input = JsonString.quote(text.toString());
            event(part.event + ".delta", place(id(part.prefix)) + ",\"delta\":" + input);
            event(part.event + ".done", place(id(part.prefix)) + ",\"input\":" + input);
            done(callStatus);
            return;
        }
        event(
                part.event + ".done",
                place(id(part.prefix)) + ",\"name\":" + JsonString.quote(callName) + ",\"arguments\":"
                        + JsonString.quote(text.toString()));
        done(callStatus);
    }

    private ObjectNode itemNow(Part kind, String status) {
        String id = id(kind.prefix);
        return switch (kind) {
            case THOUGHT -> ResponseDocument.reasoning(id, status, content);
            case CALL -> ResponseDocument.call(id, status, callId, callName, text.toString());
            case CUSTOM -> ResponseDocument.customCall(id, status, callId, callName, text.toString());
            default -> ResponseDocument.message(id, status, content);
        };
    }

    private ObjectNode partNow(String words) {
        return switch (part) {
            case THOUGHT -> ResponseDocument.thought(words);
            case REFUSAL -> ResponseDocument.refusal(words);
            default -> ResponseDocument.text(words, annotations, logprobs);
        };
    }

    private String id(String prefix) {
        return ResponseIds.output(prefix, asked.keeping().id(), output.size());
    }

    private String item(ObjectNode item) {
        return ",\"output_index\":" + output.size() + ",\"item\":" + item;
    }

    private String place(String id) {
        return ",\"item_id\":\"" + id + "\",\"output_index\":" + output.size();
    }

    private String inPart() {
        return place(id(part.prefix)) + ",\"content_index\":" + content.size();
    }

    private static String logprobs(JsonNode told) {
        return ",\"logprobs\":" + (told.isArray() ? told : "[]");
    }

    private void event(String type, String members) {
        out.append("event: ")
                .append(type)
                .append("\ndata: {\"type\":\"")
                .append(type)
                .append("\",\"sequence_number\":")
                .append(sequence++)
                .append(members)
                .append("}\n\n");
    }

    @Override
    public String failure(int status, ErrorBody error) {
        if (!begun) {
            return error(error).toString();
        }
        out = new StringBuilder();
        response.set("output", output);
        ResponseDocument.failed(response, error);
        event("response.failed", ",\"response\":" + response);
        return out.toString();
    }

    /** An error of a stream in which nothing else has come; its members stand where the specification has them, and where OpenAI's servers put them. */
    static Buffer error(ErrorBody error) {
        ObjectNode event = Trees.object().put("type", "error").put("sequence_number", 0);
        ObjectNode nested = Trees.object().put("type", error.type());
        for (ObjectNode target : List.of(event, nested)) {
            target.put("message", error.message());
            target.put("code", error.code().isEmpty() ? "server_error" : error.code());
            target.set("param", error.param().isEmpty() ? target.nullNode() : target.textNode(error.param()));
        }
        event.set("error", nested);
        return Buffer.buffer("event: error\ndata: ")
                .appendBuffer(Trees.bytes(event))
                .appendString("\n\n");
    }

    @Override
    public Buffer keepAlive() {
        return ChatProtocol.KEEP_ALIVE;
    }

    @Override
    public Buffer error(int status, ErrorBody error) {
        return error.json();
    }
}
