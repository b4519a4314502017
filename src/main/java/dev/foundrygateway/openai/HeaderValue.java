package dev.foundrygateway.openai;

import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A header field's value with parameters: {@code multipart/form-data; boundary="x"}. Read leniently: what is malformed is left out. Immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-5.6.6">RFC 9110, 5.6.6</a>
 */
public final class HeaderValue {
    private final String value;
    private final Map<String, String> parameters;

    private HeaderValue(String value, Map<String, String> parameters) {
        this.value = value;
        this.parameters = parameters;
    }

    /** Reads a header field's value. */
    public static HeaderValue parse(String text) {
        int semicolon = endOfParameter(text, 0);
        Map<String, String> parameters = new HashMap<>();
        for (int from = semicolon + 1; from <= text.length(); ) {
            int end = endOfParameter(text, from);
            String parameter = text.substring(from, end);
            int equals = parameter.indexOf('=');
            if (equals >= 0) {
                String name = parameter.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                parameters.putIfAbsent(name, parameter.substring(equals + 1).strip());
            }
            from = end + 1;
        }
        return new HeaderValue(text.substring(0, semicolon).strip(), parameters);
    }

    /** Whether a {@code Content-Type} names this media type, its parameters and letter case aside; for every reply, so without reading the parameters. */
    public static boolean isType(@Nullable String contentType, String mediaType) {
        if (contentType == null) {
            return false;
        }
        int semicolon = contentType.indexOf(';');
        int to = semicolon < 0 ? contentType.length() : semicolon;
        int from = 0;
        while (from < to && contentType.charAt(from) <= ' ') {
            from++;
        }
        while (to > from && contentType.charAt(to - 1) <= ' ') {
            to--;
        }
        return to - from == mediaType.length() && contentType.regionMatches(true, from, mediaType, 0, to - from);
    }

    /** Whether the value before the parameters is this, letter case aside. */
    boolean is(String other) {
        return value.equalsIgnoreCase(other);
    }

    /** A parameter's value, without the quotes; empty if the parameter is absent. */
    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name)).map(written -> unquote(written, "\\\\(.)"));
    }

    /** A file's name: what {@code name*} says in its own character set wins; of a quoted one only quotes are escaped, as programs write the paths of Windows. */
    public Optional<String> letters(String name) {
        String extended = parameters.get(name + "*");
        return extended == null
                ? Optional.ofNullable(parameters.get(name)).map(written -> unquote(written, "\\\\([\"\\\\])"))
                : Optional.of(extended(unquote(extended, "\\\\(.)")));
    }

    /** {@code UTF-8''na%C3%AFve.txt} in letters. */
    private static String extended(String value) {
        int language = value.indexOf('\'');
        int words = language < 0 ? -1 : value.indexOf('\'', language + 1);
        if (words < 0) {
            return value;
        }
        Charset charset = value.regionMatches(true, 0, "iso-8859-1", 0, language)
                ? StandardCharsets.ISO_8859_1
                : StandardCharsets.UTF_8;
        try {
            return URLDecoder.decode(value.substring(words + 1).replace("+", "%2B"), charset);
        } catch (IllegalArgumentException e) {
            return value.substring(words + 1);
        }
    }

    /** Where the next semicolon outside quotes stands, or the text's end. */
    private static int endOfParameter(String text, int from) {
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ';' && !quoted) {
                return i;
            } else if (c == '\\' && quoted) {
                i++;
            }
        }
        return text.length();
    }

    private static String unquote(String text, String escaped) {
        if (text.length() < 2 || text.charAt(0) != '"' || !text.endsWith("\"")) {
            return text;
        }
        return text.substring(1, text.length() - 1).replaceAll(escaped, "$1");
    }
}
