package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.retrieval.read.XmlEvents.Attributes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** XML of any kind: one line for each element that has text alone, behind its name, and the words of attributes; text with marks in it as one line. */
final class XmlText {
    private static final Set<String> TITLES = Set.of("title", "head", "heading");
    private static final Set<String> FORMAL = Set.of("schemaLocation", "noNamespaceSchemaLocation", "space", "style", "d");

    private XmlText() {}

    static Extraction read(byte[] xml, int maxLength) throws IOException, UnreadableFileException {
        Walk walk = new Walk(new Headings(maxLength));
        XmlEvents.read(new ByteArrayInputStream(xml), walk);
        return walk.document.extraction(walk.title);
    }

    private static final class Walk implements XmlEvents.Listener {
        private final Headings document;
        private final StringBuilder text = new StringBuilder();
        /** For each open element whether there is text of its own before one of its elements. */
        private final Deque<Boolean> mixed = new ArrayDeque<>();

        private boolean leaf;
        private String title = "";

        Walk(Headings document) {
            this.document = document;
        }

        @Override
        public boolean start(String name, Attributes attributes) {
            if (!mixed.isEmpty()) {
                boolean within = mixed.peek() || !text.toString().isBlank();
                mixed.pop();
                mixed.push(within);
            }
            boolean inline = !mixed.isEmpty() && mixed.peek();
            if (!inline) {
                text.setLength(0);
            }
            mixed.push(inline);
            leaf = true;
            List<String> all = attributes.all();
            for (int i = 0; i < all.size() && !inline; i += 2) {
                if (!all.get(i + 1).isBlank() && !FORMAL.contains(all.get(i))) {
                    document.text(name + " " + all.get(i) + ": ").text(all.get(i + 1)).text("\n");
                }
            }
            return true;
        }

        @Override
        public void text(char[] characters, int from, int length) {
            text.append(characters, from, length);
            document.bound(text.length());
        }

        @Override
        public void end(String name) {
            boolean inline = mixed.pop();
            boolean withMarks = inline && (mixed.isEmpty() || !mixed.peek());
            boolean line = leaf && !inline;
            leaf = false;
            if (inline && !withMarks) {
                return;
            }
            String words = text.toString().strip();
            text.setLength(0);
            if (words.isEmpty()) {
                return;
            }
            if (title.isEmpty() && mixed.size() <= 3 && TITLES.contains(name) && line) {
                title = words;
            }
            document.text(line ? name + ": " : "").text(words.replace('\n', ' ')).text("\n");
        }
    }
}
