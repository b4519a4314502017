package dev.foundrygateway.routing;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Spending;
import dev.foundrygateway.openai.Language;
import dev.foundrygateway.openai.json.Json;
import java.util.Locale;
import java.util.Optional;

/** What rules look at of a request, each thing read when it is first asked for. Confined to one thread. */
final class Asked {
    private static final int MOST_CHARACTERS = 20_000;

    private final Call call;
    private Optional<String> text = Optional.empty();
    private Optional<String> lower = Optional.empty();

    Asked(Call call) {
        this.call = call;
    }

    /** The user's last message, or what stands for it in other calls: 20,000 characters at most. */
    String text() {
        if (text.isEmpty()) {
            String whole = call.operation() == Operation.CHAT
                    ? call.request().lastUserText()
                    : call.request()
                            .member("input")
                            .or(() -> call.request().member("prompt"))
                            .map(Asked::plain)
                            .orElse("");
            text = Optional.of(whole.substring(0, Math.min(MOST_CHARACTERS, whole.length())));
        }
        return text.get();
    }

    /** The text that a member's JSON is, or its JSON as it stands where it is a list. */
    private static String plain(String json) {
        return Json.parse(json).filter(Json::isString).map(Json::text).orElse(json);
    }

    /** Whether it has this word or phrase, in lower case, with no letter or digit right beside it. */
    boolean says(String word) {
        if (lower.isEmpty()) {
            lower = Optional.of(text().toLowerCase(Locale.ROOT));
        }
        String all = lower.get();
        for (int at = all.indexOf(word); at >= 0; at = all.indexOf(word, at + 1)) {
            int end = at + word.length();
            boolean begins = at == 0 || !Character.isLetterOrDigit(all.codePointBefore(at));
            if (begins && (end == all.length() || !Character.isLetterOrDigit(all.codePointAt(end)))) {
                return true;
            }
        }
        return false;
    }

    Optional<Language> language() {
        return Language.of(text());
    }

    long promptTokens() {
        return Spending.promptTokens(call);
    }

    boolean tools() {
        return call.request()
                .member("tools")
                .filter(tools -> tools.indexOf('{') >= 0)
                .isPresent();
    }

    boolean pictures() {
        return call.request()
                .member(call.operation() == Operation.CHAT ? "messages" : "input")
                .filter(messages -> messages.contains("\"image_url\"") || messages.contains("\"input_image\""))
                .isPresent();
    }

    String key() {
        return call.caller().key();
    }

    String header(String name) {
        String value = call.headers().get(name);
        return value == null ? "" : value;
    }
}
