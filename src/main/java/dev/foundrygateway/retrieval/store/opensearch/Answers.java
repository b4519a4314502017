package dev.foundrygateway.retrieval.store.opensearch;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.retrieval.index.Passage;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OpenSearch's answers, as far as they are read here. */
final class Answers {
    private Answers() {}

    /** A refusal. */
    @RegisterForReflection
    record Refusal(@JsonProperty("error") @Nullable Cause error) {
        String reason() {
            return error == null || error.reason() == null ? "no reason given" : error.reason();
        }
    }

    /** Why. */
    @RegisterForReflection
    record Cause(
            @JsonProperty("type") @Nullable String type,
            @JsonProperty("reason") @Nullable String reason) {}

    /** {@code GET /}. */
    @RegisterForReflection
    record Root(@JsonProperty("version") Version version) {}

    /** Its version. */
    @RegisterForReflection
    record Version(@JsonProperty("number") String number) {}

    /** One store's document. */
    @RegisterForReflection
    record StoreReply(
            @JsonProperty("found") boolean found,
            @JsonProperty("_seq_no") long sequence,
            @JsonProperty("_primary_term") long term,
            @JsonProperty("_source") @Nullable StoreDocument source) {}

    /** One file's document. */
    @RegisterForReflection
    record FileReply(
            @JsonProperty("found") boolean found,
            @JsonProperty("_source") @Nullable FileDocument source) {}

    /** One piece of a file. */
    @RegisterForReflection
    record PieceReply(@JsonProperty("_source") @Nullable Piece source) {}

    /** Some of a file's bytes, in base64. */
    @RegisterForReflection
    record Piece(@JsonProperty("data") String data) {}

    /** A search for stores. */
    @RegisterForReflection
    record StoreHits(@JsonProperty("hits") StoreList hits) {}

    /** What it found. */
    @RegisterForReflection
    record StoreList(@JsonProperty("hits") List<StoreHit> hits) {}

    /** One store. */
    @RegisterForReflection
    record StoreHit(
            @JsonProperty("_id") String id,
            @JsonProperty("_source") @Nullable Owned source) {}

    /** Who ingests which file. */
    @RegisterForReflection
    record Owned(@JsonProperty("owners") @Nullable Map<String, String> owners) {}

    /** A search for files. */
    @RegisterForReflection
    record FileHits(@JsonProperty("hits") FileList hits) {}

    /** What it found. */
    @RegisterForReflection
    record FileList(@JsonProperty("hits") List<FileReply> hits) {}

    /** A search for gateways. */
    @RegisterForReflection
    record GatewayHits(@JsonProperty("hits") GatewayList hits) {}

    /** What it found. */
    @RegisterForReflection
    record GatewayList(@JsonProperty("hits") List<GatewayHit> hits) {}

    /** One gateway's last sign of life. */
    @RegisterForReflection
    record GatewayHit(
            @JsonProperty("_id") String id,
            @JsonProperty("_seq_no") long sequence) {}

    /** A kept response's or conversation's document. */
    @RegisterForReflection
    record RecordReply(
            @JsonProperty("_id") @Nullable String id,
            @JsonProperty("_seq_no") long sequence,
            @JsonProperty("_primary_term") long term,
            @JsonProperty("_source") @Nullable RecordDocument source) {}

    /** A record as it lies in its index, with its size in bytes. */
    @RegisterForReflection
    record RecordDocument(
            @JsonProperty("owner") @Nullable String owner,
            @JsonProperty("record") @Nullable String record,
            @JsonProperty("changed") long changed,
            @JsonProperty("size") long size) {}

    /** A search for records, with a sum over all of them. */
    @RegisterForReflection
    record RecordHits(
            @JsonProperty("hits") RecordList hits,
            @JsonProperty("aggregations") @Nullable Sums sums) {}

    /** What it found. */
    @RegisterForReflection
    record RecordList(
            @JsonProperty("total") Total total,
            @JsonProperty("hits") List<RecordReply> hits) {}

    /** How many there are. */
    @RegisterForReflection
    record Total(@JsonProperty("value") long value) {}

    /** How large they are. */
    @RegisterForReflection
    record Sums(@JsonProperty("bytes") Sum bytes) {}

    /** A sum. */
    @RegisterForReflection
    record Sum(@JsonProperty("value") double value) {}

