package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.json.Trees;
import java.util.Set;

/**
 * OpenAI's custom tools, which take a text instead of JSON, as functions with one string argument: those are what every server knows. A regular expression becomes
 * the argument's pattern, which is kept as every strict schema is; a grammar in Lark is kept by nobody here.
 */
final class CustomTools {
    private static final String INPUT = "input";
    /** The members of a tool in Responses. */
    static final Set<String> MEMBERS = Set.of("type", "name", "description", "format");

    private CustomTools() {}

    /**
     * Adds the function that stands for a tool.
     *
     * @param tool where its name, description and format stand
     * @param grammar where a grammar's syntax and definition stand, if it has one
     */
    static void function(Place tool, Place grammar, ArrayNode tools) {
        ObjectNode function = tools.addObject().put("type", "function").putObject("function");
        function.put("name", tool.member("name").filledText());
        Place description = tool.member("description");
        StringBuilder told = new StringBuilder(description.given() ? description.text() : "");
        ObjectNode parameters = function.objectNode().put("type", "object");
        ObjectNode input = parameters.putObject("properties").putObject(INPUT).put("type", "string");
        parameters.putArray("required").add(INPUT);
        parameters.put("additionalProperties", false);
        Place kind = tool.member("format").member("type");
        if (kind.given() && kind.text().equals("grammar")) {
            Place syntax = grammar.member("syntax");
            if (!syntax.text().equals("regex")) {
                throw syntax.untranslatable();
            }
            String pattern = grammar.member("definition").filledText();
            input.put("pattern", "^(" + pattern + ")$");
            told.append(told.isEmpty() ? "" : "\n")
                    .append("The input matches the regular expression ")
                    .append(pattern);
            function.put("strict", true);
        } else if (kind.given() && !kind.text().equals("text")) {
            throw kind.untranslatable();
        }
        if (!told.isEmpty()) {
            function.put("description", told.toString());
        }
        function.set("parameters", parameters);
    }

    /** The arguments of the function that say so. */
    static String arguments(String input) {
        return Trees.object().put(INPUT, input).toString();
    }

    /** What the tool is given by those arguments; they themselves where the model has written a text instead. */
    static String input(String arguments) {
        return Trees.object(arguments)
                .map(object -> object.path(INPUT))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .orElse(arguments);
    }
}
