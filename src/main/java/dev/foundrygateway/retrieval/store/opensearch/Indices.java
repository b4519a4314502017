package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.store.opensearch.OpenSearchClient.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The indices below one prefix, and how they are made. Thread-safe. */
final class Indices {
    private static final Pattern PREFIX = Pattern.compile("[a-z0-9][a-z0-9._-]{0,99}");
    private static final Map<String, Object> KEPT_ONLY = Map.of("type", "object", "enabled", false);
    private static final Map<String, Object> UNSEARCHED =
            Map.of("type", "keyword", "index", false, "doc_values", false);

    private final OpenSearchClient client;
    private final String prefix;
    private volatile boolean there;
    private volatile boolean usageThere;

    Indices(OpenSearchClient client, String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("gateway.retrieval.opensearch.index-prefix is " + prefix
                    + "; it must be of lower-case letters, digits, '.', '_' and '-'");
        }
        this.client = client;
        this.prefix = prefix;
    }

    /** One document for each store: {@link StoreDocument}. */
    String stores() {
        return prefix + "-stores";
    }

    /** One document for each uploaded file. */
    String files() {
        return prefix + "-files";
    }

    /** The contents of uploaded files, in pieces. */
    String content() {
        return prefix + "-content";
    }

    /** Responses and conversations that are kept: {@link SharedKeptRecords}. */
    String records() {
        return prefix + "-responses";
    }

    /** What each gateway has used on each day: {@link SharedUsageSums}. */
    String usage() {
        return prefix + "-usage";
    }

    /** A sign of life of each gateway. */
    String gateways() {
        return prefix + "-gateways";
    }

    /** The passages of one store: an index of its own, so that no store's words change another's scores. */
    String passages(String storeId) {
        return prefix + "-passages-" + storeId;
    }

    /** Makes the indices of records if they are not there. */
    void ensure() {
        if (there) {
            return;
        }
        make(
                stores(),
                Map.of(
                        "record",
                        KEPT_ONLY,
                        "owners",
                        KEPT_ONLY,
                        "generations",
                        KEPT_ONLY,
                        "visible",
                        Map.of("type", "keyword", "index", false, "doc_values", false),
                        "waiting",
                        Map.of("type", "keyword")));
        make(files(), Map.of("record", KEPT_ONLY, "pieces", Map.of("type", "integer")));
        make(content(), Map.of("data", Map.of("type", "binary")));
        make(
                records(),
                Map.of(
                        "owner",
                        UNSEARCHED,
                        "record",
                        UNSEARCHED,
                        "changed",
                        Map.of("type", "long"),
                        "size",
                        Map.of("type", "long")));
        make(gateways(), Map.of("beat", Map.of("type", "long")));
        there = true;
    }

    /** Makes the index of usage if it is not there; a cluster that takes no more indices keeps files and stores all the same. */
    void ensureUsage() {
        if (usageThere) {
            return;
        }
        accept(
                usage(),
                client.put(
                        usage(),
                        Map.of(
                                "settings",
                                Map.of("index", Map.of("number_of_shards", 1)),
                                "mappings",
                                mapping(Map.of(
                                        "gateway", UNSEARCHED, "day", Map.of("type", "long"), "rows", UNSEARCHED)))));
        usageThere = true;
    }

    private void make(String index, Map<String, Object> fields) {
        accept(index, client.put(index, Map.of("mappings", mapping(fields))));
    }

    /** Makes a store's index of passages if it is not there; for vectors by the k-NN plugin where there is one. */
    void ensurePassages(String storeId, IndexSettings settings) {
        String index = passages(storeId);
        Reply reply = client.put(index, passagesIndex(settings, true));
        if (reply.status() == 400 && reply.body().contains("index.knn")) {
            reply = client.put(index, passagesIndex(settings, false));
        }
        accept(index, reply);
    }

    private static void accept(String index, Reply reply) {
        if (!reply.ok() && !reply.body().contains("resource_already_exists_exception")) {
            throw new GatewayException(
                    ErrorCode.RETRIEVAL_UNAVAILABLE,
                    "OpenSearch does not make the index " + index + ": " + reason(reply));
        }
    }

    /** Why a call was refused, in OpenSearch's words. */
    static String reason(Reply reply) {
        return reply.as(Answers.Refusal.class).reason();
    }

    private static Map<String, Object> passagesIndex(IndexSettings settings, boolean knn) {
        Map<String, Object> ranking = Map.of("type", "BM25", "k1", settings.k1(), "b", settings.b());
        Map<String, Object> index = new HashMap<>();
        // One shard: a word is as rare as in the whole store. Nothing is refreshed but by whoever has written.
        index.put("number_of_shards", 1);
        index.put("refresh_interval", "-1");
        index.put("similarity", Map.of("passages", ranking));
        index.put(
                "analysis",
                Map.of(
                        "analyzer",
                        Map.of(
                                "none",
                                Map.of(
                                        "type",
                                        "custom",
                                        "tokenizer",
                                        "standard",
                                        "filter",
                                        List.of("lowercase", "asciifolding")))));
        if (knn) {
            index.put("knn", true);
        }
        Map<String, Object> words = Map.of(
                "type", "text", "analyzer", settings.language().toLowerCase(Locale.ROOT), "similarity", "passages");
        Map<String, Object> wordsToo = new HashMap<>(words);
        wordsToo.put("copy_to", "all");
        Map<String, Object> kept = Map.of("type", "keyword", "index", false, "doc_values", false);
        Map<String, Object> text = new HashMap<>(kept);
        text.put("copy_to", "all");
        Map<String, Object> fields = new HashMap<>();
        fields.put("generation", Map.of("type", "keyword"));
        fields.put("written_at", Map.of("type", "long"));
        fields.put("file", Map.of("type", "keyword"));
        fields.put("ordinal", Map.of("type", "integer", "index", false));
        fields.put("all", words);
        fields.put("title", wordsToo);
        fields.put("heading", wordsToo);
        fields.put("text", text);
        fields.put("url", kept);
        return Map.of("settings", Map.of("index", index), "mappings", mapping(fields));
    }

    private static Map<String, Object> mapping(Map<String, Object> fields) {
        return Map.of("dynamic", "strict", "properties", fields);
    }
}
