package dev.foundrygateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.foundrygateway.openai.json.BytePattern;
import dev.foundrygateway.openai.json.HeapBytes;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Reads simple fields out of a {@code multipart/form-data} body and touches no file in it. The cost is linear in the body, and as a rule much less.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7578">RFC 7578</a>
 */
public final class MultipartForm {
    private static final byte[] BLANK_LINE = "\r\n\r\n".getBytes(UTF_8);
    private static final String DISPOSITION = "Content-Disposition:";
    /** How long the header lines of one part may be. */
    private static final int MAX_HEAD = 16 * 1024;
    /** RFC 2046, 5.1.1. */
    private static final int MAX_BOUNDARY = 70;

    private MultipartForm() {}

    /**
     * The value of the first field of that name that is no file.
     *
     * @param contentType the request's Content-Type
     * @param body the whole body
     * @param name the field's name
     * @return empty if the body has no such field or is malformed before it
     */
    public static Optional<String> field(String contentType, Buffer body, String name) {
        HeaderValue type = HeaderValue.parse(contentType);
        String boundary = type.parameter("boundary").orElse("");
        if (!type.is("multipart/form-data") || boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
            return Optional.empty();
        }
        ByteBuf view = HeapBytes.of(body);
        int from = HeapBytes.start(view);
        return find(view.array(), from, from + view.readableBytes(), boundary, name);
    }

    private static Optional<String> find(byte[] body, int from, int to, String boundary, String name) {
        BytePattern delimiter = new BytePattern(("\r\n--" + boundary).getBytes(UTF_8));
        BytePattern blankLine = new BytePattern(BLANK_LINE);
        // The first delimiter may stand at the very beginning, without a line break before it.
        int part = new BytePattern(("--" + boundary).getBytes(UTF_8)).endIn(body, from, to);
        while (part >= 0) {
            int head = lineBreakAfter(body, part, to);
            // From the line break on, since a part may have no header at all.
            int content = head < 0 ? -1 : blankLine.endIn(body, head, Math.min(to, head + MAX_HEAD));
            int next = content < 0 ? -1 : delimiter.endIn(body, content - 2, to);
            if (next < 0) {
                return Optional.empty();
            }
            int end = Math.max(content, next - delimiter.length());
            if (isField(new String(body, head, content - head, UTF_8), name)) {
                return Optional.of(new String(body, content, end - content, UTF_8));
            }
            part = next;
        }
        return Optional.empty();
    }

    /** Where the line break after a delimiter stands; -1 behind the last delimiter, and where anything but blanks comes before the break. */
    private static int lineBreakAfter(byte[] body, int from, int to) {
        int p = from;
        while (p < to && (body[p] == ' ' || body[p] == '\t')) {
            p++;
        }
        return p + 1 < to && body[p] == '\r' && body[p + 1] == '\n' ? p : -1;
    }

    private static boolean isField(String head, String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, DISPOSITION, 0, DISPOSITION.length()))
                .map(line -> HeaderValue.parse(line.substring(DISPOSITION.length())))
                .anyMatch(value -> value.is("form-data")
                        && value.parameter("name").filter(name::equals).isPresent()
                        && value.parameter("filename").isEmpty()
                        && value.parameter("filename*").isEmpty());
    }
}
