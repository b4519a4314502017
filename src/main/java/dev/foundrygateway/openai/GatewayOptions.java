package dev.foundrygateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.foundrygateway.openai.json.Trees;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a client asks of the gateway itself: by the request's {@code gateway} member, which is never sent upstream, or, where it can't change the body, by
 * {@code X-Gateway-*} headers. The body wins.
 *
 * @param documents reference texts for this request alone
 * @param vectorStoreIds stores to search
 * @param maxResults how many passages at most, empty for the configured number
 * @param rag "off" to leave retrieval out; empty if unset
 * @param sources which forms of sources the client wants: "annotations", "text", "chunks"
 * @param escalate "auto", "never" or "always"; empty if unset
 * @param priority "high" or "normal"; empty if unset
 * @param report whether the reply's {@code gateway} member is wanted in any case
 */
public record GatewayOptions(
        List<Document> documents,
        List<String> vectorStoreIds,
        OptionalInt maxResults,
        String rag,
        List<String> sources,
        String escalate,
        String priority,
        boolean report) {
    /** The member's name. */
    public static final String MEMBER = "gateway";

    /** No wish at all. */
    public static final GatewayOptions NONE =
            new GatewayOptions(List.of(), List.of(), OptionalInt.empty(), "", List.of(), "", "", false);

    private static final Set<String> KNOWN = Set.of(
            "documents", "vector_store_ids", "max_num_results", "rag", "sources", "escalate", "priority", "report");

    private static final String RAG_HEADER = "x-gateway-rag";
    private static final String ESCALATE_HEADER = "x-gateway-escalate";
    private static final String PRIORITY_HEADER = "x-gateway-priority";
    private static final Set<String> RAG = Set.of("off", "on", "auto");
    private static final Set<String> ESCALATE = Set.of("auto", "never", "always");
    private static final Set<String> PRIORITY = Set.of("high", "normal");

    /**
     * A reference text, or a file.
     *
     * @param title its title, empty if none
     * @param text its text; empty for a file
     * @param url where it comes from, empty if unknown
     * @param filename a file's name; empty for a text
     * @param data a file's bytes in base64; empty for a text
     */
    public record Document(String title, String text, String url, String filename, String data) {
        /** A text. */
        public Document(String title, String text, String url) {
            this(title, text, url, "", "");
        }
    }

    /**
     * Reads the options of a request; {@link #NONE} if it has none.
     *
     * @throws IllegalArgumentException when one is not as described; the message begins with the name of the field or header
     */
    public static GatewayOptions of(ChatRequest request, MultiMap headers) {
        return of(of(request), request.has(MEMBER), headers);
    }

    /**
     * The same of a request that says them in its headers alone.
     *
     * @throws IllegalArgumentException when one is not as described; the message begins with the name of the header
     */
    public static GatewayOptions of(MultiMap headers) {
        return of(NONE, false, headers);
    }

    private static GatewayOptions of(GatewayOptions body, boolean said, MultiMap headers) {
        String rag = orHeader(body.rag, headers, RAG_HEADER, RAG);
        String escalate = orHeader(body.escalate, headers, ESCALATE_HEADER, ESCALATE);
        String priority = orHeader(body.priority, headers, PRIORITY_HEADER, PRIORITY);
        if (!said && rag.isEmpty() && escalate.isEmpty() && priority.isEmpty()) {
            return NONE;
        }
        return new GatewayOptions(
                body.documents,
                body.vectorStoreIds,
                body.maxResults,
                rag,
                body.sources,
                escalate,
                priority,
                body.report);
    }

    private static GatewayOptions of(ChatRequest request) {
        Optional<String> member = request.member(MEMBER);
        if (member.isEmpty()) {
            return NONE;
        }
        try {
            return read(Trees.read(Buffer.buffer(member.get())));
        } catch (IOException e) {
            throw new IllegalArgumentException("gateway is not a JSON object", e);
        }
    }

    private static String orHeader(String body, MultiMap headers, String name, Set<String> allowed) {
        if (!body.isEmpty()) {
            return body;
        }
        String value = headers.get(name);
        if (value == null || value.isBlank()) {
            return "";
        }
        String word = value.strip().toLowerCase(Locale.ROOT);
        if (!allowed.contains(word)) {
            throw new IllegalArgumentException(name + " must be one of " + words(allowed));
        }
        return word;
    }

    private static GatewayOptions read(JsonNode node) {
        if (node.isNull()) {
            return NONE;
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException("gateway must be an object");
        }
        // Clients' serializers write what is not set as null.
        for (Iterator<JsonNode> members = node.elements(); members.hasNext(); ) {
            if (members.next().isNull()) {
                members.remove();
            }
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException("gateway." + name + " is unknown; there are " + words(KNOWN));
            }
        });
        return new GatewayOptions(
                documents(node.path("documents")),
                strings(node.path("vector_store_ids"), "vector_store_ids", Set.of()),
                count(node.path("max_num_results")),
                word(node.path("rag"), "rag", RAG),
                strings(node.path("sources"), "sources", Set.of("annotations", "text", "chunks")),
                word(node.path("escalate"), "escalate", ESCALATE),
                word(node.path("priority"), "priority", PRIORITY),
                flag(node.path("report")));
    }

    private static List<Document> documents(JsonNode node) {
        List<Document> documents = new ArrayList<>();
        if (!node.isMissingNode() && !node.isArray()) {
            throw new IllegalArgumentException("gateway.documents must be a list");
        }
        for (JsonNode entry : node) {
            if (entry.isTextual()) {
                documents.add(new Document("", entry.textValue(), ""));
            } else if (entry.path("text").isTextual()) {
                documents.add(new Document(
                        entry.path("title").asText(""),
                        entry.path("text").textValue(),
                        entry.path("url").asText("")));
            } else if (entry.path("filename").isTextual()
                    && entry.path("file_data").isTextual()) {
                String data = entry.path("file_data").textValue();
                documents.add(new Document(
                        entry.path("title").asText(""),
                        "",
                        entry.path("url").asText(""),
                        entry.path("filename").textValue(),
                        data.startsWith("data:") ? data.substring(data.indexOf(',') + 1) : data));
            } else {
                throw new IllegalArgumentException("gateway.documents[" + documents.size()
                        + "] must be a string, or an object with a text, or with filename and file_data (base64)");
            }
        }
        return List.copyOf(documents);
    }

    private static List<String> strings(JsonNode node, String name, Set<String> allowed) {
        if (node.isMissingNode()) {
            return List.of();
        }
        if (!node.isTextual() && !node.isArray()) {
            throw notListed(name, allowed);
        }
        List<String> values = new ArrayList<>();
        for (JsonNode entry : node.isTextual() ? List.of(node) : node) {
            if (!entry.isTextual() || (!allowed.isEmpty() && !allowed.contains(entry.textValue()))) {
                throw notListed(name, allowed);
            }
            values.add(entry.textValue());
        }
        return List.copyOf(values);
    }

    private static IllegalArgumentException notListed(String name, Set<String> allowed) {
        return new IllegalArgumentException(
                "gateway." + name + " must be a list of " + (allowed.isEmpty() ? "strings" : words(allowed)));
    }

    private static String words(Set<String> allowed) {
        return String.join(", ", new TreeSet<>(allowed));
    }

    private static String word(JsonNode node, String name, Set<String> allowed) {
        if (node.isMissingNode()) {
            return "";
        }
        if (!node.isTextual() || !allowed.contains(node.textValue())) {
            throw new IllegalArgumentException("gateway." + name + " must be one of " + words(allowed));
        }
        return node.textValue();
    }

    private static OptionalInt count(JsonNode node) {
        if (node.isMissingNode()) {
            return OptionalInt.empty();
        }
        if (!node.canConvertToInt() || !node.isIntegralNumber() || node.intValue() < 1 || node.intValue() > 50) {
            throw new IllegalArgumentException("gateway.max_num_results must be a whole number from 1 to 50");
        }
        return OptionalInt.of(node.intValue());
    }

    private static boolean flag(JsonNode node) {
        if (!node.isMissingNode() && !node.isBoolean()) {
            throw new IllegalArgumentException("gateway.report must be true or false");
        }
        return node.asBoolean(false);
    }
}
