package dev.foundrygateway.retrieval;

import dev.foundrygateway.exchange.Within;
import dev.foundrygateway.retrieval.index.Fusion;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.VectorScale;
import dev.foundrygateway.retrieval.index.WordOptions;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code gateway.retrieval.…}: stores, search and prompt. */
@ConfigMapping(prefix = RetrievalConfig.PREFIX)
public interface RetrievalConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.retrieval";

    /** Where files and stores are kept; made when the first one comes. */
    @WithDefault("data/retrieval")
    Path directory();

    /** The engine that keeps uploaded files and stores. Folder stores and a request's own documents are in Lucene in any case. */
    @WithDefault("lucene")
    Backend backend();

    /** Where OpenSearch is; heeded with {@code backend=opensearch}. */
    OpenSearch opensearch();

    /** The analyzer's language; {@code none} for folded words without stemming. Over an existing store it takes effect when its files are added anew. */
    @WithDefault("english")
    String language();

    /** BM25. */
    Bm25 bm25();

    /** How many passages the model is given at most, unless the request says so. Five of them fit the smallest context in use. */
    @Within(min = 1)
    @WithDefault("5")
    int maxResults();

    /** The prompt's shape: {@code cited} or {@code workshop}. */
    @WithDefault("cited")
    String template();

    /** Parts of the template to be replaced. */
    Prompt prompt();

    /** How the text is cut. */
    Chunk chunk();

    /** The context length of a model of which nothing is known, in tokens: what Foundry Local's CPU models have at least. */
    @Within(min = 1)
    @WithDefault("4096")
    int contextLength();

    /** Tokens kept free for the answer where the request sets no limit. */
    @WithDefault("512")
    int answerTokens();

    /** The least support with which the model is given the sources; below it {@code no-support} applies. Zero: always. */
    @Within(max = 1)
    @WithDefault("0")
    double minSupport();

    /** What happens below {@code min-support}. */
    @WithDefault("plain")
    NoSupport noSupport();

    /** The answer that {@code no-support=insufficient} gives. */
    @WithDefault("The sources do not contain enough information to answer this question.")
    String insufficientAnswer();

    /**
     * What makes vectors, {@code auto} (the built-in model where it can run), {@code none} (words alone) or the name of an upstream's model.
     * A store's vectors are all of one model, so that it is never chosen by what an upstream lists at the moment.
     */
    @WithDefault("auto")
    String embeddingModel();

    /** How long a question waits for its vector before it is searched by words only. */
    @Within(above = true)
    @WithDefault("2s")
    Duration embeddingTimeout();

    /** How lexical and dense results become one list. */
    @WithDefault("rrf")
    Fusion fusion();

    /** The dense list's share of a weighted fusion. */
    @Within(max = 1)
    @WithDefault("0.5")
    double denseWeight();

    /** The largest file that is taken. */
    @Within(min = 1)
    @WithDefault("64M")
    MemorySize maxFileSize();

    /** The most text that is taken out of one file, in characters: a small file may decompress to any size. As much as the largest plain text has. */
    @Within(min = 1)
    @WithDefault("70000000")
    int maxTextLength();

    /** The most text that one request's own documents may have together, in characters. */
    @Within(min = 1)
    @WithDefault("4000000")
    int maxDocumentsLength();

    /** How many documents one request may bring along. */
    @Within(min = 1)
    @WithDefault("1000")
    int maxDocuments();

    /** How long a title, a store's name or a document's address may be, in characters. */
    @WithDefault("500")
    int maxTitleLength();

    /** How long the id of a store, file or batch may be, in characters: four times as long as those that are given out. */
    @WithDefault("100")
    int maxIdLength();

    /** How many queries one search of a store may have: each is a search of its own. */
    @Within(min = 1)
    @WithDefault("20")
    int maxQueries();

    /** How many stores one call may search. */
    @Within(min = 1)
    @WithDefault("20")
    int maxStores();

    /** How long the search for one call's sources may take, its queries and stores together; then 503. A search in 100,000 passages takes some 20 ms. */
    @Within(above = true)
    @WithDefault("10s")
    Duration searchTimeout();

    /**
     * How long reading one file may take, and for each megabyte that it has a second more; then it is {@code failed}. A file that takes longer has no end, or
     * is made to have none.
     */
    @Within(above = true)
    @WithDefault("30s")
    Duration readTimeout();

    /** Stores that are folders, by their ids. */
    Map<String, FolderStore> stores();

    /** A folder that is a store. */
    interface FolderStore {
        /** The folder, with all its subfolders; hidden files are left out. */
        Path folder();
    }

    /** BM25's two parameters; Anserini's, which suit short passages. */
    interface Bm25 {
        /** Saturation of repeated words. */
        @WithDefault("0.9")
        float k1();

        /** Discount for long passages, from 0 to 1. */
        @Within(max = 1)
        @WithDefault("0.4")
        float b();
    }

    /** The size of passages, in estimated tokens. */
    interface Chunk {
        /** How long one may get. */
        @Within(min = 1)
        @WithDefault("300")
        int tokens();

        /** How much the next one repeats. */
        @WithDefault("45")
        int overlap();
    }

    /** Parts of the prompt in place of the template's; placeholders in braces. */
    interface Prompt {
        /** The rules, in the system's message; {@code {open}} and {@code {close}} stand for the delimiters. */
        Optional<String> system();

        /** One passage; {@code {n}}, {@code {title}}, {@code {heading}}, {@code {url}}, {@code {text}}. */
        Optional<String> passage();

        /** The user's message; {@code {open}}, {@code {context}}, {@code {close}}, {@code {question}}. */
        Optional<String> user();
    }

    /** The engines. */
    enum Backend {
        /** Lucene's indexes below {@link #directory}: one gateway's own. */
        LUCENE,
        /** An OpenSearch cluster that several gateways share. */
        OPENSEARCH
    }

    /** An OpenSearch cluster, 2.x or 3.x. */
    interface OpenSearch {
        /** Its nodes; the next one is asked when one cannot be reached. */
        @WithDefault("http://127.0.0.1:9200")
        List<URI> url();

        /** What the names of all indices begin with: gateways with the same one share files and stores. */
        @WithDefault("foundry-gateway")
        String indexPrefix();

        /** The user, with {@link #password}. */
        Optional<String> username();

        /** The user's password; never logged. */
        Optional<String> password();

        /** A value for the header {@code Authorization} in place of user and password, such as {@code ApiKey …}; never logged. */
        Optional<String> authorization();

        /** A configuration of Quarkus' TLS registry, for a certificate authority of one's own. */
        Optional<String> tlsConfigurationName();

        /** How long a call may take; one that writes passages six times as long. */
        @Within(above = true)
        @WithDefault("10s")
        Duration timeout();

        /** How long another gateway may be silent before its unfinished ingest is taken over. */
        @Within(above = true)
        @WithDefault("30s")
        Duration takeOverAfter();
    }

    /** What to do where the sources don't support an answer. */
    enum NoSupport {
        /** Ask the model without sources. */
        PLAIN,
        /** Answer that the sources are insufficient, and ask no model. */
        INSUFFICIENT,
        /** Give the model what there is; a hybrid model's policy sees the support. */
        CONTEXT
    }

    /** What one call may contain. */
    default InputLimits inputLimits() {
        return new InputLimits(maxIdLength(), maxTitleLength(), maxDocuments(), maxQueries(), maxStores());
    }

    /** How indexes are made and searched. */
    default IndexSettings indexSettings() {
        return new IndexSettings(
                language(),
                bm25().k1(),
                bm25().b(),
                fusion(),
                denseWeight(),
                WordOptions.ALL,
                VectorScale.of(embeddingModel()));
    }
}