    /** A search for usage. */
    @RegisterForReflection
    record UsageHits(@JsonProperty("hits") UsageList hits) {}

    /** What it found. */
    @RegisterForReflection
    record UsageList(@JsonProperty("hits") List<UsageHit> hits) {}

    /** One gateway's day, and the number of its last write. */
    @RegisterForReflection
    record UsageHit(
            @JsonProperty("_seq_no") long sequence,
            @JsonProperty("_source") @Nullable UsageDocument source) {}

    /** What a gateway has used on a day as it lies in its index; the day is counted from 1970 on. */
    @RegisterForReflection
    record UsageDocument(
            @JsonProperty("gateway") String gateway,
            @JsonProperty("day") long day,
            @JsonProperty("rows") String rows) {}

    /** The words of a question. */
    @RegisterForReflection
    record TermsReply(
            @JsonProperty("term_vectors") @Nullable Map<String, FieldTerms> fields) {}

    /** Its words as one field has them. */
    @RegisterForReflection
    record FieldTerms(
            @JsonProperty("field_statistics") @Nullable FieldStatistics statistics,
            @JsonProperty("terms") @Nullable Map<String, Term> terms) {}

    /** How many passages there are. */
    @RegisterForReflection
    record FieldStatistics(@JsonProperty("doc_count") long passages) {}

    /** How often a word is in the question, and in how many passages. */
    @RegisterForReflection
    record Term(
            @JsonProperty("term_freq") int count,
            @JsonProperty("doc_freq") long passages) {}

    /** A search for passages. */
    @RegisterForReflection
    record PassageHits(@JsonProperty("hits") PassageList hits) {}

    /** What it found. */
    @RegisterForReflection
    record PassageList(@JsonProperty("hits") List<PassageHit> hits) {}

    /** One passage. */
    @RegisterForReflection
    record PassageHit(
            @JsonProperty("_id") String id,
            @JsonProperty("_score") double score,
            @JsonProperty("_source") PassageDocument source) {}

    /** How many passages are seen, and what is asked of them. */
    @RegisterForReflection
    record Counts(
            @JsonProperty("hits") CountedList hits,
            @JsonProperty("aggregations") Counted counted) {}

    /** All of them. */
    @RegisterForReflection
    record CountedList(@JsonProperty("total") Total total) {}

    /** How many have a vector, or which files they are of. */
    @RegisterForReflection
    record Counted(
            @JsonProperty("with") @Nullable Bucket with,
            @JsonProperty("files") @Nullable Buckets files) {}

    /** Those of each file. */
    @RegisterForReflection
    record Buckets(@JsonProperty("buckets") List<Bucket> buckets) {}

    /** Some passages, and what they have in common. */
    @RegisterForReflection
    record Bucket(
            @JsonProperty("key") @Nullable String key,
            @JsonProperty("doc_count") long passages) {}

    /** A bulk write. */
    @RegisterForReflection
    record BulkReply(
            @JsonProperty("errors") boolean errors,
            @JsonProperty("items") List<Map<String, BulkItem>> items) {}

    /** One entry of it. */
    @RegisterForReflection
    record BulkItem(
            @JsonProperty("status") int status,
            @JsonProperty("error") @Nullable Cause error) {}

    /** A passage as it lies in its index, without its vector. */
    @RegisterForReflection
    record PassageDocument(
            @JsonProperty("file") String file,
            @JsonProperty("ordinal") int ordinal,
            @JsonProperty("title") String title,
            @JsonProperty("heading") String heading,
            @JsonProperty("text") String text,
            @JsonProperty("url") String url) {
        /** As it is written, to be added to: {@code written_at} is in seconds since 1970. */
        static Map<String, Object> of(Passage passage, String file, String generation, long writtenAt) {
            return new LinkedHashMap<>(Map.of(
                    "generation",
                    generation,
                    "written_at",
                    writtenAt,
                    "file",
                    file,
                    "ordinal",
                    passage.ordinal(),
                    "title",
                    passage.title(),
                    "heading",
                    passage.heading(),
                    "text",
                    passage.text(),
                    "url",
                    passage.url()));
        }

        Passage passage() {
            return new Passage(file + "#" + ordinal, file, ordinal, title, heading, text, url);
        }
    }
}
