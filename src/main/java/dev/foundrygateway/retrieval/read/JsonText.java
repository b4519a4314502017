package dev.foundrygateway.retrieval.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** JSON, or JSON lines: one line for each value, behind the path that leads to it; the outermost objects of a list are parts of their own. */
final class JsonText {
    /** Settings of editors and compilers have comments, and a comma behind the last entry. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    /** It stands before each value: its last names say the most. */
    private static final int MAX_PATH = 200;

    private JsonText() {}

    static Extraction read(String json, boolean lines, int maxLength) throws UnreadableFileException {
        Headings document = new Headings(maxLength);
        Deque<String> paths = new ArrayDeque<>();
        String path = "";
        int record = -1;
        try (JsonParser parser = FACTORY.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                BoundedReading.check();
                if (token.isStructStart()) {
                    JsonStreamContext around = parser.getParsingContext().getParent();
                    boolean entry = around.inArray() || (lines && around.inRoot());
                    if (record < 0 && entry && token == JsonToken.START_OBJECT) {
                        record = paths.size();
                        document.part();
                    }
                    paths.push(path);
                    path = named(path, around.getCurrentName());
                } else if (token.isStructEnd()) {
                    path = paths.pop();
                    if (record == paths.size() || paths.isEmpty()) {
                        record = -1;
                        document.part();
                    }
                } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                    String name = named(path, parser.currentName());
                    document.text(name)
                            .text(name.isEmpty() ? "" : ": ")
                            .text(parser.getText())
                            .text("\n");
                }
            }
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw new UnreadableFileException("the JSON is invalid"
                    + (place == null ? ": " + e.getOriginalMessage() : " at line " + place.getLineNr()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return document.extraction("");
    }

    private static String named(String path, @Nullable String name) {
        if (name == null || name.isEmpty()) {
            return path;
        }
        String longer = path.isEmpty() ? name : path + "." + name;
        return longer.length() <= MAX_PATH ? longer : longer.substring(longer.length() - MAX_PATH);
    }
}
