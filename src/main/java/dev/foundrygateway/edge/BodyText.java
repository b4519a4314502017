package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The charset of a body of text: UTF-8, or the one that its Content-Type names, which is turned into UTF-8. What is neither is refused, so that no mangled text goes on. */
final class BodyText {
    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*(?:\"([^\"]{0,80})\"|([^\\s;\"]{1,80}))", Pattern.CASE_INSENSITIVE);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;

    private BodyText() {}

    /**
     * The charset that a body must be turned from; empty for UTF-8.
     *
     * @throws GatewayException for one that nobody knows
     */
    static Optional<Charset> charset(String contentType) {
        Matcher matcher = CHARSET.matcher(contentType);
        if (contentType.isEmpty() || !matcher.find()) {
            return Optional.empty();
        }
        String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        if (name.toLowerCase(Locale.ROOT).equals("utf-8")) {
            return Optional.empty();
        }
        try {
            Charset charset = Charset.forName(name);
            return charset.equals(StandardCharsets.UTF_8) ? Optional.empty() : Optional.of(charset);
        } catch (IllegalArgumentException unknown) {
            throw new GatewayException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "the charset " + name.replaceAll("[^ -~]", "?") + " of the Content-Type is not known; send UTF-8");
        }
    }

    /**
     * The text in UTF-8.
     *
     * @throws GatewayException when it is not in that charset
     */
    static byte[] recoded(byte[] bytes, int length, Charset from) {
        try {
            CharBuffer text = from.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, 0, length));
            return text.toString().getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new GatewayException(
                    ErrorCode.INVALID_JSON,
                    "the request body is not in " + from.name() + ", the charset of its Content-Type; send UTF-8");
        }
    }

    /** @throws GatewayException when the bytes between these places are no UTF-8 */
    static void check(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (at + Long.BYTES <= to && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
                at += Long.BYTES;
            } else {
                int next = next(bytes, at, to);
                if (next < 0) {
                    throw new GatewayException(
                            ErrorCode.INVALID_JSON,
                            "the request body is not UTF-8 at its byte " + (at - from)
                                    + "; send UTF-8, or name the charset in the Content-Type");
                }
                at = next;
            }
        }
    }

    /** Behind the character at this place; -1 if it is none. The standard's table 3-7 of well-formed sequences. */
    private static int next(byte[] bytes, int at, int to) {
        int first = bytes[at] & 0xff;
        if (first < 0x80) {
            return at + 1;
        }
        int more = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0;
        if (more == 0 || at + more >= to) {
            return -1;
        }
        int second = bytes[at + 1] & 0xff;
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < least || second > most) {
            return -1;
        }
        for (int i = 2; i <= more; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return -1;
            }
        }
        return at + more + 1;
    }
}
