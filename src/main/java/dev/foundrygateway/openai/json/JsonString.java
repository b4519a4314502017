package dev.foundrygateway.openai.json;

import static java.nio.charset.StandardCharsets.UTF_8;

/** JSON strings to and from text. */
public final class JsonString {
    private static final String HEX = "0123456789abcdef";

    private JsonString() {}

    /** The text as a JSON string, quotes included. A surrogate without its partner, which UTF-8 cannot express, is escaped. */
    public static String quote(String text) {
        StringBuilder json = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ' || (Character.isSurrogate(c) && !paired(text, i))) {
                        json.append("\\u");
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            json.append(HEX.charAt(c >> shift & 0xf));
                        }
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"').toString();
    }

    private static boolean paired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    /** The text of a well-formed string's inside. A surrogate escaped without its partner stays alone. */
    public static String decode(byte[] bytes, int from, int to) {
        int stop = ByteSearch.stringStop(bytes, from, to);
        if (stop == to) {
            return new String(bytes, from, to - from, UTF_8);
        }
        StringBuilder text = new StringBuilder(to - from);
        int p = from;
        while (stop < to) {
            text.append(new String(bytes, p, stop - p, UTF_8));
            p = stop + 2;
            switch (bytes[stop + 1]) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append(codeUnit(bytes, p));
                    p += 4;
                }
                default -> text.append((char) bytes[stop + 1]);
            }
            stop = ByteSearch.stringStop(bytes, p, to);
        }
        return text.append(new String(bytes, p, to - p, UTF_8)).toString();
    }

    private static char codeUnit(byte[] bytes, int from) {
        int unit = 0;
        for (int i = from; i < from + 4; i++) {
            unit = unit << 4 | Character.digit(bytes[i], 16);
        }
        return (char) unit;
    }
}
