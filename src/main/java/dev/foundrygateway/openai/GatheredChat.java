package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.Usage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Gathers the chunks of a streamed chat answer into the plain answer that the same server would have given: texts and tool calls joined, everything else as
 * it was said last. Not thread-safe.
 */
public final class GatheredChat {
    private static final Set<String> OWN = Set.of("choices", "object");

    private final boolean saysRefusal;

    private final Json root = Json.object();
    private final Map<Integer, Choice> choices = new TreeMap<>();
    private boolean usageEstimated;

    /**
     * Nothing gathered yet.
     *
     * @param saysRefusal whether the server's plain answers say {@code "refusal":null}, which its chunks leave out
     */
    public GatheredChat(boolean saysRefusal) {
        this.saysRefusal = saysRefusal;
    }

    /**
     * Takes the next chunk, or a whole plain answer.
     *
     * @throws IllegalStateException when there are more choices, or tool calls in one, than any client could have asked for
     */
    public void add(ReplyDocument chunk) {
        chunk.root().members((name, value) -> {
            boolean nothing =
                    value.isNull() || (name.equals("usage") && chunk.usage().equals(Usage.NONE));
            if (!OWN.contains(name) && !(nothing && root.has(name))) {
                root.set(name, value.copy());
            }
        });
        usageEstimated |= chunk.usageEstimated();
        List<Json> all = chunk.root().get("choices").elements();
        for (int i = 0; i < all.size(); i++) {
            int index = (int) all.get(i).get("index").count(i);
            if (choices.size() >= PlainChat.MAX_CHOICES && !choices.containsKey(index)) {
                throw new IllegalStateException("an answer has more than " + PlainChat.MAX_CHOICES + " choices");
            }
            choices.computeIfAbsent(index, ignored -> new Choice()).add(all.get(i));
        }
    }

    public boolean hasChoice() {
        return !choices.isEmpty();
    }

    public boolean hasOutput() {
        return choices.values().stream().anyMatch(Choice::hasOutput);
    }

    /** The plain answer, with what it means. */
    public Frame answer() {
        root.set("object", "chat.completion");
        Json array = Json.array();
        choices.values().forEach(choice -> array.add(choice.plain(saysRefusal)));
        root.set("choices", array);
        Frame frame = Frame.answer(root.buffer());
        if (!usageEstimated) {
            return frame;
        }
        return new Frame(
                frame.bytes(),
                frame.events().stream().map(StreamEvent::withoutUsage).toList());
    }

    /** One choice of a {@link GatheredChat}. */
    static final class Choice {
        private static final Set<String> TEXTS = Set.of("content", "reasoning_content", "reasoning", "refusal");
        private static final Set<String> LISTS = Set.of("annotations", "images", "reasoning_details");

        private final Json choice = Json.object();
        private final Json message = Json.object();
        private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
        private final GatheredCalls calls = new GatheredCalls();
        private final List<Json> parts = new ArrayList<>();
        private final StringBuilder functionName = new StringBuilder();
        private final StringBuilder functionArguments = new StringBuilder();

        /** Takes the choice as the next chunk has it. */
        void add(Json chunk) {
            boolean twice = chunk.get("delta").isObject();
            chunk.members((name, value) -> {
                if (name.equals("delta") || (name.equals("message") && !twice)) {
                    addDelta(value);
                } else if (name.equals("logprobs")) {
                    addLogprobs(value);
                } else if (name.equals("finish_reason") && value.text().isEmpty()) {
                    setUnlessSaid(choice, name, Json.of("null"));
                } else if (!name.equals("message")) {
                    setUnlessForgotten(choice, name, value);
                }
            });
        }

        private void addDelta(Json delta) {
            delta.members((name, value) -> {
                if (name.equals("tool_calls")) {
                    calls.add(value);
                } else if (name.equals("function_call") && value.isObject()) {
                    addFunction(value);
                } else if (TEXTS.contains(name) && value.isString()) {
                    append(name, value.text());
                } else if (name.equals("content") && value.isArray()) {
                    value.elements().forEach(this::addPart);
                } else if (LISTS.contains(name) && value.isArray()) {
                    Json all = message.array(name);
                    value.elements().forEach(entry -> all.add(entry.copy()));
                } else if (name.equals("audio") && value.isObject()) {
                    addAudio(value);
                } else if (!(name.equals("role") && value.text().isEmpty())) {
                    setUnlessForgotten(message, name, value);
                }
            });
        }

