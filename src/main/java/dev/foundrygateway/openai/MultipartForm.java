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

    private static final String TYPE = "multipart/form-data";

    private final Buffer bytes;
    private final String boundary;
    private final String name;
    private final String value;
    private final int from;
    private final int to;
    private boolean whole;
    private boolean twice;

    private MultipartForm(Buffer bytes, String boundary, String name, String value, int from, int to) {
        this.bytes = bytes;
        this.boundary = boundary;
        this.name = name;
        this.value = value;
        this.from = from;
        this.to = to;
    }

    public static boolean is(String contentType) {
        return contentType.regionMatches(true, 0, TYPE, 0, TYPE.length());
    }

    /**
     * Reads a form to its end for the one field of that name that is no file.
     *
     * @param contentType the request's Content-Type
     * @param body the whole body
     * @param name the field's name
     * @throws IllegalArgumentException when it is no form, or has two such fields
     */
    public static MultipartForm parse(String contentType, Buffer body, String name) {
        MultipartForm form = read(contentType, body, name);
        if (form.twice) {
            // Who reads the first one and who the last one would not mean the same.
            throw new IllegalArgumentException("its field " + name + " comes twice");
        }
        if (!form.whole) {
            throw new IllegalArgumentException("it ends before its last boundary, or a part of it has no end");
        }
        return form;
    }

    private static MultipartForm read(String contentType, Buffer body, String name) {
        HeaderValue type = HeaderValue.parse(contentType);
        String boundary = type.parameter("boundary").orElse("");
        if (!type.is(TYPE) || boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
            throw new IllegalArgumentException(
                    "its Content-Type has no boundary of 1 to " + MAX_BOUNDARY + " characters");
        }
        ByteBuf view = HeapBytes.of(body);
        int start = HeapBytes.start(view);
        return parse(body, view.array(), start, start + view.readableBytes(), boundary, name);
    }

    /**
     * The value of the first field of that name that is no file.
     *
     * @return empty if the body has no such field or is malformed before it
     */
    public static Optional<String> field(String contentType, Buffer body, String name) {
        try {
            MultipartForm form = read(contentType, body, name);
            return form.to == 0 ? Optional.empty() : Optional.of(form.value);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static MultipartForm parse(Buffer bytes, byte[] body, int start, int end, String boundary, String name) {
        BytePattern delimiter = new BytePattern(("\r\n--" + boundary).getBytes(UTF_8));
        BytePattern blankLine = new BytePattern(BLANK_LINE);
        MultipartForm found = new MultipartForm(bytes, boundary, name, "", 0, 0);
        // The first delimiter may stand at the very beginning, without a line break before it.
        int part = new BytePattern(("--" + boundary).getBytes(UTF_8)).endIn(body, start, end);
        while (part >= 0 && !isLast(body, part, end)) {
            int head = lineBreakAfter(body, part, end);
            // From the line break on, since a part may have no header at all.
            int content = head < 0 ? -1 : blankLine.endIn(body, head, Math.min(end, head + MAX_HEAD));
            part = content < 0 ? -1 : delimiter.endIn(body, content - 2, end);
            if (part >= 0 && isField(new String(body, head, content - head, UTF_8), name)) {
                if (found.to > 0) {
                    found.twice = true;
                    continue;
                }
                int stop = Math.max(content, part - delimiter.length());
                found = new MultipartForm(
                        bytes,
                        boundary,
                        name,
                        new String(body, content, stop - content, UTF_8),
                        content - start,
                        stop - start);
            }
        }
        found.whole = part >= 0;
        return found;
    }

    private static boolean isLast(byte[] body, int from, int to) {
        return from + 1 < to && body[from] == '-' && body[from + 1] == '-';
    }

    public Buffer bytes() {
        return bytes;
    }

    /** The field's value; empty if there is no such field. */
    public String value() {
        return value;
    }

    /** Where the value begins in the bytes. */
    public int from() {
        return from;
    }

    /** One past the value's end; 0 if there is no such field. */
    public int to() {
        return to;
    }

    /** The form with the field before all others, for one that has none of that name. */
    public MultipartForm with(String newValue) {
        String head = "--" + boundary + "\r\n" + DISPOSITION + " form-data; name=\"" + name + "\"\r\n\r\n";
        Buffer all = Buffer.buffer(head).appendString(newValue).appendString("\r\n");
        int begin = Buffer.buffer(head).length();
        int length = all.length() - begin - 2;
        return new MultipartForm(all.appendBuffer(bytes), boundary, name, newValue, begin, begin + length);
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
