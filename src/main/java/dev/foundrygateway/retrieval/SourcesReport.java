package dev.foundrygateway.retrieval;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.index.Hit;
import dev.foundrygateway.retrieval.index.Passage;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What the client is told about the sources, once the answer is known. Pure. */
final class SourcesReport {
    private SourcesReport() {}

    /** An entry of {@code gateway.sources}. */
    @RegisterForReflection
    record Source(
            @JsonProperty("n") int n,
            @JsonProperty("id") String id,
            @JsonProperty("file_id") String fileId,
            @JsonProperty("title") String title,
            @JsonProperty("heading") String heading,
            @JsonProperty("url") String url,
            @JsonProperty("score") double score,
            @JsonProperty("cited") boolean cited) {}

    /** An entry of {@code gateway.chunks}: a source with its text and both scores. */
    @RegisterForReflection
    record Chunk(
            @JsonProperty("id") String id,
            @JsonProperty("text") String text,
            @JsonProperty("score") double score,
            @JsonProperty("lexical") double lexical,
            @JsonProperty("dense") double dense) {}

    /** The members of the {@code gateway} object. */
    @RegisterForReflection
    record Members(
            @JsonProperty("support") double support,
            @JsonProperty("sources") List<Source> sources,
            @JsonProperty("chunks") @Nullable List<Chunk> chunks,
            @JsonProperty("unknown_citations") @Nullable SortedSet<Integer> unknownCitations,
            @JsonProperty("lexical_only") @Nullable Boolean wordsOnly,
            @JsonProperty("vectors") @Nullable Double vectors) {}

    /** One of OpenAI's annotations. */
    @RegisterForReflection
    record Annotation(
            @JsonProperty("type") String type,
            @JsonProperty("url_citation") UrlCitation citation) {}

    /** The place of an annotation, and what it points to. */
    @RegisterForReflection
    record UrlCitation(
            @JsonProperty("start_index") int from,
            @JsonProperty("end_index") int to,
            @JsonProperty("title") String title,
            @JsonProperty("url") String url) {}

    /** The {@code gateway} members as JSON. */
    static String members(Grounding grounding, Citations citations) {
        List<Source> sources = new ArrayList<>();
        List<Chunk> chunks = new ArrayList<>();
        for (Hit hit : grounding.prompt().given()) {
            int n = sources.size() + 1;
            Passage passage = hit.passage();
            sources.add(new Source(
                    n,
                    passage.id(),
                    passage.fileId(),
                    passage.title(),
                    passage.heading(),
                    passage.url(),
                    rounded(hit.score()),
                    citations.cites(n)));
            chunks.add(new Chunk(
                    passage.id(), passage.text(), rounded(hit.score()), rounded(hit.lexical()), rounded(hit.dense())));
        }
        return TypedJson.write(new Members(
                rounded(grounding.findings().support()),
                sources,
                grounding.wish().wants("chunks") ? chunks : null,
                citations.unknown().isEmpty() ? null : citations.unknown(),
                grounding.findings().wordsOnly() ? true : null,
                grounding.findings().vectors() < 1
                        ? Findings.hundredths(grounding.findings().vectors())
                        : null));
    }

    /**
     * Annotations at the citations; where the answer has none, one over all of it for each source.
     *
     * @param from where the part of the answer begins that has none yet
     */
    static String annotations(Grounding grounding, Citations citations, int from, String answer) {
        List<Annotation> annotations = new ArrayList<>();
        List<Hit> given = grounding.prompt().given();
        for (Citations.Place place : citations.places()) {
            if (place.from() >= from) {
                annotations.add(annotation(given.get(place.source() - 1), place.from(), place.to()));
            }
        }
        if (annotations.isEmpty() && from == 0) {
            given.forEach(hit -> annotations.add(annotation(hit, 0, answer.length())));
        }
        return TypedJson.write(annotations);
    }

    /** A list for people, to stand behind the answer. */
    static String text(Grounding grounding) {
        StringBuilder list = new StringBuilder("\n\nSources:");
        int n = 1;
        for (Hit hit : grounding.prompt().given()) {
            list.append("\n[").append(n++).append("] ").append(PromptText.line(label(hit.passage())));
            if (!hit.passage().url().isEmpty()) {
                list.append(" (").append(PromptText.line(hit.passage().url())).append(')');
            }
        }
        return list.toString();
    }

    private static Annotation annotation(Hit hit, int from, int to) {
        return new Annotation(
                "url_citation",
                new UrlCitation(from, to, label(hit.passage()), source(hit).cited()));
    }

    /** A passage for the stages outside. */
    static dev.foundrygateway.exchange.Source source(Hit hit) {
        Passage passage = hit.passage();
        return new dev.foundrygateway.exchange.Source(
                passage.id(),
                InlineDocuments.owns(passage) ? "" : passage.fileId(),
                label(passage),
                passage.url(),
                rounded(hit.score()),
                passage.text(),
                hit.filename().isEmpty() ? label(passage) : hit.filename(),
                hit.attributes());
    }

    private static String label(Passage passage) {
        return PromptText.clean(passage.title().isEmpty() ? passage.id() : passage.title());
    }

    private static double rounded(double score) {
        return Math.round(score * 10_000) / 10_000.0;
    }
}
