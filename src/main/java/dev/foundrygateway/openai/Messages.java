package dev.foundrygateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.foundrygateway.openai.json.JsonCursor;
import dev.foundrygateway.openai.json.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.BiConsumer;

/** Reads out of a chat request's {@code messages}. */
final class Messages {
    private static final byte[] ROLE = "role".getBytes(UTF_8);
    private static final byte[] CONTENT = "content".getBytes(UTF_8);
    private static final byte[] TYPE = "type".getBytes(UTF_8);
    private static final byte[] TEXT = "text".getBytes(UTF_8);

    private Messages() {}

    /** The text of the last message of role {@code user}; empty if there is none, or none in it. */
    static String lastUserText(Slice messages) {
        List<Slice> asked = new ArrayList<>();
        walk(messages, (role, own) -> {
            if (role.equals("user")) {
                asked.add(own);
            }
        });
        for (int i = asked.size() - 1; i >= 0; i--) {
            String text = text(asked.get(i).cursor());
            if (!text.isEmpty() || !showsToolImage(asked.get(i))) {
                return text;
            }
        }
        return "";
    }

    /** All messages with their texts, in order, but for those that only show what a tool has given. */
    static List<ChatMessage> all(Slice messages) {
        List<ChatMessage> all = new ArrayList<>();
        walk(messages, (role, content) -> {
            String text = text(content.cursor());
            if (!text.isEmpty() || !showsToolImage(content)) {
                all.add(new ChatMessage(role, text));
            }
        });
        return all;
    }

    /** Whether a message without a text of its own shows an image of a tool's result. */
    private static boolean showsToolImage(Slice content) {
        JsonCursor parts = content.cursor();
        return parts.enterArray()
                && parts.nextElement()
                && parts.readSlice().text().contains(ChatMessage.TOOL_IMAGE);
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

    private static void walk(Slice messages, BiConsumer<String, Slice> each) {
        JsonCursor json = messages.cursor();
        if (!json.enterArray()) {
            return;
        }
        while (json.nextElement()) {
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
            each.accept(role, content);
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
