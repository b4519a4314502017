package dev.foundrygateway.retrieval.index;

import dev.foundrygateway.retrieval.store.SafeFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.PointValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.NumericUtils;

/**
 * Vectors on the disk by a key, so that a restart embeds nothing anew: a Lucene index with a document for each. The oldest go when there are more than its
 * bound. A value carries its checksum; one that is damaged is as if it were not there, and an index that cannot be opened is begun anew: what is lost is
 * made again. Thread-safe; for worker threads.
 */
final class VectorCache implements Closeable {
    private static final String KEY = "key";
    private static final String VALUE = "value";
    /** A running number, by which the oldest are found. */
    private static final String ORDER = "order";

    private final Directory directory;
    private final IndexWriter writer;
    private final SearcherManager searchers;
    private final int most;
    private long next;

    private VectorCache(Directory directory, IndexWriter writer, int most) throws IOException {
        this.directory = directory;
        this.writer = writer;
        this.most = most;
        this.searchers = new SearcherManager(writer, null);
        this.next = last() + 1;
    }

    /**
     * The cache in that folder, made if there is none, or if what is there cannot be read.
     *
     * @param most how many vectors are kept
     * @throws IOException when the folder cannot be written, or another process has it open
     */
    static VectorCache open(Path folder, int most) throws IOException {
        try {
            return opened(folder, most);
        } catch (LockObtainFailedException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            if (Files.isDirectory(folder)) {
                SafeFiles.deleteFolder(folder);
            }
            return opened(folder, most);
        }
    }

    private static VectorCache opened(Path folder, int most) throws IOException {
        List<Closeable> open = new ArrayList<>();
        try {
            Directory directory = new NIOFSDirectory(folder);
            open.add(directory);
            IndexWriter writer = new IndexWriter(
                    directory,
                    new IndexWriterConfig(new KeywordAnalyzer())
                            .setCodec(WideVectors.codec())
                            .setCommitOnClose(false));
            open.add(0, writer);
            return new VectorCache(directory, writer, most);
        } catch (IOException | RuntimeException e) {
            IOUtils.closeWhileHandlingException(open);
            throw e;
        }
    }

    private long last() throws IOException {
        IndexSearcher searcher = searchers.acquire();
        try {
            byte[] highest = PointValues.getMaxPackedValue(searcher.getIndexReader(), ORDER);
            return highest == null ? 0 : NumericUtils.sortableBytesToLong(highest, 0);
        } finally {
            searchers.release(searcher);
        }
    }

    /** Those of these keys' vectors that are there and whole. */
    Map<String, float[]> get(List<String> keys) throws IOException {
        Map<String, float[]> found = new HashMap<>();
        IndexSearcher searcher = searchers.acquire();
        try {
            for (String key : keys) {
                for (ScoreDoc hit : searcher.search(new TermQuery(new Term(KEY, key)), 1).scoreDocs) {
                    float[] vector =
                            vector(searcher.storedFields().document(hit.doc).getBinaryValue(VALUE));
                    if (vector.length > 0) {
                        found.put(key, vector);
                    }
                }
            }
        } finally {
            searchers.release(searcher);
        }
        return found;
    }

    /** Keeps these, in place of what their keys have, and commits. */
    synchronized void put(Map<String, float[]> vectors) throws IOException {
        for (Map.Entry<String, float[]> entry : vectors.entrySet()) {
            Document document = new Document();
            document.add(new StringField(KEY, entry.getKey(), Field.Store.NO));
            document.add(new LongPoint(ORDER, next++));
            document.add(new StoredField(VALUE, bytes(entry.getValue())));
            writer.updateDocument(new Term(KEY, entry.getKey()), document);
        }
        writer.deleteDocuments(LongPoint.newRangeQuery(ORDER, Long.MIN_VALUE, next - 1 - most));
        writer.commit();
        searchers.maybeRefreshBlocking();
    }

    private static byte[] bytes(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES + Long.BYTES);
        bytes.asFloatBuffer().put(vector);
        bytes.putLong(vector.length * Float.BYTES, checksum(bytes.array(), 0, vector.length * Float.BYTES));
        return bytes.array();
    }

    private static float[] vector(BytesRef value) {
        int length = value.length - Long.BYTES;
        ByteBuffer bytes = ByteBuffer.wrap(value.bytes, value.offset, value.length);
        if (length < 0 || bytes.getLong(value.offset + length) != checksum(value.bytes, value.offset, length)) {
            return new float[0];
        }
        float[] vector = new float[length / Float.BYTES];
        bytes.asFloatBuffer().get(vector);
        return vector;
    }

    private static long checksum(byte[] bytes, int offset, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, offset, length);
        return sum.getValue();
    }

    /** Closes it; what was not committed is gone. */
    @Override
    public synchronized void close() throws IOException {
        searchers.close();
        writer.rollback();
        directory.close();
    }
}
