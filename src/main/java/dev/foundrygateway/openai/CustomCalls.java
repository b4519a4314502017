package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * An answer's calls of functions that stand for custom tools, told as calls of those: in a stream a call begins at once, and its input follows with the finish reason, when the arguments
 * around it are whole. For one answer.
 */
public final class CustomCalls {
    private static final String CALLS = "tool_calls";
    private static final int PER_CALL = 100;

    private final Set<String> names;
    private final UnaryOperator<String> input;
    /** The arguments so far, by choice and by call. */
    private final Map<Long, Map<Long, StringBuilder>> held = new HashMap<>();

    private long length;

    /**
     * For one answer.
     *
     * @param names the functions that stand for custom tools
     * @param input a call's input, by its arguments
     */
    public CustomCalls(Set<String> names, UnaryOperator<String> input) {
        this.names = names;
        this.input = input;
    }

    /** How many characters of a stream's arguments have been kept, each call's own entry counted as a hundred. */
    public long length() {
        return length;
    }

    /** The next of the answer, in the words of custom tools. */
    public Frame pass(Frame frame) {
        return ReplyDocument.edit(
                frame,
                event -> event.kind() == Kind.CHUNK,
                edited -> edited.document().root().get("choices").elements().forEach(this::choice));
    }

    private void choice(Json choice) {
        if (choice.get("message").isObject()) {
            whole(choice.get("message"));
            return;
        }
        if (choice.get("delta").get(CALLS).isArray()) {
            pieces(choice.get("delta"), choice.get("index").count(0));
        }
        if (choice.get("finish_reason").isString()) {
            Map<Long, StringBuilder> ended = held.remove(choice.get("index").count(0));
            if (ended != null) {
                Json calls = choice.object("delta").array(CALLS);
                ended.forEach((index, arguments) -> calls.add(Json.object().set("index", index))
                        .set("custom", Json.object().set("input", input.apply(arguments.toString()))));
            }
        }
    }

    private void whole(Json message) {
        Json calls = Json.array();
        boolean custom = false;
        for (Json call : message.get(CALLS).elements()) {
            Json function = call.get("function");
            boolean ours = names.contains(function.get("name").text());
            custom |= ours;
            calls.add(
                    ours
                            ? begun(call)
                                    .set(
                                            "custom",
                                            Json.object()
                                                    .set(
                                                            "name",
                                                            function.get("name").text())
                                                    .set(
                                                            "input",
                                                            input.apply(function.get("arguments")
                                                                    .text())))
                            : call.copy());
        }
        if (custom) {
            message.set(CALLS, calls);
        }
    }

    private void pieces(Json delta, long choice) {
        Json kept = Json.array();
        boolean custom = false;
        for (Json piece : delta.get(CALLS).elements()) {
            long index = piece.get("index").count(0);
            Json function = piece.get("function");
            String name = function.get("name").text();
            Map<Long, StringBuilder> calls = held.getOrDefault(choice, Map.of());
            boolean begins = !calls.containsKey(index) && names.contains(name);
            if (begins) {
                calls = held.computeIfAbsent(choice, ignored -> new TreeMap<>());
                calls.put(index, new StringBuilder());
                length += PER_CALL;
                kept.add(begun(piece)
                        .set("index", index)
                        .set("custom", Json.object().set("name", name).set("input", "")));
            }
            StringBuilder arguments = calls.get(index);
            if (arguments == null) {
                kept.add(piece.copy());
            } else {
                custom = true;
                String more = function.get("arguments").text();
                arguments.append(more);
                length += more.length();
            }
        }
        if (custom && kept.isEmpty()) {
            delta.remove(CALLS);
        } else if (custom) {
            delta.set(CALLS, kept);
        }
    }

    private static Json begun(Json call) {
        return Json.object().set("id", call.get("id").text()).set("type", "custom");
    }
}
