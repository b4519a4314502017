package dev.foundrygateway.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The cost–quality curves as an SVG picture: the gap recovered over the share escalated. */
final class CurvePicture {
    private static final int SIZE = 420;
    private static final int LEFT = 60;
    private static final int TOP = 20;
    private static final List<String> COLOURS =
            List.of("#999999", "#cc79a7", "#e69f00", "#d55e00", "#56b4e9", "#009e73", "#0072b2", "#000000", "#882255");

    private CurvePicture() {}

    static String draw(List<Evaluation.Line> lines) {
        double top = lines.stream()
                .flatMapToDouble(line -> Arrays.stream(line.curve().recovered()))
                .max()
                .orElse(1);
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 480\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.append("<rect width=\"720\" height=\"480\" fill=\"#ffffff\"/>");
        for (int tick = 0; tick <= 5; tick++) {
            double share = tick / 5.0;
            double at = LEFT + share * SIZE;
            double level = TOP + SIZE - share * SIZE / top;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d %%</text>\n",
                    at,
                    TOP + SIZE + 16,
                    tick * 20));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d %%</text>\n",
                    LEFT - 6,
                    level + 4,
                    tick * 20));
            svg.append(String.format(
                    Locale.ROOT, "<path d=\"M%d %.1fH%d\" stroke=\"#dddddd\"/>\n", LEFT, level, LEFT + SIZE));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">share of answers by the large model</text>\n",
                LEFT + SIZE / 2,
                TOP + SIZE + 34));
        svg.append(String.format(
                Locale.ROOT,
                "<text transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">quality gap recovered (PGR)</text>\n",
                TOP + SIZE / 2));
        for (int i = 0; i < lines.size(); i++) {
            line(svg, lines.get(i), COLOURS.get(i % COLOURS.size()), i, top);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void line(StringBuilder svg, Evaluation.Line line, String colour, int index, double top) {
        double[] recovered = line.curve().recovered();
        int step = Math.max(1, recovered.length / 120);
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < recovered.length; i += step) {
            double x = LEFT + SIZE * (double) i / (recovered.length - 1);
            double y = TOP + SIZE - SIZE * recovered[i] / top;
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n",
                points.toString().strip(),
                colour));
        int y = TOP + 20 + index * 20;
        svg.append(String.format(
                Locale.ROOT, "<path d=\"M500 %dh24\" stroke=\"%s\" stroke-width=\"3\"/>\n", y - 4, colour));
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"530\" y=\"%d\">%s (%.2f)</text>\n",
                y,
                line.name(),
                line.apgr().value()));
    }
}
