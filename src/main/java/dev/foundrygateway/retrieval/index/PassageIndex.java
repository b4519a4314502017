package dev.foundrygateway.retrieval.index;

import dev.foundrygateway.retrieval.Deadline;
import dev.foundrygateway.retrieval.Findings;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * The passages of one store in a Lucene index: on disk, or in memory for one request's own documents. All passages of a file appear and vanish in one step,
 * with {@link #commit}; a crash leaves the last commit. Thread-safe; searches don't wait for changes.
 */
public final class PassageIndex implements Passages, Closeable {
    private static final double RAM_BUFFER_MEGABYTES = 32;

    private final Directory directory;
    private final IndexSettings settings;
    private final Analyzer analyzer;
    private IndexWriter writer;
    private volatile SearcherManager searchers;
    /** Whether passages were added that are not committed. */
    private boolean written;

    private PassageIndex(Directory directory, IndexSettings settings, boolean shortLived) throws IOException {
        this.directory = directory;
        this.settings = settings;
        this.analyzer = Analyzers.of(settings.language());
        this.writer = writer(shortLived);
        this.searchers = searchers();
    }

    /** The index in that folder, made if there is none. Files are read, not mapped: native images can't map them safely. */
    public static PassageIndex open(Path folder, IndexSettings settings) throws IOException {
        return new PassageIndex(new NIOFSDirectory(folder), settings, false);
    }

    /** An empty index that vanishes when it is closed. */
    public static PassageIndex inMemory(IndexSettings settings) throws IOException {
        return new PassageIndex(new ByteBuffersDirectory(), settings, true);
    }

    /** Whether there is an index in that folder. */
    public static boolean isThere(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Directory directory = new NIOFSDirectory(folder)) {
            return DirectoryReader.indexExists(directory);
        }
    }

    /** Whether all files of the last commit are there, none of them empty. */
    public static boolean looksWhole(Path folder) throws IOException {
        if (!isThere(folder)) {
            return false;
        }
        try (Directory directory = new NIOFSDirectory(folder)) {
            for (String file : SegmentInfos.readLatestCommit(directory).files(true)) {
                if (directory.fileLength(file) == 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            if (isDamage(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Whether a failure means that what lies there is damaged, and not that the disk failed. */
    public static boolean isDamage(Exception failure) {
        return failure instanceof CorruptIndexException
                || failure instanceof IndexFormatTooOldException
                || failure instanceof IndexFormatTooNewException
                || failure instanceof IndexNotFoundException
                || failure instanceof EOFException
                || failure instanceof FileNotFoundException
                || failure instanceof NoSuchFileException
                || failure instanceof IllegalArgumentException
                || failure instanceof IndexOutOfBoundsException;
    }

    /** Reads all of it and compares it with its checksums. */
    public void check() throws IOException {
        SearcherManager current = searchers;
        IndexSearcher searcher = current.acquire();
        try {
            for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
                if (leaf.reader() instanceof CodecReader reader) {
                    reader.checkIntegrity();
                }
            }
        } finally {
            current.release(searcher);
        }
    }

    private IndexWriter writer(boolean shortLived) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig(
                        new PerFieldAnalyzerWrapper(analyzer, Map.of(PassageFields.GRAMS, CharacterGrams.analyzer())))
                .setSimilarity(new BM25Similarity(settings.k1(), settings.b()))
                .setRAMBufferSizeMB(RAM_BUFFER_MEGABYTES)
                .setCodec(WideVectors.codec())
                .setCommitOnClose(false);
        if (shortLived) {
            config.setMergePolicy(NoMergePolicy.INSTANCE).setMergeScheduler(new SerialMergeScheduler());
        }
        return new IndexWriter(directory, config);
    }

    private SearcherManager searchers() throws IOException {
        return new SearcherManager(writer, true, true, new SearcherFactory() {
            @Override
            public IndexSearcher newSearcher(IndexReader reader, @Nullable IndexReader previous) {
                IndexSearcher searcher = new IndexSearcher(reader);
                searcher.setSimilarity(new BM25Similarity(settings.k1(), settings.b()));
                return searcher;
            }
        });
    }

    @Override
    public synchronized void replace(String fileId, List<Passage> passages, List<float[]> vectors) throws IOException {
        written = true;
        writer.updateDocuments(
                new Term(PassageFields.FILE, fileId), PassageFields.documents(passages, vectors, settings.vectors()));
    }

    @Override
    public synchronized void remove(String fileId) throws IOException {
        writer.deleteDocuments(new Term(PassageFields.FILE, fileId));
    }

    @Override
    public synchronized void commit() throws IOException {
        writer.commit();
        written = false;
        searchers.maybeRefreshBlocking();
    }

    /** Makes all changes so far seen by searches, and nothing safe: for an index that lives for one request. */
    public synchronized void refresh() throws IOException {
        writer.flush();
        searchers.maybeRefreshBlocking();
    }

    @Override
    public synchronized void recover() throws IOException {
        // A full disk closes the writer: it starts over from the last commit.
        SearcherManager old = searchers;
        writer.rollback();
        writer = writer(false);
        written = false;
        searchers = searchers();
        old.close();
    }

    /**
     * Takes the passages of files out and makes that sure, in one step: no other change comes in between.
     *
     * @param fileIds asked once nobody else changes anything
     * @return those files
     */
    public synchronized Set<String> remove(Supplier<Set<String>> fileIds) throws IOException {
        Set<String> gone = fileIds.get();
        try {
            for (String fileId : gone) {
                remove(fileId);
            }
            commit();
            return gone;
        } catch (IOException | AlreadyClosedException e) {
            // A full disk closes the writer. Whoever has written passages that wait sees at their commit that it fails.
            if (!written) {
                recover();
            }
            throw e;
        }
    }

    /** The files that have passages, perhaps some more that had. */
    public Set<String> files() throws IOException {
        SearcherManager current = searchers;
        IndexSearcher searcher = current.acquire();
        try {
            return files(searcher);
        } finally {
            current.release(searcher);
        }
    }

    private static Set<String> files(IndexSearcher searcher) throws IOException {
        Set<String> files = new HashSet<>();
        Terms terms = MultiTerms.getTerms(searcher.getIndexReader(), PassageFields.FILE);
        TermsEnum all = terms == null ? TermsEnum.EMPTY : terms.iterator();
        for (BytesRef file = all.next(); file != null; file = all.next()) {
            files.add(file.utf8ToString());
        }
        return files;
    }

    @Override
    public Set<String> filesWithoutVectors(int dimensions) throws IOException {
        SearcherManager current = searchers;
        IndexSearcher searcher = current.acquire();
        try {
            return PassageFields.filesWithout(
                    searcher, files(searcher), settings.vectors().field(dimensions));
        } finally {
            current.release(searcher);
        }
    }

    @Override
    public Findings search(Question question, float[] vector, int limit, Optional<Set<String>> files)
            throws IOException {
        return search(settings, question, vector, limit, files);
    }

    /** The same with other settings of the ranking, to compare them. */
    public Findings search(
            IndexSettings ranking, Question question, float[] vector, int limit, Optional<Set<String>> files)
            throws IOException {
        SearcherManager current = searchers;
        IndexSearcher searcher = current.acquire();
        try {
            return new PassageSearch(searcher, analyzer, ranking).search(question, vector, limit, files);
        } finally {
            current.release(searcher);
        }
    }

    @Override
    public Findings search(Question question, float[] vector, int limit, Optional<Set<String>> files, Deadline deadline)
            throws IOException {
        deadline.check();
        SearcherManager current = searchers;
        IndexSearcher shared = current.acquire();
        try {
            // One of its own: its time is this search's alone.
            IndexSearcher own = new IndexSearcher(shared.getIndexReader());
            own.setSimilarity(shared.getSimilarity());
            own.setTimeout(deadline::isOver);
            Findings found = new PassageSearch(own, analyzer, settings).search(question, vector, limit, files);
            if (own.timedOut()) {
                deadline.check();
            }
            return found;
        } finally {
            current.release(shared);
        }
    }

    /** How many passages searches see. */
    int size() throws IOException {
        SearcherManager current = searchers;
        IndexSearcher searcher = current.acquire();
        try {
            return searcher.getIndexReader().numDocs();
        } finally {
            current.release(searcher);
        }
    }

    /** Closes it without committing. Searches under way end as they began. */
    @Override
    public synchronized void close() throws IOException {
        searchers.close();
        writer.rollback();
        directory.close();
        // The analyzer stays open: a search under way may be cutting its question into words.
    }
}
