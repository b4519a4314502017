package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.retrieval.Findings;
import dev.foundrygateway.retrieval.index.Analyzers;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.NearPassages;
import dev.foundrygateway.retrieval.index.Passage;
import dev.foundrygateway.retrieval.index.Question;
import dev.foundrygateway.retrieval.index.QuestionWords;
import dev.foundrygateway.retrieval.index.Ranked;
import dev.foundrygateway.retrieval.index.Ranking;
import dev.foundrygateway.retrieval.store.opensearch.Answers.Bucket;
import dev.foundrygateway.retrieval.store.opensearch.Answers.Counts;
import dev.foundrygateway.retrieval.store.opensearch.Answers.FieldTerms;
import dev.foundrygateway.retrieval.store.opensearch.Answers.PassageHit;
import dev.foundrygateway.retrieval.store.opensearch.Answers.PassageHits;
import dev.foundrygateway.retrieval.store.opensearch.Answers.Root;
import dev.foundrygateway.retrieval.store.opensearch.Answers.Term;
import dev.foundrygateway.retrieval.store.opensearch.Answers.TermsReply;
import dev.foundrygateway.retrieval.store.opensearch.OpenSearchClient.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.Analyzer;

/**
 * Searches one store as Lucene's {@code PassageSearch} does: OpenSearch cuts the question into words and counts in how many passages each is, then the same
 * words are searched with the same weights, and the gateway fuses and scores. Thread-safe.
 */
final class PassageQuery {
    private static final String ALL = "all";
    private static final int MAX_QUESTION = 20_000;
    private static final int MOST_FILES = 10_000;
    /** From this version on, BM25 scores are without the factor k1 + 1, which changes no order. */
    private static final int PLAIN_BM25_SINCE = 3;
    /** What a 1.x says it is where it shall pass for another product. */
    private static final int PRETENDED = 7;

    private final OpenSearchClient client;
    private final Indices indices;
    private final String storeId;
    private final IndexSettings settings;
    private final VectorField vectors;
    private final Analyzer analyzer;
    private volatile double scale;

    PassageQuery(
            OpenSearchClient client, Indices indices, String storeId, IndexSettings settings, VectorField vectors) {
        this.client = client;
        this.indices = indices;
        this.storeId = storeId;
        this.settings = settings;
        this.vectors = vectors;
        this.analyzer = Analyzers.of(settings.language());
    }

    /** Passages of the generations that the store's document names when the search begins. */
    Map<String, Object> visible() {
        return Map.of(
                "terms", Map.of("generation", Map.of("index", indices.stores(), "id", storeId, "path", "visible")));
    }

    Findings search(Question question, float[] vector, int limit, Optional<Set<String>> files) throws IOException {
        Map<String, Double> words = QuestionWords.words(question, analyzer, settings.words());
        Optional<FieldTerms> field = terms(String.join("\n", question.turns()));
        if (field.isEmpty()) {
            return new Ranking(List.of(), List.of(), List.of(), 0).findings(settings, 0, limit, this::nowhere);
        }
        Map<String, Object> filter = filter(files);
        double weight = settings.denseWeight(question);
        double share = vector.length > 0 && weight > 0 ? shareWith(vectors.name(vector.length)) : 0;
        boolean dense = share >= Ranking.ENOUGH_VECTORS;
        int depth = dense ? Math.max(limit, Ranking.FUSION_DEPTH) : limit;
        Numbers numbers = new Numbers();
        List<PassageHit> worded = words.isEmpty() ? List.of() : found(words(words, filter), depth);
        List<Ranked> lexical = numbers.ranked(worded, scale());
        List<Ranked> near = dense
                ? NearPassages.withWords(numbers.ranked(near(vector, worded, filter, depth), 1), lexical)
                : List.of();
        Findings found = new Ranking(lexical, lexical, near, best(field.get(), words))
                .findings(settings, weight, limit, numbers::passage);
        return vector.length > 0 && weight > 0 ? found.withVectors(share) : found;
    }

    /** The nearest passages, and those that only the words found as far as they have a vector: compared one by one, as in {@link NearPassages}. */
    private List<PassageHit> near(float[] vector, List<PassageHit> worded, Map<String, Object> filter, int depth)
            throws IOException {
        List<PassageHit> near = new ArrayList<>(found(vectors.nearest(vector, depth, filter), depth));
        Set<String> there = near.stream().map(PassageHit::id).collect(Collectors.toSet());
        List<String> others = worded.stream()
                .map(PassageHit::id)
                .filter(id -> !there.contains(id))
                .toList();
        // Fewer than were asked for are all that have one.
        if (near.size() >= depth && !others.isEmpty()) {
            Map<String, Object> only = Map.of("ids", Map.of("values", others));
            near.addAll(found(vectors.nearest(vector, others.size(), only), others.size()));
        }
        return near;
    }

    /** In which share of all passages that are seen a vector is that can be compared with the question's. */
    private double shareWith(String field) throws IOException {
        Optional<Counts> counts = counted(visible(), Map.of("with", Map.of("filter", VectorField.exists(field))));
        long all = counts.map(there -> there.hits().total().value()).orElse(0L);
        long with = counts.flatMap(there -> Optional.ofNullable(there.counted().with()))
                .map(Bucket::passages)
                .orElse(0L);
        return all == 0 ? 1 : (double) with / all;
    }