        private void append(String name, String text) {
            texts.computeIfAbsent(name, ignored -> new StringBuilder()).append(text);
        }

        /** Content in parts: text is text, thinking is reasoning, what else there is stays a part. */
        private void addPart(Json part) {
            switch (part.get("type").text()) {
                case "text", "output_text" -> append("content", part.get("text").text());
                case "refusal" -> append("refusal", part.get("refusal").text());
                case "thinking" -> {
                    append("reasoning_content", part.get("thinking").text());
                    part.get("thinking")
                            .elements()
                            .forEach(piece -> append(
                                    "reasoning_content", piece.get("text").text()));
                }
                default -> parts.add(part.copy());
            }
        }

        private void addFunction(Json function) {
            GatheredCalls.addName(functionName, function.get("name").text());
            Json arguments = function.get("arguments");
            if (!arguments.isNull() && !arguments.isMissing()) {
                functionArguments.append(
                        arguments.isString()
                                ? arguments.text()
                                : arguments.compact().toString());
            }
        }

        private void addAudio(Json audio) {
            Json all = message.object("audio");
            audio.members((name, value) -> {
                if (name.equals("data")) {
                    all.set(name, joined(all.get(name).text(), value.text()));
                } else if (name.equals("transcript")) {
                    all.set(name, all.get(name).text() + value.text());
                } else {
                    setUnlessForgotten(all, name, value);
                }
            });
        }

        /** Each piece is encoded for itself and may end in padding, so that putting the letters together would not do. */
        private static String joined(String base64, String more) {
            if (base64.isEmpty() || !base64.endsWith("=")) {
                return base64 + more;
            }
            try {
                byte[] first = Base64.getDecoder().decode(base64);
                byte[] second = Base64.getDecoder().decode(more);
                byte[] both = Arrays.copyOf(first, first.length + second.length);
                System.arraycopy(second, 0, both, first.length, second.length);
                return Base64.getEncoder().encodeToString(both);
            } catch (IllegalArgumentException e) {
                return base64 + more;
            }
        }

        private void addLogprobs(Json logprobs) {
            Json gathered = choice.get("logprobs");
            if (!gathered.isObject() || !logprobs.isObject()) {
                setUnlessForgotten(choice, "logprobs", logprobs);
                return;
            }
            for (String list : List.of("content", "refusal")) {
                if (logprobs.get(list).isArray()) {
                    Json all = gathered.array(list);
                    logprobs.get(list).elements().forEach(all::add);
                }
            }
        }

        private static void setUnlessSaid(Json target, String name, Json value) {
            if (!target.has(name)) {
                target.set(name, value);
            }
        }

        /** A null says nothing where a value was said before. */
        private static void setUnlessForgotten(Json target, String name, Json value) {
            if (!value.isNull() || !target.has(name)) {
                target.set(name, value.copy());
            }
        }

        boolean hasOutput() {
            return !calls.isEmpty()
                    || functionName.length() > 0
                    || !parts.isEmpty()
                    || message.has("audio")
                    || texts.values().stream().anyMatch(text -> text.length() > 0);
        }

        /** The choice as a plain answer has it. */
        Json plain(boolean saysRefusal) {
            if (!message.has("role")) {
                message.set("role", "assistant");
            }
            texts.forEach((name, text) -> message.set(name, text.toString()));
            boolean function = functionName.length() + functionArguments.length() > 0;
            if (!parts.isEmpty()) {
                Json content = Json.array();
                String text = message.get("content").text();
                if (!text.isEmpty()) {
                    content.add(Json.object().set("type", "text").set("text", text));
                }
                parts.forEach(content::add);
                message.set("content", content);
            } else if (message.get("content").text().isEmpty()) {
                if (calls.isEmpty() && !function && !message.has("audio")) {
                    message.set("content", "");
                } else {
                    message.setNull("content");
                }
            }
            if (saysRefusal && !message.has("refusal")) {
                message.setNull("refusal");
            }
            if (!calls.isEmpty()) {
                message.set("tool_calls", calls.plain());
            }
            if (function) {
                message.set(
                        "function_call",
                        Json.object()
                                .set("name", functionName.toString())
                                .set("arguments", functionArguments.toString()));
            }
            return choice.set("message", message);
        }
    }
}
