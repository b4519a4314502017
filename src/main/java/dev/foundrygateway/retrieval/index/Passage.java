package dev.foundrygateway.retrieval.index;

/**
 * A piece of a document, as it is searched, given to the model and cited.
 *
 * @param id unique in its store: the file's id, {@code #} and the ordinal; visible ASCII
 * @param fileId the file it comes from
 * @param ordinal its place in the file, from 0
 * @param title the document's title, empty if none
 * @param heading the headings above it, outermost first, joined by {@code " > "}; empty if none
 * @param text its own text
 * @param url where the document can be read, empty if unknown
 */
public record Passage(String id, String fileId, int ordinal, String title, String heading, String text, String url) {
    /** What is indexed and embedded: title and headings say what a piece is about where its own words don't. */
    String context() {
        StringBuilder all = new StringBuilder(title.length() + heading.length() + text.length() + 2);
        if (!title.isEmpty()) {
            all.append(title).append('\n');
        }
        if (!heading.isEmpty()) {
            all.append(heading).append('\n');
        }
        return all.append(text).toString();
    }
}
