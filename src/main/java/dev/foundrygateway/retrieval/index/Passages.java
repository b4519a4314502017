package dev.foundrygateway.retrieval.index;

import dev.foundrygateway.retrieval.Deadline;
import dev.foundrygateway.retrieval.Findings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The passages of one store, in whichever engine. All passages of a file appear and vanish in one step: with {@link #commit}, or with the change of the
 * store's record that follows it. Thread-safe; for worker threads.
 */
public interface Passages {
    /**
     * Sets a file's passages, in place of those it has; safe after {@link #commit}.
     *
     * @param vectors one for each passage, or none at all
     */
    void replace(String fileId, List<Passage> passages, List<float[]> vectors) throws IOException;

    /** Takes a file's passages out, if its store's record has not done so; safe after {@link #commit}. */
    void remove(String fileId) throws IOException;

    /** Makes all changes so far safe against a crash. */
    void commit() throws IOException;

    /** Drops what was not committed, after a failure such as a full disk. */
    void recover() throws IOException;

    /**
     * Searches for a question's words, and near its vector where one is given and nearly all passages have one that it can be compared with.
     *
     * @param vector the question's vector; empty to search by words only
     * @param limit how many hits at most
     * @param files only passages of these files; empty for all
     * @throws org.apache.lucene.store.AlreadyClosedException when the store was closed meanwhile
     */
    Findings search(Question question, float[] vector, int limit, Optional<Set<String>> files) throws IOException;

    /** Files of passages that have no vector of the model's and of so many dimensions. */
    Set<String> filesWithoutVectors(int dimensions) throws IOException;

    /** The same for a question without any before it. */
    default Findings search(String question, float[] vector, int limit, Optional<Set<String>> files)
            throws IOException {
        return search(Question.of(question), vector, limit, files);
    }

    /** The same within a call's time; an engine that cannot stop in the middle asks before it begins. */
    default Findings search(
            Question question, float[] vector, int limit, Optional<Set<String>> files, Deadline deadline)
            throws IOException {
        deadline.check();
        return search(question, vector, limit, files);
    }
}
