package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.retrieval.read.OfficeParts.Elements;
import dev.foundrygateway.retrieval.read.XmlEvents.Attributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A sheet's cells that reach over several rows: each of these rows says what such a cell says. It stands behind the rows, so that a sheet that has any is read twice. */
final class SheetSpans extends Elements {
    private static final int MOST = 65_536;
    /** More side by side than any honest sheet has: each is looked at for each row. */
    private static final int MOST_OPEN = 256;

    private static final Pattern AREA = Pattern.compile("([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})");

    private final PriorityQueue<Span> ahead = new PriorityQueue<>(Comparator.comparingInt(Span::first));
    private final List<Span> open = new ArrayList<>();

    /** One of them. */
    private record Span(int column, int first, int last, String words) {}

    @Override
    public boolean start(String name, Attributes attributes) {
        Matcher area = name.equals("mergeCell") ? AREA.matcher(attributes.get("ref")) : AREA.matcher("");
        if (area.matches() && ahead.size() < MOST) {
            int first = Integer.parseInt(area.group(2));
            int last = Integer.parseInt(area.group(3));
            if (last > first) {
                ahead.add(new Span(XlsxText.column(area.group(1), 0), first, last, ""));
            }
        }
        return !name.equals("row");
    }

    /** Tells a row what it shares with those above it; for one after the other. */
    void fill(int number, List<String> row) {
        open.removeIf(span -> span.last() < number);
        boolean says = row.stream().anyMatch(cell -> !cell.isBlank());
        for (Span span : says ? open : List.<Span>of()) {
            while (row.size() <= span.column()) {
                row.add("");
            }
            if (row.get(span.column()).isBlank()) {
                row.set(span.column(), span.words());
            }
        }
        while (!ahead.isEmpty() && ahead.peek().first() <= number) {
            Span span = ahead.remove();
            if (span.first() == number && span.column() < row.size() && open.size() < MOST_OPEN) {
                open.add(new Span(span.column(), number, span.last(), row.get(span.column())));
            }
        }
    }
}
