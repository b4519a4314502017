package dev.foundrygateway.openai.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Reads a whole JSON text, for messages about what is wrong in it. */
public final class FullParse {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonCursor.MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private FullParse() {}

    /** Says where the first error is; built from its place alone, since the parser's own message may quote the text. */
    public static Optional<String> firstError(Buffer bytes) {
        ByteBuf view = HeapBytes.of(bytes);
        try (JsonParser parser = FACTORY.createParser(view.array(), HeapBytes.start(view), view.readableBytes())) {
            while (parser.nextToken() != null) {
                // Asking for the text makes the parser decode it, which it would else skip.
                parser.getTextLength();
            }
            return Optional.empty();
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            return Optional.of("invalid JSON at line " + place.getLineNr() + ", column " + place.getColumnNr());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
