package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.LegacyCalls;
import dev.foundrygateway.openai.json.BytePattern;
import dev.foundrygateway.openai.json.Trees;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A chat in the words from before tools: {@code functions}, {@code function_call} and the role {@code function}. Few servers still read them. Its answer has one call at most, as it had
 * then.
 *
 * @param request the chat with tools
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create#chat-create-functions">functions</a>
 */
public record LegacyChat(ChatRequest request) implements ToolWords {
    private static final String FUNCTIONS = "functions";
    private static final String CALL = "function_call";

    /** What stands in every chat that an older call was made in: the question behind its result may come without the functions. */
    private static final BytePattern CALLED = new BytePattern(("\"" + CALL + "\"").getBytes(StandardCharsets.US_ASCII));

    static boolean concerns(ChatRequest request) {
        return request.has(FUNCTIONS) || request.has(CALL) || CALLED.isIn(request.bytes());
    }

    /** Reads a chat; one that only says that it has no functions is one of tools, and stays so. */
    static ToolWords of(ChatRequest request) {
        List<Place> functions = Place.of(request, FUNCTIONS).elements();
        Place call = Place.of(request, CALL);
        ChatRequest left = asTools(request).withoutMember(FUNCTIONS).withoutMember(CALL);
        if (functions.isEmpty()) {
            if (call.given()) {
                throw call.wrong("needs functions; beside tools say tool_choice");
            }
            return CustomChat.of(left);
        }
        if (!Place.of(request, "tools").elements().isEmpty()) {
            throw Place.of(request, FUNCTIONS).wrong("can't be given beside tools");
        }
        Set<String> names = new HashSet<>();
        ArrayNode tools = Trees.array();
        for (Place function : functions) {
            function.object();
            names.add(function.member("name").filledText());
            tools.addObject().put("type", "function").set("function", function.value());
        }
        ChatRequest chat = left.withMember("tools", tools.toString()).withMember("parallel_tool_calls", "false");
        if (call.given()) {
            chat = chat.withMember("tool_choice", choice(call, names).toString());
        }
        return new LegacyChat(chat);
    }

    private static JsonNode choice(Place call, Set<String> names) {
        if (call.value().isTextual()) {
            if (!Set.of("auto", "none").contains(call.text())) {
                throw call.wrong("must be auto, none or an object with a name");
            }
            return call.value();
        }
        call.object();
        Place name = call.member("name");
        if (!names.contains(name.text())) {
            throw name.wrong("is not the name of one of functions");
        }
        ObjectNode choice = Trees.object().put("type", "function");
        choice.putObject("function").put("name", name.text());
        return choice;
    }

    /** Earlier calls and their results as those of tools. A result that no call led to stays: the server says what it makes of it. */
    private static ChatRequest asTools(ChatRequest request) {
        JsonNode messages = Place.of(request, "messages").value();
        Map<String, String> open = new HashMap<>();
        boolean changed = false;
        for (int i = 0; messages.isArray() && i < messages.size(); i++) {
            if (!(messages.get(i) instanceof ObjectNode message)) {
                continue;
            }
            JsonNode called = message.path(CALL);
            String role = message.path("role").asText();
            if (called.isObject()) {
                // Nine letters and digits, which Mistral's templates ask for; the same in the next turn, for the
                // server's cache.
                String id = "call%05d".formatted(i % 100_000);
                open.put(called.path("name").asText(), id);
                message.remove(CALL);
                message.putArray("tool_calls")
                        .addObject()
                        .put("id", id)
                        .put("type", "function")
                        .set("function", called);
                changed = true;
            } else if (role.equals("function")) {
                String id = open.remove(message.path("name").asText());
                if (id != null) {
                    message.put("role", "tool").put("tool_call_id", id);
                }
            }
        }
        return changed ? request.withMember("messages", messages.toString()) : request;
    }

    @Override
    public ChatReply reply(ChatReply reply) {
        return reply.status() == 200 ? reply.withBody(reply.body().map(LegacyCalls::pass)) : reply;
    }
}
