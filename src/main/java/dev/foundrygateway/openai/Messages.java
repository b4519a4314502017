package dev.foundrygateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.foundrygateway.openai.json.JsonCursor;
import dev.foundrygateway.openai.json.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.StringJoiner;

/** Reads out of a chat request's {@code messages}. */
final class Messages {
    private static final byte[] ROLE = "role".getBytes(UTF_8);
    private static final byte[] CONTENT = "content".getBytes(UTF_8);
    private static final byte[] TYPE = "type".getBytes(UTF_8);
    private static final byte[] TEXT = "text".getBytes(UTF_8);

    private Messages() {}

    /** The text of the last message of role {@code user}; empty if there is none, or none in it. */
    static String lastUserText(Slice messages) {
        Slice[] last = {Slice.EMPTY};
        walk(messages, (place, role, content) -> {
            if (role.equals("user") && !onlyShows(content)) {
                last[0] = content;
            }
        });
        return text(last[0].cursor());
    }

    /** The place of that message in the list, or of what stands in for it where nobody has written one; empty if there is none. */
    static OptionalInt lastUserMessage(Slice messages) {
        int[] written = {-1};
        int[] any = {-1};
        walk(messages, (place, role, content) -> {
            if (role.equals("user")) {
                any[0] = place;
                written[0] = onlyShows(content) ? written[0] : place;
            }
        });
        int last = written[0] < 0 ? any[0] : written[0];
        return last < 0 ? OptionalInt.empty() : OptionalInt.of(last);
    }

    /** All messages with their texts, in order, but for those that only show what a tool has given. */
    static List<ChatMessage> all(Slice messages) {
        List<ChatMessage> all = new ArrayList<>();
        walk(messages, (place, role, content) -> {
            if (!onlyShows(content)) {
                all.add(new ChatMessage(role, text(content.cursor())));
            }
        });
        return all;
    }

    /** Whether a message shows an image of a tool's result and has no text of its own: nobody has written it. */
    private static boolean onlyShows(Slice content) {
        JsonCursor parts = content.cursor();
        return parts.enterArray()
                && parts.nextElement()
                && parts.readSlice().text().contains(ChatMessage.TOOL_IMAGE)
                && text(content.cursor()).isEmpty();
    }

    /**
     * A hash of the messages up to each one, from the first of role {@code user} on: what stands before it is what many conversations share.
     *
     * @param seed what else must be equal
     */
    static long[] prefixes(Slice messages, long seed) {
        JsonCursor json = messages.cursor();
        long[] all = new long[16];
        int count = 0;
        boolean asked = false;
        long hash = seed;
        if (json.enterArray()) {
            while (json.nextElement()) {
                Slice message = json.readSlice();
                hash = message.hash(hash);
                asked |= role(message).equals("user");
                if (asked) {
                    all = count < all.length ? all : Arrays.copyOf(all, 2 * count);
                    all[count++] = hash;
                }
            }
        }
        return Arrays.copyOf(all, count);
    }

    private static String role(Slice message) {
        JsonCursor json = message.cursor();
        String role = "";
        if (json.enterObject()) {
            while (json.nextMember()) {
                if (json.keyIs(ROLE)) {
                    role = json.readString();
                } else {
                    json.skipValue();
                }
            }
        }
        return role;
    }

    /** Takes a message: its place in the list, its role, its content. */
    @FunctionalInterface
    private interface Walker {
        void message(int place, String role, Slice content);
    }

    private static void walk(Slice messages, Walker each) {
        JsonCursor json = messages.cursor();
        if (!json.enterArray()) {
            return;
        }
        for (int place = 0; json.nextElement(); place++) {
            if (!json.enterObject()) {
                json.skipValue();
                continue;
            }
            String role = "";
            Slice content = Slice.EMPTY;
            while (json.nextMember()) {
                if (json.keyIs(ROLE)) {
                    role = json.readString();
                } else if (json.keyIs(CONTENT)) {
                    content = json.readSlice();
                } else {
                    json.skipValue();
                }
            }
            each.message(place, role, content);
        }
    }

    private static String text(JsonCursor content) {
        if (!content.enterArray()) {
            return content.readString();
        }
        StringJoiner text = new StringJoiner("\n");
        while (content.nextElement()) {
            if (!content.enterObject()) {
                content.skipValue();
                continue;
            }
            String type = "";
            Slice part = Slice.EMPTY;
            while (content.nextMember()) {
                if (content.keyIs(TYPE)) {
                    type = content.readString();
                } else if (content.keyIs(TEXT)) {
                    part = content.readSlice();
                } else {
                    content.skipValue();
                }
            }
            String said = type.equals("text") && part.cursor().isString()
                    ? part.cursor().readString()
                    : "";
            if (type.equals("text") && part.cursor().isString() && !said.startsWith(ChatMessage.TOOL_IMAGE)) {
                text.add(said);
            }
        }
        return text.toString();
    }
}
