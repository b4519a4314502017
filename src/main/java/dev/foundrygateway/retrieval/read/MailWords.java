package dev.foundrygateway.retrieval.read;

import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a mail's headers, which are ASCII that stands for other letters, and their parameters. */
final class MailWords {
    private static final Pattern ENCODED = Pattern.compile("=\\?([A-Za-z0-9_-]{1,40})(?:\\*[a-z-]*+)?\\?([BbQq])\\?([^? ]*+)\\?=");

    private MailWords() {}

    /** Bytes of a header: UTF-8 where they are that, else letter by letter. */
    static String raw(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 ? text : new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** A header's value in letters. */
    static String decoded(String value) {
        StringBuilder text = new StringBuilder();
        Matcher word = ENCODED.matcher(value);
        int from = 0;
        boolean behindWord = false;
        while (word.find()) {
            String between = value.substring(from, word.start());
            text.append(behindWord && between.isBlank() ? "" : between);
            byte[] bytes = word.group(2).equalsIgnoreCase("B")
                    ? Base64.getMimeDecoder().decode(word.group(3).replaceAll("[^A-Za-z0-9+/]", ""))
                    : quotedPrintable(word.group(3).getBytes(StandardCharsets.ISO_8859_1), true);
            text.append(new String(bytes, charset(word.group(1))));
            from = word.end();
            behindWord = true;
        }
        return text.append(value.substring(from)).toString();
    }

    private static Charset charset(String name) {
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }

    /**
     * Quoted-printable text in its own bytes.
     *
     * @param header whether underscores are blanks, as in headers
     */
    static byte[] quotedPrintable(byte[] text, boolean header) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length);
        for (int i = 0; i < text.length; i++) {
            int high = text[i] == '=' && i + 2 < text.length ? Character.digit(text[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text[i + 2], 16);
            if (low >= 0) {
                bytes.write(high * 16 + low);
                i += 2;
            } else if (text[i] == '=' && i + 1 < text.length && text[i + 1] == '\n') {
                i++;
            } else if (text[i] == '=' && i + 2 < text.length && text[i + 1] == '\r') {
                i += 2;
            } else {
                bytes.write(header && text[i] == '_' ? ' ' : text[i]);
            }
        }
        return bytes.toByteArray();
    }

    /** A parameter of a header, such as a file's name; empty if there is none. */
    static String parameter(String header, String name) {
        String lower = header.toLowerCase(Locale.ROOT);
        int at = lower.indexOf(';');
        while (at >= 0) {
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                return "";
            }
            String key = lower.substring(at + 1, equals).strip();
            int end = end(header, equals + 1);
            String value = header.substring(equals + 1, end).strip();
            if (key.equals(name)) {
                return decoded(value.startsWith("\"") ? unquoted(value) : value);
            }
            if (key.equals(name + "*")) {
                return extended(value);
            }
            at = end < header.length() ? end : -1;
        }
        return "";
    }

    /** Where a value ends: at the next semicolon that stands in no quotes. */
    private static int end(String header, int from) {
        boolean quoted = false;
        for (int i = from; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ';' && !quoted) {
                return i;
            }
        }
        return header.length();
    }

    private static String unquoted(String value) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < value.length() && value.charAt(i) != '"'; i++) {
            boolean escaped = value.charAt(i) == '\\' && i + 1 < value.length();
            i += escaped ? 1 : 0;
            text.append(value.charAt(i));
        }
        return text.toString();
    }

    /** {@code UTF-8''na%C3%AFve.txt} in letters. */
    static String extended(String value) {
        int charset = value.indexOf('\'');
        int words = charset < 0 ? -1 : value.indexOf('\'', charset + 1);
        if (words < 0) {
            return value;
        }
        try {
            return URLDecoder.decode(value.substring(words + 1).replace("+", "%2B"), charset(value.substring(0, charset)));
        } catch (IllegalArgumentException e) {
            return value.substring(words + 1);
        }
    }
}
