package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;

/**
 * Puts reference text around the question of a chat request. The rules join the client's own system text, since many chat templates take one system message
 * only; the reference text joins the question, never the system's. All other messages and their members stay.
 */
final class ContextEdit {
    private ContextEdit() {}

    /**
     * The messages with the context.
     *
     * @param messages the member as it came
     * @param question the place of the user's message that asks
     * @param rules what the model is told about the context; empty for nothing
     * @param before what stands before the question; may be empty
     * @param after what stands behind it; may be empty
     * @throws IllegalArgumentException when it is no list
     */
    static String apply(String messages, int question, String rules, String before, String after) {
        Json all = Json.parse(messages)
                .filter(Json::isArray)
                .orElseThrow(() -> new IllegalArgumentException("messages must be a list"));
        surround(all.get(question), before, after);
        if (!rules.isEmpty()) {
            addRules(all, rules);
        }
        return all.toString();
    }

    private static void surround(Json message, String before, String after) {
        Json content = message.get("content");
        if (content.isArray()) {
            if (!before.isEmpty()) {
                content.insert(0, part(before));
            }
            if (!after.isEmpty()) {
                content.add(part(after));
            }
        } else {
            message.set("content", before + content.text() + after);
        }
    }

    /** Adds rules to the system text, which is made if there is none. */
    static void addRules(Json messages, String rules) {
        Json first = messages.get(0);
        String role = first.get("role").text();
        if (role.equals("system") || role.equals("developer")) {
            if (first.get("content").isArray()) {
                first.get("content").add(part(rules));
            } else {
                String own = first.get("content").text();
                first.set("content", own.isBlank() ? rules : own + "\n\n" + rules);
            }
        } else {
            messages.insert(0, Json.object().set("role", "system").set("content", rules));
        }
    }

    private static Json part(String text) {
        return Json.object().set("type", "text").set("text", text);
    }
}
