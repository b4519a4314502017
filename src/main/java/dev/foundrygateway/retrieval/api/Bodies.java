package dev.foundrygateway.retrieval.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.RankingOptions;
import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.json.Said;
import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.index.Analyzers;
import dev.foundrygateway.retrieval.index.AttributeFilter;
import dev.foundrygateway.retrieval.store.VectorStores.Addition;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests, in OpenAI's shapes. */
public final class Bodies {
    private static final int MIN_CHUNK = 100;
    private static final int MAX_CHUNK = 4096;
    private static final int MAX_ATTRIBUTES = 16;
    private static final int MAX_KEY = 64;
    private static final int MAX_VALUE = 512;
    private static final int MAX_FILES = 2_000;
    private static final int MAX_FIRST_FILES = 500;

    private Bodies() {}

    /** {@code POST /v1/vector_stores}, and of one store. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Store(
            @JsonProperty("name") @Nullable String name,
            @JsonProperty("file_ids") @Nullable List<String> fileIds,
            @JsonProperty("expires_after") Said<Views.Expiry> expiresAfter,
            @JsonProperty("chunking_strategy") Views.@Nullable Chunking chunking,
            @JsonProperty("metadata") @Nullable Map<String, String> metadata,
            @JsonProperty("shared") @Nullable Boolean shared,
            @JsonProperty("description") @Nullable String description) {
        /** What the client says of it; {@code fallback} if the request says nothing. */
        String words(String fallback) {
            if (description != null && description.length() > MAX_VALUE) {
                throw wrong("description must have at most 512 characters", "description");
            }
            return description == null ? fallback : description;
        }

        /** The files that it begins with. */
        List<Addition> additions() {
            addition("", null, chunking); // what is wrong with it is told without files, too
            if (fileIds == null) {
                return List.of();
            }
            if (fileIds.size() > MAX_FIRST_FILES) {
                throw wrong("file_ids must have at most 500 entries; add the others as batches", "file_ids");
            }
            return listed(fileIds, "file_ids").stream()
                    .map(id -> addition(id, null, chunking))
                    .toList();
        }

        /** The client's notes; empty if the request says nothing of them. */
        Optional<Map<String, String>> notes() {
            if (metadata == null) {
                return Optional.empty();
            }
            boolean fits = metadata.size() <= MAX_ATTRIBUTES
                    && metadata.entrySet().stream()
                            .allMatch(note -> note.getKey().length() <= MAX_KEY
                                    && note.getValue() != null
                                    && note.getValue().length() <= MAX_VALUE);
            if (!fits) {
                throw wrong(
                        "metadata must be at most 16 strings of up to 512 characters, with names of up to 64",
                        "metadata");
            }
            String language = metadata.getOrDefault("language", "");
            if (!language.isBlank() && Analyzers.named(language).isEmpty()) {
                throw wrong(
                        "metadata.language is the language of the store's files: one of "
                                + String.join(", ", Analyzers.names()) + ", or a code such as de or pt-BR",
                        "metadata.language");
            }
            return Optional.of(Map.copyOf(metadata));
        }

