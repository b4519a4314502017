package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.retrieval.read.OfficeParts.Elements;
import dev.foundrygateway.retrieval.read.OfficeParts.Reference;
import dev.foundrygateway.retrieval.read.XmlEvents.Attributes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** PowerPoint's slides in their order, each under its title, with its tables, its diagrams and the speaker's notes. */
final class PptxText {
    private static final Set<String> TITLES = Set.of("title", "ctrTitle");
    /** What stands on each slide and says nothing of it. */
    private static final Set<String> FRAME = Set.of("sldNum", "dt", "ftr", "hdr", "sldImg");

    private PptxText() {}

    static Extraction read(byte[] pptx, int maxLength) throws IOException, UnreadableFileException {
        OfficeParts parts = new OfficeParts(pptx);
        String main = parts.main("ppt/presentation.xml");
        Headings document = new Headings(maxLength);
        int number = 0;
        for (String slide : slides(parts, main)) {
            Slide content = new Slide(maxLength);
            parts.read(slide, content);
            number++;
            String title = content.title.toString().strip().replace('\n', ' ');
            document.heading(title.isEmpty() ? 2 : 1, title.isEmpty() ? "Slide " + number : title);
            document.text(title).text(title.isEmpty() ? "" : "\n").text(content.text());
            for (String diagram : parts.allRelated(slide, "diagramData")) {
                Slide drawn = new Slide(maxLength);
                parts.read(diagram, drawn);
                document.text(drawn.text());
            }
            var notes = parts.related(slide, "notesSlide");
            if (notes.isPresent()) {
                Slide spoken = new Slide(maxLength);
                parts.read(notes.get(), spoken);
                document.text(spoken.text());
            }
        }
        return document.extraction(parts.title("docProps/core.xml"));
    }

    private static List<String> slides(OfficeParts parts, String main) throws IOException, UnreadableFileException {
        Map<String, Reference> references = parts.references(main);
        List<String> slides = new ArrayList<>();
        parts.read(main, new Elements() {
            @Override
            public boolean start(String name, Attributes attributes) {
                Reference slide = name.equals("sldId") ? references.get(attributes.foreign("id")) : null;
                if (slide != null) {
                    slides.add(slide.target());
                }
                return true;
            }
        });
        if (slides.isEmpty()) {
            parts.parts().names().stream()
                    .filter(name -> name.startsWith("ppt/slides/slide"))
                    .sorted((one, other) -> one.length() == other.length()
                            ? one.compareTo(other)
                            : Integer.compare(one.length(), other.length()))
                    .forEach(slides::add);
        }
        return slides.stream().distinct().toList();
    }

    private static final class Slide implements XmlEvents.Listener {
        private final StringBuilder title = new StringBuilder();
        private final Headings body;
        private final StringBuilder paragraph = new StringBuilder();
        private final OpenTables tables;
        private String place = "";
        private boolean goesOn;
        private boolean text;

        Slide(int maxLength) {
            this.body = new Headings(maxLength);
            this.tables = new OpenTables(body, maxLength);
        }

        String text() {
            List<Section> sections = body.extraction("").sections();
            return sections.isEmpty() ? "" : sections.get(0).text() + "\n";
        }

        @Override
        public boolean start(String name, Attributes attributes) {
            switch (name) {
                case "Fallback" -> {
                    return false;
                }
                case "sp" -> place = "";
                case "ph" -> place = attributes.get("type");
                case "tbl" -> tables.begin();
                case "tc" -> goesOn = attributes.get("vMerge").matches("1|true");
                case "t" -> text = true;
                case "br" -> paragraph.append('\n');
                default -> {}
            }
            return true;
        }

        @Override
        public void text(char[] characters, int from, int length) throws UnreadableFileException {
            if (text) {
                paragraph.append(characters, from, length);
                body.bound(paragraph.length());
            }
        }

        @Override
        public void end(String name) throws UnreadableFileException {
            switch (name) {
                case "t" -> text = false;
                case "p" -> paragraph();
                case "sp" -> place = "";
                case "tc" -> tables.endCell(1, goesOn);
                case "tr" -> tables.endRow();
                case "tbl" -> tables.end();
                default -> {}
            }
        }

        private void paragraph() throws UnreadableFileException {
            String words = paragraph.toString();
            paragraph.setLength(0);
            if (tables.open()) {
                tables.text(words);
            } else if (words.isBlank() || FRAME.contains(place)) {
                return;
            } else if (TITLES.contains(place)) {
                body.bound(title.length() + words.length());
                title.append(title.length() == 0 ? "" : " ").append(words);
            } else {
                body.text(words).text("\n");
            }
        }
    }
}
