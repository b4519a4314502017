package dev.foundrygateway.retrieval.read;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.pdfbox.text.TextPosition;

/**
 * The order of a page whose two columns were written line by line across the gap between them: band by band, what stands across the whole page in its place,
 * in each band the left column before the right one. A page that was written in its order stays as it is, and so does a table, whose cells don't fill their
 * column.
 */
final class PdfColumns {
    private static final int LEAST_RUNS = 8;
    private static final float FILLED = .55f;

    private PdfColumns() {}

    /** Letters that were written one after the other on a line. */
    private record Run(List<TextPosition> letters, float left, float right, float base) {
        static Run of(List<TextPosition> letters) {
            TextPosition first = letters.get(0);
            TextPosition last = letters.get(letters.size() - 1);
            return new Run(
                    letters, first.getXDirAdj(), last.getXDirAdj() + last.getWidthDirAdj(), first.getYDirAdj());
        }

        float middle() {
            return (left + right) / 2;
        }
    }

    /** Brings the letters of a page in order, in place. */
    static void order(List<TextPosition> letters) {
        List<Run> runs = runs(letters);
        if (runs.size() < LEAST_RUNS) {
            return;
        }
        float left = runs.stream().map(Run::left).min(Float::compare).orElse(0f);
        float right = runs.stream().map(Run::right).max(Float::compare).orElse(0f);
        float gap = gap(runs, left, right);
        if (gap < 0 || !acrossTheGap(runs, gap) || !filled(runs, left, gap, gap, right)) {
            return;
        }
        List<Run> ordered = new ArrayList<>();
        List<Run> band = new ArrayList<>();
        List<Run> down = new ArrayList<>(runs);
        down.sort(Comparator.comparing(Run::base).thenComparing(Run::left));
        for (Run run : down) {
            if (run.left() < gap && run.right() > gap) {
                end(band, gap, ordered);
                ordered.add(run);
            } else {
                band.add(run);
            }
        }
        end(band, gap, ordered);
        letters.clear();
        ordered.forEach(run -> letters.addAll(run.letters()));
    }

    private static void end(List<Run> band, float gap, List<Run> ordered) {
        band.stream().filter(run -> run.middle() < gap).forEach(ordered::add);
        band.stream().filter(run -> run.middle() >= gap).forEach(ordered::add);
        band.clear();
    }

    private static List<Run> runs(List<TextPosition> letters) {
        List<Run> runs = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= letters.size(); i++) {
            if (i == letters.size() || breaks(letters.get(i - 1), letters.get(i))) {
                runs.add(Run.of(List.copyOf(letters.subList(from, i))));
                from = i;
            }
        }
        return letters.isEmpty() ? List.of() : runs;
    }

    private static boolean breaks(TextPosition one, TextPosition next) {
        float space = next.getXDirAdj() - one.getXDirAdj() - one.getWidthDirAdj();
        float height = Math.max(1, one.getFontSizeInPt());
        return Math.abs(next.getYDirAdj() - one.getYDirAdj()) > height / 2 || space > height || space < -height;
    }

    /** Where the gap between two columns is, in the middle half of the page: crossed by few lines; negative if nowhere. */
    private static float gap(List<Run> runs, float left, float right) {
        int steps = 100;
        int[] crossed = new int[steps + 1];
        for (Run run : runs) {
            int from = Math.max(0, (int) Math.floor((run.left() - left) / (right - left + 1) * steps));
            int to = Math.min(steps, (int) Math.ceil((run.right() - left) / (right - left + 1) * steps));
            for (int i = from; i <= to; i++) {
                crossed[i]++;
            }
        }
        int best = -1;
        for (int i = steps / 4; i <= steps * 3 / 4; i++) {
            boolean better = best < 0 || crossed[i] < crossed[best]
                    || (crossed[i] == crossed[best] && Math.abs(i - steps / 2) < Math.abs(best - steps / 2));
            best = better ? i : best;
        }
        return crossed[best] * 10 > runs.size() ? -1 : left + (right - left + 1) * best / steps;
    }

    /** Whether most lines were written in turn on one and the other side. */
    private static boolean acrossTheGap(List<Run> runs, float gap) {
        int turns = 0;
        for (int i = 1; i < runs.size(); i++) {
            Run one = runs.get(i - 1);
            Run next = runs.get(i);
            turns += (one.middle() < gap) != (next.middle() < gap) ? 1 : 0;
        }
        return turns * 2 > runs.size();
    }

    private static boolean filled(List<Run> runs, float left, float leftEnd, float rightFrom, float right) {
        return filled(runs.stream().filter(run -> run.right() <= leftEnd).toList(), leftEnd - left)
                && filled(runs.stream().filter(run -> run.left() >= rightFrom).toList(), right - rightFrom);
    }

    private static boolean filled(List<Run> column, float width) {
        List<Float> widths =
                column.stream().map(run -> run.right() - run.left()).sorted().toList();
        return widths.size() * 2 >= LEAST_RUNS && widths.get(widths.size() / 2) > FILLED * width;
    }
}