        /** In how many days it expires, 0 for never; null lifts what was said before, and {@code fallback} stays if the request says nothing. */
        int days(int fallback) {
            if (!expiresAfter.said()) {
                return fallback;
            }
            Views.Expiry expiry = expiresAfter.value();
            if (expiry == null) {
                return 0;
            }
            Integer days = expiry.days();
            if (days == null || days < 1 || days > 365 || !"last_active_at".equals(expiry.anchor())) {
                throw wrong("expires_after must have the anchor last_active_at and 1 to 365 days", "expires_after");
            }
            return days;
        }
    }

    /** {@code POST /v1/uploads}. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record NewUpload(
            @JsonProperty("filename") @Nullable String filename,
            @JsonProperty("bytes") @Nullable Long bytes,
            @JsonProperty("purpose") @Nullable String purpose,
            @JsonProperty("mime_type") @Nullable String mimeType,
            @JsonProperty("expires_after") Views.@Nullable FileExpiry expiresAfter) {}

    /** {@code POST …/complete}. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record WholeUpload(
            @JsonProperty("part_ids") @Nullable List<String> partIds,
            @JsonProperty("md5") @Nullable String md5) {}

    /** One file to be added, and a batch of them. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Files(
            @JsonProperty("file_id") @Nullable String fileId,
            @JsonProperty("file_ids") @Nullable List<String> fileIds,
            @JsonProperty("files") @Nullable List<Files> files,
            @JsonProperty("attributes") @Nullable Map<String, Object> attributes,
            @JsonProperty("chunking_strategy") Views.@Nullable Chunking chunking) {
        /** The one file. */
        Addition one() {
            if (fileId == null || fileId.isEmpty()) {
                throw wrong("file_id is missing", "file_id");
            }
            return addition(fileId, attributes, chunking);
        }

        /** All of a batch. */
        List<Addition> all() {
            List<Addition> all = new ArrayList<>();
            if (fileIds != null && files != null && !fileIds.isEmpty() && !files.isEmpty()) {
                throw wrong("file_ids and files cannot both be given", "files");
            }
            if (fileIds != null) {
                listed(fileIds, "file_ids").forEach(id -> all.add(addition(id, attributes, chunking)));
            }
            if (files != null) {
                listed(files, "files").forEach(file -> all.add(file.one()));
            }
            if (all.isEmpty() || all.size() > MAX_FILES) {
                throw wrong("file_ids or files must name 1 to 2000 files", "file_ids");
            }
            return all;
        }
    }

    /** {@code POST …/search}. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Search(
            @JsonProperty("query") @Nullable Object query,
            @JsonProperty("max_num_results") @Nullable Integer maxResults,
            @JsonProperty("filters") @Nullable AttributeFilter filters,
            @JsonProperty("ranking_options") @Nullable Object ranking,
            @JsonProperty("rewrite_query") @Nullable Boolean rewriteQuery) {
        /** The question or questions. */
        List<String> queries() {
            if (query instanceof String one && !one.isBlank()) {
                return List.of(one);
            }
            if (query instanceof List<?> many
                    && !many.isEmpty()
                    && many.stream().allMatch(one -> one instanceof String text && !text.isBlank())) {
                return many.stream().map(String.class::cast).toList();
            }
            throw wrong("query must be a string or a list of strings", "query");
        }

        /** How many results. */
        int limit() {
            if (maxResults != null && (maxResults < 1 || maxResults > 50)) {
                throw wrong("max_num_results must be from 1 to 50", "max_num_results");
            }
            return maxResults == null ? 10 : maxResults;
        }

        /** Which files are meant; empty for all, as an object without members says, too. */
        Optional<AttributeFilter> condition() {
            return Optional.ofNullable(filters).filter(given -> !given.saysNothing());
        }

        /** How results are ranked. */
        RankingOptions rank() {
            try {
                return RankingOptions.of(
                        ranking == null ? Json.object() : Json.of(TypedJson.write(ranking)), "ranking_options");
            } catch (IllegalArgumentException e) {
                String message = String.valueOf(e.getMessage());
                throw wrong(message, message.substring(0, message.indexOf(' ')));
            }
        }
    }

    /** What a file is for, which OpenAI's clients must say. */
    static String purpose(@Nullable String said) {
        if (said == null || said.isBlank()) {
            throw wrong("purpose is missing; it says what the file is for, such as assistants or user_data", "purpose");
        }
        return said;
    }

    /** Checks one file to be added. */
    static Addition addition(
            String fileId, @Nullable Map<String, Object> attributes, Views.@Nullable Chunking chunking) {
        int tokens = 0;
        int overlap = 0;
        if (chunking != null && "static".equals(chunking.type())) {
            Views.Sizes sizes = chunking.sizes();
            if (sizes == null
                    || sizes.maxTokens() < MIN_CHUNK
                    || sizes.maxTokens() > MAX_CHUNK
                    || sizes.overlapTokens() < 0
                    || sizes.overlapTokens() > sizes.maxTokens() / 2) {
                throw wrong(
                        "chunking_strategy.static needs max_chunk_size_tokens from 100 to 4096 and chunk_overlap_tokens of at most half of it",
                        "chunking_strategy");
            }
            tokens = sizes.maxTokens();
            overlap = sizes.overlapTokens();
        } else if (chunking != null && !"auto".equals(chunking.type())) {
            throw wrong("chunking_strategy.type must be auto or static", "chunking_strategy");
        }
        return new Addition(fileId, checked(attributes), tokens, overlap);
    }

    /** Checks attributes; none for null. */
    static Map<String, Object> checked(@Nullable Map<String, Object> attributes) {
        if (attributes == null) {
            return Map.of();
        }
        boolean simple = attributes.entrySet().stream()
                .allMatch(one -> one.getKey().length() <= MAX_KEY && isSimple(one.getValue()));
        if (!simple || attributes.size() > MAX_ATTRIBUTES) {
            throw wrong(
                    "attributes must be at most 16 strings of up to 512 characters, numbers or booleans, with names of up to 64",
                    "attributes");
        }
        return attributes;
    }

    private static boolean isSimple(@Nullable Object value) {
        return (value instanceof String text && text.length() <= MAX_VALUE)
                || (value instanceof Number number && Double.isFinite(number.doubleValue()))
                || value instanceof Boolean;
    }

    /** A list as it came, if nothing in it is null and it is of bearable size. */
    static <T> List<T> listed(List<@Nullable T> list, String field) {
        List<T> all = new ArrayList<>();
        for (T entry : list) {
            if (entry == null) {
                throw wrong(field + "[" + all.size() + "] is null", field);
            }
            if (all.size() == MAX_FILES) {
                throw wrong(field + " must have at most 2000 entries", field);
            }
            all.add(entry);
        }
        return all;
    }

    private static GatewayException wrong(String message, String param) {
        return new GatewayException(ErrorCode.INVALID_REQUEST, message, param);
    }
}
