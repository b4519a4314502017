package dev.foundrygateway.upstream;

import dev.foundrygateway.openai.PlainReply;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The counts at the end of a reply too long to be read whole: only its last bytes are kept. */
final class LateUsage {
    private static final int KEPT = 2_048;
    private static final Pattern USAGE =
            Pattern.compile("\"usage\"\\s{0,9}:\\s{0,9}(\\{[^{}]{1,1024}(?:\\{[^{}]{0,512}\\}[^{}]{0,512}){0,4}\\})");

    private Buffer tail = Buffer.buffer();

    /** The next bytes. */
    void take(Buffer bytes) {
        Buffer both = bytes.length() >= KEPT ? bytes : tail.appendBuffer(bytes);
        tail = both.length() <= KEPT ? both.copy() : both.getBuffer(both.length() - KEPT, both.length());
    }

    /** A frame of no bytes that says them; empty if the reply doesn't end with them. */
    Frame told() {
        Matcher found = USAGE.matcher(tail.toString(StandardCharsets.ISO_8859_1));
        String counts = "";
        while (found.find()) {
            counts = found.group(1);
        }
        if (counts.isEmpty()) {
            return Frame.EMPTY;
        }
        StreamEvent event = PlainReply.frame(Buffer.buffer("{\"usage\":" + counts + "}"))
                .events()
                .get(0);
        return new Frame(Buffer.buffer(), List.of(event.at(0, 0)));
    }
}
