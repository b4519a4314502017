package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.openai.HeaderValue;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a mail's headers, which are ASCII that stands for other letters, and their parameters. */
final class MailWords {
    private static final Pattern ENCODED =
            Pattern.compile("=\\?([A-Za-z0-9][A-Za-z0-9_-]{0,39})(?:\\*[a-z-]*+)?\\?([BbQq])\\?([^? ]*+)\\?=");

    private MailWords() {}

    /** Bytes of a header: UTF-8 where they are that, else letter by letter. */
    static String raw(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 ? text : new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** A header's value in letters. */
    static String decoded(String value) {
        StringBuilder text = new StringBuilder();
        // Words that follow each other are read together: a letter may begin in one and end in the next.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String charset = "";
        Matcher word = ENCODED.matcher(value);
        int from = 0;
        while (word.find()) {
            String between = value.substring(from, word.start());
            if (!charset.equalsIgnoreCase(word.group(1)) || !between.isBlank()) {
                text.append(letters(bytes, charset));
                text.append(charset.isEmpty() || !between.isBlank() ? between : "");
            }
            byte[] letters = word.group(3).getBytes(StandardCharsets.ISO_8859_1);
            bytes.writeBytes(word.group(2).equalsIgnoreCase("B") ? base64(letters) : quotedPrintable(letters, true));
            charset = word.group(1);
            from = word.end();
        }
        return text.append(letters(bytes, charset))
                .append(value.substring(from))
                .toString();
    }

    private static String letters(ByteArrayOutputStream bytes, String charset) {
        String letters = charset.isEmpty() ? "" : new String(bytes.toByteArray(), charset(charset));
        bytes.reset();
        return letters;
    }

    /** Leniently: a word that was cut has a letter too many. */
    static byte[] base64(byte[] word) {
        int end = 0;
        int letters = 0;
        int last = 0;
        for (; end < word.length && word[end] != '='; end++) {
            if (isBase64(word[end])) {
                letters++;
                last = end;
            }
        }
        ByteBuffer bytes = Base64.getMimeDecoder().decode(ByteBuffer.wrap(word, 0, letters % 4 == 1 ? last : end));
        return bytes.remaining() == bytes.array().length ? bytes.array() : Arrays.copyOf(bytes.array(), bytes.limit());
    }

    private static boolean isBase64(byte letter) {
        return (letter >= 'A' && letter <= 'Z')
                || (letter >= 'a' && letter <= 'z')
                || (letter >= '0' && letter <= '9')
                || letter == '+'
                || letter == '/';
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
        return HeaderValue.parse(header).letters(name).map(MailWords::decoded).orElse("");
    }
}
