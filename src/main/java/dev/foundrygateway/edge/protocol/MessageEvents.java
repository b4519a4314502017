package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.Source;
import dev.foundrygateway.openai.json.JsonString;
import dev.foundrygateway.openai.json.Trees;
import java.util.List;

/**
 * Writes an answer's chunks as the events of a message: one block at a time, each begun, filled and ended. What tells how it ended waits for the counts,
 * which come behind the finish reason. Used once; confined to its exchange.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/streaming">Anthropic, streaming messages</a>
 */
final class MessageEvents implements ToolStream.Sink {
    private enum Block {
        NONE,
        THINKING,
        TEXT,
        TOOL
    }

    private final String requestId;
    private final String model;
    private final boolean thinkingHidden;
    private final List<Source> sources;
    private final ToolStream tools = new ToolStream(this);
    private final StringBuilder text = new StringBuilder();
    private StringBuilder out = new StringBuilder();
    private Block block = Block.NONE;
    private int index = -1;
    private int calls;
    private boolean begun;
    private boolean refused;
    private String finishReason = "";
    private String stopString = "";
    private JsonNode usage = MissingNode.getInstance();
    private JsonNode gateway = MissingNode.getInstance();

    MessageEvents(String requestId, String model, boolean thinkingHidden, List<Source> sources) {
        this.sources = sources;
        this.requestId = requestId;
        this.model = model;
        this.thinkingHidden = thinkingHidden;
    }

    String chunk(ChatDelta chunk) {
        out = new StringBuilder();
        begin(chunk);
        if (!chunk.reasoning().isEmpty() && !thinkingHidden) {
            open(Block.THINKING, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}");
            delta("thinking_delta", "thinking", chunk.reasoning());
        }
        String more = chunk.text() + chunk.refusal();
        if (!more.isEmpty()) {
            refused |= !chunk.refusal().isEmpty();
            text.append(more);
            open(Block.TEXT, "{\"type\":\"text\",\"text\":\"\"}");
            delta("text_delta", "text", more);
        }
        if (block == Block.TEXT) {
            MessageCitations.of(chunk.annotations(), text.toString(), sources)
                    .forEach(citation -> blockEvent(
                            "content_block_delta",
                            "delta",
                            "{\"type\":\"citations_delta\",\"citation\":" + citation + "}"));
        }
        chunk.tools().forEach(tools::add);
        finishReason = finishReason.isEmpty() ? chunk.finishReason() : finishReason;
        stopString = stopString.isEmpty() ? chunk.stopString() : stopString;
        usage = chunk.usage().isObject() ? chunk.usage() : usage;
        gateway = chunk.gateway().isObject() ? chunk.gateway() : gateway;
        return out.toString();
    }

    String end() {
        out = new StringBuilder();
        if (!begun) {
            begin(ChatDelta.NOTHING);
        }
        close();
        ObjectNode delta = Trees.object();
        MessagesWriting.stop(delta, finishReason, stopString, calls > 0, refused);
        event(
                "message_delta",
                ",\"delta\":" + delta + ",\"usage\":" + MessagesWriting.usage(usage)
                        + (gateway.isObject() ? ",\"gateway\":" + gateway : ""));
        event("message_stop", "");
        return out.toString();
    }

    private void begin(ChatDelta chunk) {
        if (begun) {
            return;
        }
        begun = true;
        ObjectNode message = MessagesWriting.head(chunk, requestId, model);
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence").set("usage", MessagesWriting.usage(chunk.usage()));
        event("message_start", ",\"message\":" + message);
    }

    private void open(Block next, String empty) {
        if (block == next) {
            return;
        }
        close();
        block = next;
        index++;
        blockEvent("content_block_start", "content_block", empty);
    }

    private void close() {
        tools.end();
        if (block != Block.NONE) {
            block = Block.NONE;
            event("content_block_stop", ",\"index\":" + index);
        }
    }

    @Override
    public void opened(String id, String name) {
        if (block != Block.NONE) {
            event("content_block_stop", ",\"index\":" + index);
        }
        block = Block.TOOL;
        index++;
        String call = id.isEmpty() ? MessagesWriting.toolId(requestId, calls) : id;
        calls++;
        blockEvent(
                "content_block_start",
                "content_block",
                "{\"type\":\"tool_use\",\"id\":" + JsonString.quote(call) + ",\"name\":" + JsonString.quote(name)
                        + ",\"input\":{}}");
    }

    @Override
    public void arguments(String more) {
        delta("input_json_delta", "partial_json", more);
    }

    @Override
    public void closed() {
        block = Block.NONE;
        event("content_block_stop", ",\"index\":" + index);
    }

    private void delta(String type, String member, String more) {
        blockEvent(
                "content_block_delta",
                "delta",
                "{\"type\":\"" + type + "\",\"" + member + "\":" + JsonString.quote(more) + "}");
    }

    private void blockEvent(String type, String member, String json) {
        event(type, ",\"index\":" + index + ",\"" + member + "\":" + json);
    }

    private void event(String type, String members) {
        out.append("event: ")
                .append(type)
                .append("\ndata: {\"type\":\"")
                .append(type)
                .append('"')
                .append(members)
                .append("}\n\n");
    }
}
