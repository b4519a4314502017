package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.HeapBytes;
import dev.foundrygateway.openai.json.JsonCursor;
import dev.foundrygateway.openai.json.JsonString;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds what a request names of the things that a model server keeps: responses, their items, conversations, files, stores, containers, prompts, recordings. Names of members are read as the most
 * lenient server would, escaped and in any case, and each time that they come.
 */
public final class NamedIds {
    private static final Set<String> ANYWHERE = Set.of("file_id", "file_ids");
    private static final Set<String> OF_TOOLS = Set.of("vector_store_id", "vector_store_ids", "container");
    /** What the model gets or got to read: it names nothing that is opened. */
    private static final Set<String> TOLD = Set.of("annotations", "results", "outputs", "parameters", "headers");
    /** Types of items that a server may look up by their id, where they bring nothing of their own. */
    private static final Set<String> LOOKED_UP = Set.of("reasoning", "image_generation_call");

    private static final Set<String> CONTENTS = Set.of("content", "encrypted_content", "result");

    private final byte[] array;
    private final int to;
    private final JsonCursor json;
    private final List<Named> found = new ArrayList<>();

    private NamedIds(byte[] array, int from, int to) {
        this.array = array;
        this.to = to;
        this.json = new JsonCursor().reset(array, from, to);
    }

    /**
     * One name.
     *
     * @param param the member of the request that it stands in: {@code input[2]}
     * @param what the member that says it: {@code file_id}
     * @param id the name
     */
    public record Named(String param, String what, String id) {}

    /** What a chat names in its messages and tools. The tool {@code file_search} is the gateway's own and left out. */
    public static List<Named> ofChat(ChatRequest request) {
        return of(request, Set.of("messages", "tools"));
    }

    /** What a Responses request names; {@code file_search} is left out here, too. */
    public static List<Named> ofResponses(ChatRequest request) {
        return of(request, Set.of("previous_response_id", "conversation", "prompt", "input", "tools"));
    }

    private static List<Named> of(ChatRequest request, Set<String> members) {
        ByteBuf view = HeapBytes.of(request.bytes());
        int from = HeapBytes.start(view);
        NamedIds reading = new NamedIds(view.array(), from, from + view.readableBytes());
        reading.members(members);
        return reading.found;
    }

    private void members(Set<String> read) {
        if (!json.enterObject()) {
            return;
        }
        while (json.nextMember()) {
            String name = key();
            if (!read.contains(name)) {
                json.skipValue();
            } else if (name.equals("conversation") || name.equals("prompt")) {
                object(name, "id");
            } else if (!json.isString()) {
                list(name);
            } else if (name.equals("previous_response_id")) {
                take(name, name);
            } else {
                json.skipValue();
            }
        }
    }

    private String key() {
        return JsonString.decode(array, json.keyFrom(), json.keyTo()).toLowerCase(Locale.ROOT);
    }

    private void take(String param, String what) {
        String id = json.readString();
        if (!id.isEmpty()) {
            found.add(new Named(param, what, id));
        }
    }

    /** An id by itself, or an object that has one. */
    private void object(String param, String what) {
        if (!json.enterObject()) {
            take(param, what);
            return;
        }
        while (json.nextMember()) {
            String name = key();
            if (name.equals("id")) {
                take(param, what);
            } else {
                value(param, name);
            }
        }
    }

    private void list(String param) {
        if (!json.enterArray()) {
            json.skipValue();
            return;
        }
        for (int i = 0; json.nextElement(); i++) {
            String at = param + "[" + i + "]";
            if (json.enterObject()) {
                element(at);
            } else {
                json.skipValue();
            }
        }
    }

    /** An item of the input, a message, or a tool. */
    private void element(String at) {
        int before = found.size();
        List<String> ids = new ArrayList<>();
        String type = "";
        boolean reference = false;
        boolean role = false;
        boolean content = false;
        while (json.nextMember()) {
            String name = key();
            if (name.equals("id")) {
                ids.add(json.readString());
            } else if (name.equals("type")) {
                type = json.readString();
                reference |= type.equalsIgnoreCase("item_reference");
            } else if (name.equals("audio") && at.startsWith("messages")) {
                object(at, "audio.id");
            } else {
                role |= name.equals("role");
                content |= CONTENTS.contains(name) && filled();
                value(at, name);
            }
        }
        if (type.equals("file_search") && at.startsWith("tools")) {
            found.subList(before, found.size()).clear();
        }
        reference |= type.isEmpty() ? !role : LOOKED_UP.contains(type.toLowerCase(Locale.ROOT)) && !content;
        if (reference && at.startsWith("input")) {
            ids.stream().filter(id -> !id.isEmpty()).forEach(id -> found.add(new Named(at, "id", id)));
        }
    }

    /** Whether the value here says something: no null, nothing empty. */
    private boolean filled() {
        if (json.isString()) {
            return array[json.position() + 1] != '"';
        }
        JsonCursor ahead = new JsonCursor().reset(array, json.position(), to);
        return ahead.enterArray() ? ahead.nextElement() : ahead.enterObject() && ahead.nextMember();
    }

    private void value(String param, String name) {
        if (TOLD.contains(name)) {
            json.skipValue();
        } else if (ANYWHERE.contains(name) || (param.startsWith("tools") && OF_TOOLS.contains(name))) {
            named(param, name);
        } else {
            inside(param);
        }
    }

    /** An id, several of them, or an object with more of it. */
    private void named(String param, String name) {
        if (json.enterArray()) {
            while (json.nextElement()) {
                if (json.isString()) {
                    take(param, name);
                } else {
                    inside(param);
                }
            }
        } else if (json.isString()) {
            take(param, name);
        } else {
            inside(param);
        }
    }

    private void inside(String param) {
        if (json.enterObject()) {
            while (json.nextMember()) {
                value(param, key());
            }
        } else if (json.enterArray()) {
            while (json.nextElement()) {
                inside(param);
            }
        } else {
            json.skipValue();
        }
    }
}
