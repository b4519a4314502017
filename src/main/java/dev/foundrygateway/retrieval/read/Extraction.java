package dev.foundrygateway.retrieval.read;

import java.util.List;

/**
 * What was read out of a file.
 *
 * @param title the document's title, empty if it names none
 * @param sections its text in order
 */
public record Extraction(String title, List<Section> sections) {
    /** How many characters of text there are. */
    long length() {
        return sections.stream().mapToLong(section -> section.text().length()).sum();
    }
}
