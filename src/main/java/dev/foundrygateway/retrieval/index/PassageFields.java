package dev.foundrygateway.retrieval.index;

import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** How a passage lies in the index. */
final class PassageFields {
    static final String FILE = "file";
    /** Title, headings and text together: what BM25 ranks by. */
    static final String ALL = "all";

    static final String TITLE = "title";
    static final String HEADING = "heading";
    /** Title, headings and text as runs of characters, see {@link CharacterGrams}. */
    static final String GRAMS = "grams";

    private static final String ID = "id";
    private static final String ORDINAL = "ordinal";
    private static final String TEXT = "text";
    private static final String URL = "url";

    private PassageFields() {}

    /** One document for each passage, made as they are asked for. */
    static Iterable<Document> documents(List<Passage> passages, List<float[]> vectors, VectorScale scale) {
        return () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < passages.size();
            }

            @Override
            public Document next() {
                int at = next++;
                return document(passages.get(at), vectors.isEmpty() ? new float[0] : vectors.get(at), scale);
            }
        };
    }

    private static Document document(Passage passage, float[] vector, VectorScale scale) {
        Document document = new Document();
        document.add(new StringField(FILE, passage.fileId(), Field.Store.YES));
        document.add(new StoredField(ID, passage.id()));
        document.add(new StoredField(ORDINAL, passage.ordinal()));
        document.add(new StoredField(TEXT, passage.text()));
        document.add(new TextField(ALL, WordParts.beside(passage.context()), Field.Store.NO));
        document.add(new TextField(GRAMS, passage.context(), Field.Store.NO));
        if (!passage.title().isEmpty()) {
            document.add(new TextField(TITLE, passage.title(), Field.Store.YES));
        }
        if (!passage.heading().isEmpty()) {
            document.add(new TextField(HEADING, passage.heading(), Field.Store.YES));
        }
        if (!passage.url().isEmpty()) {
            document.add(new StoredField(URL, passage.url()));
        }
        if (vector.length > 0) {
            document.add(new KnnFloatVectorField(scale.field(vector.length), vector, VectorSimilarityFunction.COSINE));
        }
        return document;
    }

    /** Those of the files that have documents that lack a field. */
    static Set<String> filesWithout(IndexSearcher searcher, Set<String> files, String field) throws IOException {
        int all = searcher.getIndexReader().numDocs();
        if (all == 0 || searcher.count(new FieldExistsQuery(field)) == all) {
            return Set.of();
        }
        Set<String> lacking = new HashSet<>();
        for (String file : files) {
            Query without = new BooleanQuery.Builder()
                    .add(new TermQuery(new Term(FILE, file)), Occur.FILTER)
                    .add(new FieldExistsQuery(field), Occur.MUST_NOT)
                    .build();
            if (searcher.count(without) > 0) {
                lacking.add(file);
            }
        }
        return lacking;
    }

    /** The passage of that number. */
    static Passage read(StoredFields fields, int doc) throws IOException {
        Document document = fields.document(doc);
        return new Passage(
                text(document, ID),
                text(document, FILE),
                document.getField(ORDINAL).numericValue().intValue(),
                text(document, TITLE),
                text(document, HEADING),
                text(document, TEXT),
                text(document, URL));
    }

    private static String text(Document document, String field) {
        String value = document.get(field);
        return value == null ? "" : value;
    }
}
