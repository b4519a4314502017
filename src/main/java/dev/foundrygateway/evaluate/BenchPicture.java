package dev.foundrygateway.evaluate;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** Results of {@code bench} as an SVG picture: for each model its first token and its latency, in seconds. Pure. */
final class BenchPicture {
    private static final List<String> BARS =
            List.of("first_token_latency_p50", "first_token_latency_p95", "latency_p50", "latency_p95");
    private static final List<String> NAMES =
            List.of("first token, median", "first token, 95 %", "answer, median", "answer, 95 %");
    private static final List<String> COLOURS = List.of("#e69f00", "#d55e00", "#56b4e9", "#0072b2");
    private static final int LEFT = 150;
    private static final int WIDTH = 460;
    private static final int BAR = 16;
    private static final int GROUP = 4 * BAR + 24;

    private BenchPicture() {}

    static String draw(JsonObject report) {
        List<JsonObject> results = BenchTable.results(report);
        double longest = results.stream()
                .flatMapToDouble(result -> BARS.stream().mapToDouble(name -> result.getDouble(name, 0.0)))
                .max()
                .orElse(0);
        double scale = longest > 0 ? WIDTH / longest : 0;
        int height = 40 + results.size() * GROUP + 30;
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 %d" font-family="sans-serif" font-size="12">
                <rect width="720" height="%d" fill="#ffffff"/>
                """, height, height));
        for (int i = 0; i < NAMES.size(); i++) {
            int x = 20 + i * 170;
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"10\" width=\"12\" height=\"12\" fill=\"%s\"/><text x=\"%d\" y=\"20\">%s</text>\n",
                    x,
                    COLOURS.get(i),
                    x + 18,
                    NAMES.get(i)));
        }
        for (int group = 0; group < results.size(); group++) {
            group(svg, results.get(group), 40 + group * GROUP, scale);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void group(StringBuilder svg, JsonObject result, int top, double scale) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n",
                LEFT - 10,
                top + BARS.size() * BAR / 2 + 4,
                escaped(result.getString("alias"))));
        for (int bar = 0; bar < BARS.size(); bar++) {
            double seconds = result.getDouble(BARS.get(bar), 0.0);
            int y = top + bar * BAR;
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/><text x=\"%.1f\" y=\"%d\">%.3f s</text>\n",
                    LEFT,
                    y,
                    seconds * scale,
                    BAR - 3,
                    COLOURS.get(bar),
                    LEFT + seconds * scale + 6,
                    y + BAR - 5,
                    seconds));
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