    /** Files of passages that have no such vector; at most {@value #MOST_FILES} of them. */
    Set<String> filesWithoutVectors(int dimensions) throws IOException {
        Map<String, Object> lacking = Map.of(
                "bool",
                Map.of(
                        "filter",
                        List.of(visible()),
                        "must_not",
                        List.of(VectorField.exists(vectors.name(dimensions)))));
        Map<String, Object> files = Map.of("files", Map.of("terms", Map.of("field", "file", "size", MOST_FILES)));
        return counted(lacking, files)
                .flatMap(there -> Optional.ofNullable(there.counted().files()))
                .map(there -> there.buckets().stream()
                        .flatMap(file -> Optional.ofNullable(file.key()).stream())
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    /** Empty where there is no index yet. */
    private Optional<Counts> counted(Map<String, Object> query, Map<String, Object> counts) throws IOException {
        Reply reply = client.post(
                indices.passages(storeId) + "/_search",
                Map.of("size", 0, "track_total_hits", true, "query", query, "aggs", counts));
        if (reply.missing()) {
            return Optional.empty();
        }
        if (!reply.ok()) {
            throw new IOException("OpenSearch counts no passages: " + Indices.reason(reply));
        }
        return Optional.of(reply.as(Counts.class));
    }

    private Passage nowhere(int doc) {
        throw new IllegalStateException("no passage " + doc);
    }

    /** The question's words as the index has them; empty where there is no index yet, or the question has none. */
    private Optional<FieldTerms> terms(String question) {
        String beginning = question.length() > MAX_QUESTION ? question.substring(0, MAX_QUESTION) : question;
        Reply reply = client.post(
                indices.passages(storeId) + "/_termvectors",
                Map.of(
                        "doc",
                        Map.of(ALL, beginning),
                        "fields",
                        List.of(ALL),
                        "term_statistics",
                        true,
                        "positions",
                        false,
                        "offsets",
                        false));
        if (!reply.ok()) {
            return Optional.empty();
        }
        Map<String, FieldTerms> fields =
                Optional.ofNullable(reply.as(TermsReply.class).fields()).orElse(Map.of());
        return Optional.of(fields.getOrDefault(ALL, new FieldTerms(null, null)));
    }

    private static double best(FieldTerms field, Map<String, Double> words) {
        var statistics = field.statistics();
        double passages = statistics == null ? 0 : (double) statistics.passages();
        Map<String, Term> known = Optional.ofNullable(field.terms()).orElse(Map.of());
        return words.entrySet().stream()
                .mapToDouble(word -> {
                    Term term = known.get(word.getKey());
                    return word.getValue() * Ranking.rarity(passages, term == null ? 0 : (double) term.passages());
                })
                .sum();
    }

    private Map<String, Object> filter(Optional<Set<String>> files) {
        List<Map<String, Object>> all = new ArrayList<>();
        all.add(visible());
        files.ifPresent(ids -> all.add(Map.of("terms", Map.of("file", List.copyOf(ids)))));
        return Map.of("bool", Map.of("filter", all));
    }

    private static Map<String, Object> words(Map<String, Double> question, Map<String, Object> filter) {
        List<Map<String, Object>> words = new ArrayList<>();
        question.forEach((word, weight) -> {
            words.add(word(ALL, word, weight));
            words.add(word("title", word, weight * Ranking.TITLE_WEIGHT));
            words.add(word("heading", word, weight * Ranking.HEADING_WEIGHT));
        });
        return Map.of("bool", Map.of("must", List.of(Map.of("bool", Map.of("should", words))), "filter", filter));
    }

    private static Map<String, Object> word(String field, String word, double weight) {
        return Map.of("term", Map.of(field, Map.of("value", word, "boost", weight)));
    }

    private List<PassageHit> found(Map<String, Object> query, int depth) throws IOException {
        Reply reply = client.post(
                indices.passages(storeId) + "/_search",
                Map.of(
                        "query",
                        query,
                        "size",
                        depth,
                        "track_total_hits",
                        false,
                        "_source",
                        Map.of("excludes", List.of(VectorField.NAMES))));
        if (reply.missing()) {
            return List.of();
        }
        if (!reply.ok()) {
            throw new IOException("OpenSearch refused the search: " + Indices.reason(reply));
        }
        return reply.as(PassageHits.class).hits().hits();
    }

    /** What makes its scores those of BM25 as Lucene has it today. */
    private double scale() {
        if (scale == 0) {
            String version = client.get("").as(Root.class).version().number();
            int major = Integer.parseInt(version.substring(0, version.indexOf('.')));
            boolean plain = major >= PLAIN_BM25_SINCE && major != PRETENDED;
            scale = plain ? 1 : 1 / (settings.k1() + 1.0);
        }
        return scale;
    }

    /** Numbers for the passages of both lists, the same for the same one. */
    private static final class Numbers {
        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<Passage> passages = new ArrayList<>();

        List<Ranked> ranked(List<PassageHit> hits, double scale) {
            List<Ranked> list = new ArrayList<>(hits.size());
            for (PassageHit hit : hits) {
                Integer number = numbers.computeIfAbsent(hit.id(), id -> {
                    passages.add(hit.source().passage());
                    return passages.size() - 1;
                });
                list.add(new Ranked(number, hit.score() * scale));
            }
            return list;
        }

        Passage passage(int number) {
            return passages.get(number);
        }
    }
}
