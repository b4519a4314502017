package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Two models in memory, driven step by step by the test. Not thread-safe. */
final class FakeModels implements ChatService {
    static final String SMALL = "small";
    static final String LARGE = "large";

    /** Every call that was sent, in order. */
    final List<Leg> calls = new ArrayList<>();

    @Override
    public Uni<ChatReply> send(Call call) {
        return Uni.createFrom().emitter(emitter -> {
            Leg leg = new Leg(call, emitter);
            calls.add(leg);
            emitter.onTermination(() -> leg.abandoned());
        });
    }

    /** The last call to that model. */
    Leg to(String model) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (calls.get(i).model().equals(model)) {
                return calls.get(i);
            }
        }
        throw new AssertionError("no call to " + model + " was sent");
    }

    /** How many calls were sent to that model. */
    long sent(String model) {
        return calls.stream().filter(leg -> leg.model().equals(model)).count();
    }

    /** How many calls to that model are under way. */
    int open(String model) {
        return (int) calls.stream()
                .filter(leg -> leg.model().equals(model) && !leg.ended && !leg.cancelled)
                .count();
    }

    /** One call, as its model server sees it. */
    static final class Leg {
        final Call call;
        private final UniEmitter<? super ChatReply> reply;
        private @Nullable MultiEmitter<? super Frame> body;
        private boolean opened;
        private boolean ended;
        boolean cancelled;

        Leg(Call call, UniEmitter<? super ChatReply> reply) {
            this.call = call;
            this.reply = reply;
        }

        String model() {
            return call.request().model();
        }

        JsonObject request() {
            return new JsonObject(call.request().bytes());
        }

        private void abandoned() {
            if (!opened && !ended) {
                cancelled = true;
            }
        }

        /** Writes one token. */
        Leg token(String text) {
            return event(chunk(new JsonObject().put("content", text), null));
        }

        /** Writes a text, a word at a time, with its spaces. */
        Leg text(String text) {
            for (String word : text.split("(?<= )", -1)) {
                token(word);
            }
            return this;
        }

        /** Ends the answer with its finish chunk, usage and end of stream. */
        Leg finish(int promptTokens, int completionTokens) {
            event(chunk(new JsonObject(), "stop"));
            event(new JsonObject()
                    .put("object", "chat.completion.chunk")
                    .put("model", model())
                    .put("choices", new JsonArray())
                    .put("usage", usage(promptTokens, completionTokens))
                    .encode());
            event("[DONE]");
            return end();
        }

        /** A plain answer, whole. */
        Leg answer(String text, int promptTokens, int completionTokens) {
            return answer(
                    new JsonObject().put("role", "assistant").put("content", text), promptTokens, completionTokens);
        }

        Leg answer(JsonObject message, int promptTokens, int completionTokens) {
            return answer(message, "stop", promptTokens, completionTokens);
        }

        Leg answer(JsonObject message, String finish, int promptTokens, int completionTokens) {
            JsonObject root = new JsonObject()
                    .put("object", "chat.completion")
                    .put("model", model())
                    .put(
                            "choices",
                            new JsonArray()
                                    .add(new JsonObject()
                                            .put("index", 0)
                                            .put("message", message)
                                            .put("finish_reason", finish)))
                    .put("usage", usage(promptTokens, completionTokens));
            open(200, false);
            emit(Frame.answer(Buffer.buffer(root.encode())));
            return end();
        }

        /** A plain reply of that JSON. */
        Leg reply(String json) {
            open(200, false);
            emit(Frame.answer(Buffer.buffer(json)));
            return end();
        }

        /** An answer that is an error. */
        Leg status(int status, String code) {
            open(status, false);
            emit(Frame.answer(Buffer.buffer(new JsonObject()
                    .put("error", new JsonObject().put("message", code).put("code", code))
                    .encode())));
            return end();
        }

        Leg event(String data) {
            if (cancelled || ended) {
                return this;
            }
            open(200, true);
            emit(new EventScanner(1 << 20).feed(Buffer.buffer("data: " + data + "\n\n")));
            return this;
        }

        Leg end() {
            MultiEmitter<? super Frame> to = body;
            if (to != null && !cancelled && !ended) {
                ended = true;
                to.complete();
            }
            return this;
        }

        /** Breaks the call, before or after its reply. */
        Leg fail(RuntimeException cause) {
            if (!cancelled && !ended) {
                MultiEmitter<? super Frame> to = body;
                ended = true;
                if (to == null) {
                    reply.fail(cause);
                } else {
                    to.fail(cause);
                }
            }
            return this;
        }

        private void open(int status, boolean stream) {
            if (opened) {
                return;
            }
            opened = true;
            Multi<Frame> frames = Multi.createFrom().emitter(to -> {
                body = to;
                to.onTermination(() -> cancelled |= !ended);
            });
            reply.complete(new ChatReply(
                    status,
                    MultiMap.caseInsensitiveMultiMap(),
                    stream,
                    frames,
                    Served.direct(model(), "server-of-" + model(), Timeline.NONE)));
        }

        private void emit(Frame frame) {
            MultiEmitter<? super Frame> to = body;
            if (to != null && !cancelled) {
                to.emit(frame);
            }
        }

        private String chunk(JsonObject delta, @Nullable String finish) {
            return new JsonObject()
                    .put("object", "chat.completion.chunk")
                    .put("model", model())
                    .put(
                            "choices",
                            new JsonArray()
                                    .add(new JsonObject()
                                            .put("index", 0)
                                            .put("delta", delta)
                                            .put("finish_reason", finish)))
                    .encode();
        }

        private static JsonObject usage(int prompt, int completion) {
            return new JsonObject()
                    .put("prompt_tokens", prompt)
                    .put("completion_tokens", completion)
                    .put("total_tokens", prompt + completion);
        }
    }
}
