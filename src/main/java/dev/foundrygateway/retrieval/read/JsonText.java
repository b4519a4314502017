package dev.foundrygateway.retrieval.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** JSON, or JSON lines: one line for each value, behind its name; a blank line between the objects of a list. */
final class JsonText {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    static Extraction read(String json) throws UnreadableFileException {
        StringBuilder text = new StringBuilder();
        try (JsonParser parser = FACTORY.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                BoundedReading.check();
                if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                    String name = parser.currentName();
                    text.append(name == null ? "" : name + ": ")
                            .append(parser.getText())
                            .append('\n');
                } else if (token == JsonToken.END_OBJECT) {
                    text.append('\n');
                }
            }
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw new UnreadableFileException("the JSON is invalid"
                    + (place == null ? ": " + e.getOriginalMessage() : " at line " + place.getLineNr()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Extraction("", List.of(new Section("", text.toString())));
    }
}
