package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.schema.Demand;
import dev.foundrygateway.openai.schema.Demand.Choice;
import dev.foundrygateway.openai.schema.Demand.Format;

/** A chat request asked another way, so that its answer may have the form that it demands. */
public final class FormRequests {
    /** What the tool is called that stands for a schema without a name. */
    private static final String TOOL = "answer";

    private static final int MAX_QUOTED = 8_000;

    private FormRequests() {}

    /** What the tool is called that stands for the form. */
    public static String toolName(Demand demand) {
        return demand.name().isEmpty() ? TOOL : demand.name();
    }

    /** The form as a tool that has to be called: for servers that keep to a tool's schema and to no other. */
    public static ChatRequest asTool(ChatRequest request, Demand demand) {
        Json function = Json.object()
                .set("name", toolName(demand))
                .set("description", "Gives the answer to the user.")
                .set("parameters", Json.of(demand.schema()))
                .set("strict", true);
        Json tools = Json.array();
        tools.add(Json.object().set("type", "function").set("function", function));
        Json named = Json.object().set("name", toolName(demand));
        return request.withoutMember("response_format")
                .withoutMember("parallel_tool_calls")
                .withMember("tools", tools.toString())
                .withMember(
                        "tool_choice",
                        Json.object()
                                .set("type", "function")
                                .set("function", named)
                                .toString());
    }

    /** The demand in words, beside the members that say it: for servers that don't tell the model. */
    public static ChatRequest told(ChatRequest request, Demand demand) {
        Json messages = messages(request);
        ContextEdit.addRules(messages, words(demand));
        return request.withMember("messages", messages.toString());
    }

    /**
     * The same conversation after an answer that did not hold.
     *
     * @param said what was answered; a long one is cut
     * @param problem what was wrong with it
     */
    public static ChatRequest again(ChatRequest request, Demand demand, String said, String problem) {
        Json messages = messages(request);
        String quoted = said.length() > MAX_QUOTED ? said.substring(0, MAX_QUOTED) : said;
        messages.add(Json.object().set("role", "assistant").set("content", quoted.isBlank() ? "(nothing)" : quoted));
        messages.add(Json.object()
                .set("role", "user")
                .set("content", "That answer can't be used: " + problem + ". " + words(demand)));
        return request.withMember("messages", messages.toString());
    }

    private static String words(Demand demand) {
        if (demand.choice() == Choice.NAMED) {
            return "Call the tool " + demand.named() + " with arguments that match its schema, and write nothing else.";
        }
        if (demand.choice() == Choice.REQUIRED) {
            return "Call one of the tools (" + String.join(", ", demand.tools().keySet())
                    + ") with arguments that match its schema, and write nothing else.";
        }
        if (demand.noCallAlone()) {
            return "Answer in words. No tool may be called.";
        }
        if (demand.format() == Format.SCHEMA) {
            return "Answer with JSON only, without a code fence, that matches this JSON Schema:\n" + demand.schema();
        }
        return demand.format() == Format.OBJECT
                ? "Answer with one JSON object only, without a code fence."
                : "Arguments of tools must be one JSON object that matches the tool's schema.";
    }

    private static Json messages(ChatRequest request) {
        return Json.parse(request.member("messages").orElse("[]"))
                .filter(Json::isArray)
                .orElseGet(Json::array);
    }
}
