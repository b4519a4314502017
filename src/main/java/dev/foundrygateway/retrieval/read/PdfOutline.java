package dev.foundrygateway.retrieval.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes sections of a PDF's pages: each page at least one, cut again where a short line stands in larger letters than the text. */
final class PdfOutline {
    /** A title stands before every passage. */
    private static final int MAX_TITLE = 300;

    private static final float LARGER = 1.15f;
    private static final int MAX_HEADING = 150;
    /** What programs write for a title when its writer gave none. */
    private static final Pattern NO_TITLE = Pattern.compile(
            "untitled.{0,40}|microsoft (?:word|powerpoint|excel) - .{0,300}|document ?[0-9]{0,5}|.{0,300}\\.(?:docx?|pptx?|xlsx?|odt|tex|dvi|indd|pdf|qxd)");

    private final List<Section> sections = new ArrayList<>();
    private String heading = "";
    private String largest = "";
    private float largestSize;
    private int pages;

    /**
     * The next page.
     *
     * @param sizes how large the letters of its lines are; lines without a size are text
     */
    void page(String text, List<Float> sizes) {
        pages++;
        String[] lines = text.split("\\r?\\n", -1);
        float usual = usual(lines, sizes);
        StringBuilder part = new StringBuilder();
        boolean body = false;
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            float size = i < sizes.size() ? sizes.get(i) : 0;
            boolean large = size > usual * LARGER
                    && line.length() <= MAX_HEADING
                    && line.chars().anyMatch(Character::isLetter);
            if (large && pages == 1) {
                title(line, size, i > 0 && i - 1 < sizes.size() && sizes.get(i - 1) == size);
            }
            if (large && body) {
                end(part); // a title alone is no part: it stands above the first one
                body = false;
            }
            body |= !large && !line.isEmpty();
            heading = large ? line : heading;
            part.append(lines[i]).append('\n');
        }
        end(part);
    }

    private void title(String line, float size, boolean goesOn) {
        if (size > largestSize) {
            largest = line;
            largestSize = size;
        } else if (size == largestSize && goesOn && largest.length() + line.length() < 2 * MAX_HEADING) {
            largest += " " + line;
        }
    }

    private void end(StringBuilder part) {
        String page = "page " + pages;
        sections.add(new Section(heading.isEmpty() ? page : page + " > " + heading, part.toString()));
        part.setLength(0);
    }

    /** The size in which most of the page's letters stand. */
    private static float usual(String[] lines, List<Float> sizes) {
        Map<Float, Integer> letters = new HashMap<>();
        for (int i = 0; i < Math.min(lines.length, sizes.size()); i++) {
            letters.merge(sizes.get(i), lines[i].length(), Integer::sum);
        }
        return letters.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(Float.MAX_VALUE);
    }

    /**
     * All pages.
     *
     * @param named the title among the file's own notes; null if it has none
     */
    Extraction extraction(@Nullable String named) {
        String title = named == null ? "" : named.strip();
        boolean known = !title.isEmpty()
                && !NO_TITLE.matcher(title.toLowerCase(Locale.ROOT)).matches();
        return new Extraction(known ? title.substring(0, Math.min(title.length(), MAX_TITLE)) : largest, sections);
    }
}
