package dev.foundrygateway.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a test wants to know of a PromQL expression: its selectors. Whether it is valid, promtool says. */
public final class PromQl {
    private static final Pattern LABEL_LIST =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern SELECTOR =
            Pattern.compile("(?<![\\w:.\"$])([a-zA-Z_:][\\w:]*+)(?!\\s*\\()(?:\\s*\\{([^}]*)})?(?:\\s*\\[([^\\]]+)])?");
    private static final Pattern FUNCTION = Pattern.compile("(\\w+)\\s*\\($");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");

    private PromQl() {}

    /**
     * One vector or range selector.
     *
     * @param metric its name
     * @param matchers what stands in braces
     * @param range what stands in brackets, empty if nothing
     * @param function whose direct argument it is, empty if none's
     */
    public record Selector(String metric, String matchers, String range, String function) {
        /** The name without what a histogram, a summary or their maximum add to it. */
        public String family() {
            return PromQl.family(metric);
        }
    }

    /** A series' name without what a histogram, a summary or their maximum add to it. */
    public static String family(String series) {
        return series.replaceFirst("_(bucket|sum|count|max|total)$", "");
    }

    /** The selectors of an expression, from left to right. */
    public static List<Selector> selectors(String expression) {
        String bare = LABEL_LIST.matcher(expression).replaceAll("");
        List<Selector> selectors = new ArrayList<>();
        Matcher matcher = SELECTOR.matcher(bare);
        while (matcher.find()) {
            if (!WORDS.contains(matcher.group(1))) {
                Matcher function = FUNCTION.matcher(bare.substring(0, matcher.start()));
                selectors.add(new Selector(
                        matcher.group(1),
                        orEmpty(matcher.group(2)),
                        orEmpty(matcher.group(3)),
                        function.find() ? function.group(1) : ""));
            }
        }
        return selectors;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
