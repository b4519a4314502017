package dev.foundrygateway.routing;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Spending;
import dev.foundrygateway.openai.Language;
import dev.foundrygateway.openai.json.Json;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What rules look at of a request, each thing read when it is first asked for. Confined to one thread. */
final class Asked {
    private static final int MOST_CHARACTERS = 20_000;

    private final Call call;
    private Optional<String> text = Optional.empty();
    private Optional<String> lower = Optional.empty();
    private final Supplier<Optional<Language>> language = once(() -> Language.of(text()));
    private final Supplier<Long> promptTokens;
    private final Supplier<Boolean> tools;
    private final Supplier<Boolean> pictures;
    private int looks = BoundedText.MOST_LOOKS;

    Asked(Call call) {
        this.call = call;
        promptTokens = once(() -> Spending.promptTokens(call));
        // Older clients have functions.
        tools = once(() -> Stream.of("tools", "functions")
                .anyMatch(name -> call.request()
                        .member(name)
                        .filter(all -> all.indexOf('{') >= 0)
                        .isPresent()));
        pictures = once(() -> call.request()
                .member(call.operation() == Operation.CHAT ? "messages" : "input")
                .filter(all -> all.contains("\"image_url\"") || all.contains("\"input_image\""))
                .isPresent());
    }

    private static <T> Supplier<T> once(Supplier<T> read) {
        return new Supplier<>() {
            private Optional<T> value = Optional.empty();

            @Override
            public T get() {
                T known = value.orElseGet(read);
                value = Optional.of(known);
                return known;
            }
        };
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

    /** Whether it has this word or phrase, in lower case, with no letter or digit right beside it that could belong to the same word. */
    boolean says(String word) {
        if (lower.isEmpty()) {
            lower = Optional.of(text().toLowerCase(Locale.ROOT));
        }
        String all = lower.get();
        for (int at = all.indexOf(word); at >= 0; at = all.indexOf(word, at + 1)) {
            int end = at + word.length();
            boolean begins = at == 0 || isEdge(all.codePointBefore(at), word.codePointAt(0));
            if (begins && (end == all.length() || isEdge(word.codePointBefore(word.length()), all.codePointAt(end)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isEdge(int before, int behind) {
        return !Language.isSpaced(before) || !Language.isSpaced(behind);
    }

    /** Whether the pattern is found in its beginning; all patterns together may look at it only so often. */
    boolean finds(Pattern pattern) {
        BoundedText beginning = new BoundedText(text(), looks);
        boolean found = beginning.has(pattern);
        looks = beginning.left();
        return found;
    }

    Optional<Language> language() {
        return language.get();
    }

    long promptTokens() {
        return promptTokens.get();
    }

    boolean tools() {
        return tools.get();
    }

    boolean pictures() {
        return pictures.get();
    }

    String key() {
        return call.caller().key();
    }

    String header(String name) {
        String value = call.headers().get(name);
        return value == null ? "" : value;
    }
}
