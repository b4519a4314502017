package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.retrieval.read.OfficeParts.Elements;
import dev.foundrygateway.retrieval.read.XmlEvents.Attributes;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Books: their chapters in reading order, each a page of HTML. */
final class EpubText {
    private static final int MOST_ITEMS = 65_536;

    private EpubText() {}

    static Extraction read(byte[] epub, int maxLength) throws IOException, UnreadableFileException {
        OfficeParts book = new OfficeParts(epub);
        String[] main = {""};
        book.read("META-INF/container.xml", new Elements() {
            @Override
            public boolean start(String name, Attributes attributes) {
                main[0] = name.equals("rootfile") && main[0].isEmpty() ? attributes.get("full-path") : main[0];
                return true;
            }
        });
        if (!book.parts().names().contains(main[0])) {
            throw ZipParts.damaged();
        }
        List<Section> sections = new ArrayList<>();
        long length = 0;
        for (String chapter : chapters(book, main[0])) {
            byte[] page = book.parts().bytes(chapter);
            Extraction read = HtmlText.read(PlainText.of(page, HtmlText.charset(page)), maxLength);
            sections.addAll(read.sections());
            length += read.length();
            if (length > maxLength) {
                throw DocumentReader.tooLong(maxLength);
            }
        }
        return new Extraction(book.title(main[0]), sections);
    }

    private static List<String> chapters(OfficeParts book, String main) throws IOException, UnreadableFileException {
        String folder = main.substring(0, main.lastIndexOf('/') + 1);
        Map<String, String> items = new HashMap<>();
        Set<String> chapters = new LinkedHashSet<>();
        book.read(main, new Elements() {
            @Override
            public boolean start(String name, Attributes attributes) {
                if (name.equals("item")
                        && items.size() < MOST_ITEMS
                        && !attributes.get("properties").contains("nav")) {
                    items.put(attributes.get("id"), attributes.get("href"));
                } else if (name.equals("itemref") && items.containsKey(attributes.get("idref"))) {
                    String path = items.get(attributes.get("idref"));
                    try {
                        path = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
                    } catch (IllegalArgumentException e) {
                        // As it stands.
                    }
                    chapters.add(OfficeParts.resolved(folder, path));
                }
                return true;
            }
        });
        return chapters.stream().filter(book.parts().names()::contains).toList();
    }
}
