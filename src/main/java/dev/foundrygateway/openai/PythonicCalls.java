package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.JsonString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tool calls in Python's words, as Llama 4 and small Llama models write them: {@code [get_weather(city="Paris"), now()]}. Arguments are named and are literals; what is anything else is
 * no call. Linear in the text.
 */
final class PythonicCalls {
    private static final Pattern OPENING = Pattern.compile("\\[\\s{0,64}([A-Za-z_][\\w.-]{0,127})\\s{0,9}\\(");
    private static final Pattern HALF_OPENING = Pattern.compile("\\[\\s{0,64}(?:([A-Za-z_][\\w.-]{0,127})\\s{0,9})?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][\\w.-]{0,127}");
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:(0|[1-9]\\d{0,999})(\\.\\d{0,999})?|(\\.\\d{1,999}))([eE][+-]?\\d{1,9})?");
    private static final int MOST_LEVELS = 32;

    private final String text;
    private int at;

    private PythonicCalls(String text, int from) {
        this.text = text;
        this.at = from;
    }

    /**
     * A list of calls.
     *
     * @param end the place behind its closing bracket
     */
    record Found(List<ToolCall> calls, int end) {}

    /** What is no such list, wherever in it that shows. */
    private static final class NoCallException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoCallException() {
            super("no call", null, false, false);
        }
    }

    /** Whether such a list begins there, of a known function: told from a text that has not all come yet. */
    static CallOpening.Opening at(String text, int at, Set<String> known) {
        Matcher opening = OPENING.matcher(text).region(at, text.length());
        if (opening.lookingAt()) {
            return known.contains(opening.group(1)) ? CallOpening.Opening.CALL : CallOpening.Opening.NONE;
        }
        Matcher half = HALF_OPENING.matcher(text).region(at, text.length());
        if (!half.matches()) {
            return CallOpening.Opening.NONE;
        }
        String name = half.group(1) == null ? "" : half.group(1);
        return known.stream().anyMatch(one -> one.startsWith(name))
                ? CallOpening.Opening.OPEN
                : CallOpening.Opening.NONE;
    }

    /** Reads the list whose bracket stands there; empty if it is none. */
    static Optional<Found> read(String text, int from, Supplier<String> ids) {
        if (!OPENING.matcher(text).region(from, text.length()).lookingAt()) {
            return Optional.empty();
        }
        try {
            PythonicCalls reading = new PythonicCalls(text, from + 1);
            List<ToolCall> calls = new ArrayList<>();
            do {
                calls.add(reading.call(ids));
            } while (reading.another(']'));
            return Optional.of(new Found(List.copyOf(calls), reading.at));
        } catch (NoCallException none) {
            return Optional.empty();
        }
    }

    /** A value of Python's alone, as JSON; empty if the text is none. */
    static Optional<String> literal(String text) {
        try {
            PythonicCalls reading = new PythonicCalls(text, 0);
            String value = reading.value(0);
            reading.blanks();
            return reading.at == text.length() ? Optional.of(value) : Optional.empty();
        } catch (NoCallException none) {
            return Optional.empty();
        }
    }

    private ToolCall call(Supplier<String> ids) {
        String name = name();
        StringBuilder arguments = new StringBuilder("{");
        Set<String> named = new HashSet<>();
        take('(');
        if (!takes(')')) {
            do {
                String argument = name();
                take('=');
                if (!named.add(argument)) {
                    throw new NoCallException();
                }
                arguments.append(arguments.length() > 1 ? "," : "").append(JsonString.quote(argument));
                arguments.append(':').append(value(0));
            } while (another(')'));
        }
        return new ToolCall(ids.get(), name, arguments.append('}').toString());
    }

    /** Whether a comma and something more follow, instead of that end. */
    private boolean another(char end) {
        if (takes(end)) {
            return false;
        }
        take(',');
        return !takes(end);
    }

    private String name() {
        blanks();
        Matcher name = NAME.matcher(text).region(at, text.length());
        if (!name.lookingAt()) {
            throw new NoCallException();
        }
        at = name.end();
        return name.group();
    }

    /** The next value, as JSON. */
    private String value(int level) {
        blanks();
        if (at == text.length() || level > MOST_LEVELS) {
            throw new NoCallException();
        }
        char c = text.charAt(at);
        return switch (c) {
            case '"', '\'' -> JsonString.quote(string(c));
            case '[', '(' -> list(c == '[' ? ']' : ')', level);
            case '{' -> dictionary(level);
            default -> Character.isLetter(c) ? word() : number();
        };
    }

    /** A list, a tuple, or the value that stands in parentheses without a comma. */
    private String list(char end, int level) {
        at++;
        if (takes(end)) {
            return "[]";
        }
        String first = value(level + 1);
        if (end == ')' && takes(end)) {
            return first;
        }
        StringBuilder json = new StringBuilder("[").append(first);
        while (another(end)) {
            json.append(',').append(value(level + 1));
        }
        return json.append(']').toString();
    }

    private String dictionary(int level) {
        at++;
        StringBuilder json = new StringBuilder("{");
        if (!takes('}')) {
            do {
                blanks();
                char quote = at < text.length() ? text.charAt(at) : ' ';
                if (quote != '"' && quote != '\'') {
                    throw new NoCallException();
                }
                json.append(json.length() > 1 ? "," : "").append(JsonString.quote(string(quote)));
                take(':');
                json.append(':').append(value(level + 1));
            } while (another('}'));
        }
        return json.append('}').toString();
    }

    private String word() {
        return switch (name()) {
            case "True", "true" -> "true";
            case "False", "false" -> "false";
            case "None", "null" -> "null";
            default -> throw new NoCallException();
        };
    }

    private String number() {
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) {
            throw new NoCallException();
        }
        at = number.end();
        String json = number.group().startsWith("+") ? number.group().substring(1) : number.group();
        // JSON wants digits on both sides of the point.
        return json.replaceFirst("^(-?)\\.", "$10.").replaceFirst("\\.(?!\\d)", ".0");
    }

    private String string(char quote) {
        StringBuilder said = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == quote) {
                at++;
                return said.toString();
            }
            if (c == '\n') {
                throw new NoCallException();
            }
            said.append(c == '\\' ? escaped() : String.valueOf(c));
        }
        throw new NoCallException();
    }

    /** What the escape means at whose backslash the reading stands; it stands at the escape's last letter then. */
    private String escaped() {
        at++;
        char c = at < text.length() ? text.charAt(at) : ' ';
        return switch (c) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'a' -> "\u0007";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'v' -> "\u000b";
            case '\\', '\'', '"' -> String.valueOf(c);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
            case 'x' -> unit(2);
            case 'u' -> unit(4);
            case 'U' -> unit(8);
            // The string goes on in the next line.
            case '\n' -> "";
            case '\r' -> {
                at += text.startsWith("\n", at + 1) ? 1 : 0;
                yield "";
            }
            // Python leaves what it doesn't know as it stands.
            default -> "\\" + c;
        };
    }

    private String unit(int digits) {
        try {
            String unit = Character.toString(HexFormat.fromHexDigits(text, at + 1, at + 1 + digits));
            at += digits;
            return unit;
        } catch (IndexOutOfBoundsException | IllegalArgumentException none) {
            throw new NoCallException();
        }
    }

    /** One to three digits. */
    private String octal() {
        int end = at + 1;
        while (end < Math.min(at + 3, text.length()) && text.charAt(end) >= '0' && text.charAt(end) <= '7') {
            end++;
        }
        char unit = (char) Integer.parseInt(text, at, end, 8);
        at = end - 1;
        return String.valueOf(unit);
    }

    private void take(char c) {
        if (!takes(c)) {
            throw new NoCallException();
        }
    }

    private boolean takes(char c) {
        blanks();
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }
}
