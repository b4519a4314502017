package dev.foundrygateway.edge.protocol;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Multi;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Answers of a chat, as the pipeline hands them outward. */
final class ChatAnswers {
    static final String REQUEST_ID = "req-1";

    private ChatAnswers() {}

    /** The data of the chunks of an answer that thinks, speaks, and calls two tools at once. */
    static final List<String> EVERYTHING = List.of(
            chunk("{\"role\":\"assistant\",\"content\":\"\"}"),
            chunk("{\"reasoning_content\":\"Let me \"}"),
            chunk("{\"reasoning_content\":\"see.\"}"),
            chunk("{\"content\":\"Gr\u00fc\u00dfe \"}"),
            chunk("{\"content\":\"\uD83D\uDE00 \\\"x\\\"\\n\"}"),
            chunk(
                    "{\"tool_calls\":[{\"index\":0,\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":\"\"}}]}"),
            chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":\"}}]}"),
            chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1.50}\"}}]}"),
            chunk(
                    "{\"tool_calls\":[{\"index\":1,\"id\":\"call_b\",\"type\":\"function\",\"function\":{\"name\":\"now\",\"arguments\":\"{}\"}}]}"),
            "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"phi-4-mini\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}],\"gateway\":{\"route\":\"direct\"}}",
            "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"phi-4-mini\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,\"total_tokens\":18,\"prompt_tokens_details\":{\"cached_tokens\":4},\"completion_tokens_details\":{\"reasoning_tokens\":2}}}");

    /** The same answer in one piece. */
    static final String EVERYTHING_WHOLE =
            "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion\",\"created\":5,\"model\":\"phi-4-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"reasoning_content\":\"Let me see.\",\"content\":\"Gr\u00fc\u00dfe \uD83D\uDE00 \\\"x\\\"\\n\",\"tool_calls\":[{\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":1.50}\"}},{\"id\":\"call_b\",\"type\":\"function\",\"function\":{\"name\":\"now\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,\"total_tokens\":18,\"prompt_tokens_details\":{\"cached_tokens\":4},\"completion_tokens_details\":{\"reasoning_tokens\":2}},\"gateway\":{\"route\":\"direct\"}}";

    static String chunk(String delta) {
        return "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"phi-4-mini\",\"choices\":[{\"index\":0,\"delta\":"
                + delta + ",\"finish_reason\":null}]}";
    }

    static String finish(String reason) {
        return chunk("{}").replace("\"finish_reason\":null", "\"finish_reason\":\"" + reason + "\"");
    }

    /** The bytes of a stream of these chunks. */
    static Buffer bytes(List<String> chunks) {
        Buffer bytes = Buffer.buffer();
        chunks.forEach(chunk -> bytes.appendString("data: " + chunk + "\n\n"));
        return bytes.appendString("data: [DONE]\n\n");
    }

    /** A stream whose bytes come in pieces of that size. */
    static ChatReply cut(Buffer bytes, int size) {
        EventScanner scanner = new EventScanner(1 << 20);
        List<Frame> frames = new ArrayList<>();
        for (int from = 0; from < bytes.length(); from += size) {
            frames.add(scanner.feed(bytes.getBuffer(from, Math.min(bytes.length(), from + size))));
        }
        return stream(Multi.createFrom().iterable(frames));
    }

    /** A stream of these events, and then this failure. */
    static ChatReply broken(List<String> chunks, GatewayException failure) {
        Frame frame = new EventScanner(1 << 20)
                .feed(bytes(chunks).slice(0, bytes(chunks).length() - 14));
        return stream(Multi.createBy()
                .concatenating()
                .streams(Multi.createFrom().item(frame), Multi.createFrom().failure(failure)));
    }

    static ChatReply plain(int status, String body) {
        return new ChatReply(
                status,
                MultiMap.caseInsensitiveMultiMap().set("content-length", "1").set("x-kept", "yes"),
                false,
                Multi.createFrom().item(Frame.answer(Buffer.buffer(body))),
                Served.direct("m", "u", Timeline.NONE));
    }

    private static ChatReply stream(Multi<Frame> frames) {
        return new ChatReply(
                200, MultiMap.caseInsensitiveMultiMap(), true, frames, Served.direct("m", "u", Timeline.NONE));
    }

    /** What a client reads of a reply. */
    static String read(Protocol protocol, String request, ChatReply reply) {
        return protocol.read(Buffer.buffer(request))
                .reply(reply, REQUEST_ID)
                .body()
                .collect()
                .in(Buffer::buffer, (all, frame) -> all.appendBuffer(frame.bytes()))
                .await()
                .indefinitely()
                .toString();
    }

    /** All that a reply says. */
    static String text(ChatReply reply) {
        return reply.body()
                .collect()
                .in(Buffer::buffer, (all, frame) -> all.appendBuffer(frame.bytes()))
                .await()
                .indefinitely()
                .toString();
    }
}
