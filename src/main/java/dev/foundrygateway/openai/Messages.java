package dev.foundrygateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

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
        Slice content = Slice.EMPTY;
        JsonCursor json = messages.cursor();
        if (json.enterArray()) {
            while (json.nextElement()) {
                boolean user = false;
                Slice own = Slice.EMPTY;
                if (!json.enterObject()) {
                    json.skipValue();
                    continue;
                }
                while (json.nextMember()) {
                    if (json.keyIs(ROLE)) {
                        user = json.readString().equals("user");
                    } else if (json.keyIs(CONTENT)) {
                        own = json.readSlice();
                    } else {
                        json.skipValue();
                    }
                }
                content = user ? own : content;
            }
        }
        return text(content.cursor());
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
            if (type.equals("text") && part.cursor().isString()) {
                text.add(part.cursor().readString());
            }
        }
        return text.toString();
    }
}
