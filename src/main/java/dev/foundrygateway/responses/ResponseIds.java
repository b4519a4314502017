package dev.foundrygateway.responses;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ids of responses that were translated here, and of their items. They begin with the time, so that they are in order by it, and end in what nobody can
 * guess. A model server's own ids look otherwise.
 */
public final class ResponseIds {
    /** What every id of ours has in it. */
    public static final String MARK = "_gw_";

    private static final String OURS = "resp" + MARK;
    private static final Pattern RESPONSE = Pattern.compile(OURS + "[0-9a-f]{36}");
    private static final Pattern CONVERSATION = Pattern.compile("conv" + MARK + "[0-9a-f]{36}");
    private static final Pattern ITEM = Pattern.compile("[a-z]{2,3}_gw_([0-9a-f]{36})_i?[0-9]{1,9}");

    private ResponseIds() {}

    /**
     * A new one.
     *
     * @param millis the time now, since 1970
     * @param random 24 hexadecimal digits
     */
    public static String of(long millis, String random) {
        return OURS + String.format(Locale.ROOT, "%012x", millis) + random;
    }

    /** Whether it is an id of ours; the response may be gone. */
    public static boolean ours(String id) {
        return RESPONSE.matcher(id).matches();
    }

    /** Whether it is the id of a conversation of ours; it may be gone. */
    public static boolean conversation(String id) {
        return CONVERSATION.matcher(id).matches();
    }

    /** The id of a conversation that begins with a response's time, which nobody can guess either. */
    public static String conversationOf(String response) {
        return "conv" + response.substring("resp".length());
    }

    /** When a response of ours was asked for, in milliseconds since 1970. */
    public static long millis(String id) {
        return Long.parseLong(id.substring(OURS.length(), OURS.length() + 12), 16);
    }

    /** The response that an item of that id belongs to; empty if it is none of ours. */
    public static Optional<String> responseOf(String item) {
        Matcher ours = ITEM.matcher(item);
        return ours.matches() ? Optional.of(OURS + ours.group(1)) : Optional.empty();
    }

    /** The id of an item of an answer. */
    public static String output(String prefix, String response, int index) {
        return prefix + response.substring("resp".length()) + "_" + index;
    }

    /** The id of an item of the input. */
    public static String input(String prefix, String response, int index) {
        return prefix + response.substring("resp".length()) + "_i" + index;
    }
}
