package dev.foundrygateway.exchange;

import java.util.Map;

/**
 * A passage that was given to the model.
 *
 * @param id the passage's id, visible ASCII
 * @param fileId the stored file it comes from; empty for a document of the request's own
 * @param title its document's title, or its id where that has none
 * @param url where the document can be read, empty if unknown
 * @param score from 0 to 1; higher is better
 * @param text its text
 * @param filename the stored file's name; the title where it is of none
 * @param attributes what the store was told of the file
 */
public record Source(
        String id,
        String fileId,
        String title,
        String url,
        double score,
        String text,
        String filename,
        Map<String, Object> attributes) {
    private static final String UNNAMED = "urn:gateway:passage:";

    /** What an annotation names it by: where it can be read, or else its id. */
    public String cited() {
        return url.isEmpty() ? UNNAMED + id : url;
    }

    /** Whether an annotation that names this place means it. */
    public boolean citedAs(String place) {
        return cited().equals(place);
    }
}
