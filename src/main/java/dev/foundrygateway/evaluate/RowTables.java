package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Signal;
import dev.foundrygateway.hybrid.learn.Ranking;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What recorded rows tell beside their scores, in Markdown: each kind of question, and what was spent. */
final class RowTables {
    private RowTables() {}

    /** A line for each kind; empty if the rows have no kinds. */
    static String kinds(List<Row> rows) {
        Map<String, List<Row>> kinds = rows.stream()
                .filter(row -> !row.kind().isEmpty())
                .collect(Collectors.groupingBy(Row::kind, TreeMap::new, Collectors.toList()));
        if (kinds.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(
                "\n| kind | rows | small model right | large model right | AUROC of the verdict |\n|---|---|---|---|---|\n");
        kinds.forEach((kind, some) -> text.append(String.format(
                Locale.ROOT,
                "| %s | %d | %s | %s | %s |%n",
                kind,
                some.size(),
                Interval.ofShare((int) some.stream().filter(Row::draftRight).count(), some.size()),
                Interval.ofShare((int) some.stream().filter(Row::strongRight).count(), some.size()),
                verdict(some))));
        return text.toString();
    }

    private static String verdict(List<Row> rows) {
        return rows.stream().allMatch(row -> row.heard().containsKey(Signal.VERDICT))
                ? String.format(
                        Locale.ROOT,
                        "%.3f",
                        Ranking.auroc(
                                rows.stream()
                                        .mapToDouble(row -> row.evidence().get(Signal.VERDICT))
                                        .toArray(),
                                CrossValidation.wrong(rows)))
                : "";
    }

    /** The mean over the rows that tell it; empty if none does. */
    static String prices(List<Row> rows) {
        List<Row> priced = rows.stream().filter(row -> !row.spent().isEmpty()).toList();
        if (priced.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(
                "\n| per question | tokens read | of these cached | written | ms |\n|---|---|---|---|---|\n");
        for (String who : List.of("draft", "samples", "verdict", "answer")) {
            Spent all = priced.stream()
                    .map(row -> row.spent().getOrDefault(who, Spent.NOTHING))
                    .reduce(Spent.NOTHING, Spent::plus);
            text.append(String.format("| %s | %s |%n", who, all.perRow(priced.size())));
        }
        return text.toString();
    }
}
