package dev.foundrygateway.testing;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** Random JSON texts: any whitespace, escapes, surrogates, nested look-alikes of the members that matter. */
public final class RandomJson {
    private static final String[] SPACES = {"", "", "", " ", "\n", "\r\n\t", "  "};
    private static final String[] PIECES = {
        "a",
        "Grüße",
        "漢字",
        "😀",
        "\\\"usage\\\":{",
        "\\\\",
        "\\/",
        "\\b\\f\\n\\r\\t",
        "\\u00e9",
        "\\ud83d\\ude00",
        "}{][,:",
        "data: ",
        "long run of plain text "
    };
    private static final String[] LITERALS = {
        "true", "false", "null", "0", "-1", "12", "0.10", "1e400", "-0.0E-7", "123456789012345678901234567890"
    };

    private final Random random;
    private final String[] names;

    /**
     * A source of texts.
     *
     * @param random decides
     * @param names the members' names, as they stand between quotes; others are drawn too
     */
    public RandomJson(Random random, String... names) {
        this.random = random;
        this.names = names.clone();
    }

    /** An object of that depth at most, no name twice in it. */
    public String object(int depth) {
        StringBuilder json = new StringBuilder(space()).append('{').append(space());
        Set<String> used = new HashSet<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            String name = name();
            if (used.add(name)) {
                json.append(used.size() == 1 ? "" : "," + space())
                        .append(name)
                        .append(space())
                        .append(':')
                        .append(value(depth - 1))
                        .append(space());
            }
        }
        return json.append('}').append(space()).toString();
    }

    /** Any value of that depth at most. */
    public String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 3)) {
            case 0, 1 -> space() + string();
            case 2 -> space() + LITERALS[random.nextInt(LITERALS.length)];
            case 3 -> array(depth);
            default -> object(depth);
        };
    }

    /** A string, quotes included. */
    public String string() {
        StringBuilder json = new StringBuilder("\"");
        for (int i = random.nextInt(5); i > 0; i--) {
            json.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return json.append('"').toString();
    }

    /** The text with a byte of plain ASCII taken out, put in, doubled or changed; often no JSON any more. */
    public String mutate(String json) {
        StringBuilder text = new StringBuilder(json);
        String alphabet = "{}[],:\"\\ 0-.eEtfnu1\n";
        char c = alphabet.charAt(random.nextInt(alphabet.length()));
        int at = random.nextInt(json.length());
        if (Character.isSurrogate(json.charAt(at))) {
            return json;
        }
        return switch (random.nextInt(4)) {
            case 0 -> text.deleteCharAt(at).toString();
            case 1 -> text.insert(at, c).toString();
            case 2 -> text.insert(at, json.charAt(at)).toString();
            default -> text.replace(at, at + 1, String.valueOf(c)).toString();
        };
    }

    private String array(int depth) {
        StringBuilder json = new StringBuilder(space()).append('[').append(space());
        int elements = random.nextInt(4);
        for (int i = 0; i < elements; i++) {
            json.append(i == 0 ? "" : ",").append(value(depth - 1)).append(space());
        }
        return json.append(']').toString();
    }

    private String name() {
        return names.length > 0 && random.nextInt(3) > 0 ? '"' + names[random.nextInt(names.length)] + '"' : string();
    }

    private String space() {
        return SPACES[random.nextInt(SPACES.length)];
    }
}
