package dev.foundrygateway.retrieval;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.GatewayOptions.Document;
import dev.foundrygateway.retrieval.index.Hit;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.Passage;
import dev.foundrygateway.retrieval.index.PassageIndex;
import dev.foundrygateway.retrieval.index.Question;
import dev.foundrygateway.retrieval.read.Chunker;
import dev.foundrygateway.retrieval.read.Extraction;
import dev.foundrygateway.retrieval.read.Section;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One request's own documents: searched in an index that lives as long as the search, in this request's memory alone. */
final class InlineDocuments {
    private static final String FILE = "doc-";

    private final IndexSettings settings;
    private final Chunker chunker;
    private final int maxLength;
    private final FileReading reading;

    InlineDocuments(IndexSettings settings, Chunker chunker, int maxLength) {
        this.settings = settings;
        this.chunker = chunker;
        this.maxLength = maxLength;
        this.reading = new FileReading(maxLength);
    }

    /**
     * Their best passages; behind those that match, the others in the order in which they were given: the client means them all, and a question such as
     * "summarise this" matches none.
     *
     * @throws GatewayException when they are too long together
     */
    Findings search(List<Document> documents, Question question, int limit, Deadline deadline) throws IOException {
        List<List<Passage>> all = new ArrayList<>();
        long length = 0;
        for (Document document : documents) {
            Extraction read = read(document, all.size(), deadline);
            length += read.sections().stream()
                    .mapToLong(section -> section.text().length())
                    .sum();
            if (length > maxLength) {
                throw new GatewayException(
                        ErrorCode.BODY_TOO_LARGE,
                        "gateway.documents has more than " + maxLength
                                + " characters together (gateway.retrieval.max-documents-length); use a vector store",
                        "gateway.documents");
            }
            deadline.check();
            all.add(passages(document, read, all.size()));
        }
        try (PassageIndex index = PassageIndex.inMemory(settings)) {
            for (int i = 0; i < all.size(); i++) {
                deadline.check();
                index.replace(FILE + i, all.get(i), List.of());
            }
            index.refresh();
            Findings found = index.search(question, new float[0], limit, Optional.empty(), deadline);
            return new Findings(filled(found.hits(), all, limit), found.support(), false);
        }
    }

    /** Whether a passage is out of a request's own document, which no client can fetch. */
    static boolean owns(Passage passage) {
        return passage.fileId().startsWith(FILE);
    }

    private Extraction read(Document document, int number, Deadline deadline) throws IOException {
        if (document.filename().isEmpty()) {
            return new Extraction("", List.of(new Section("", document.text())));
        }
        String field = "gateway.documents[" + number + "].file_data";
        return reading.read(FileReading.bytes(document.data(), field), document.filename(), field, deadline);
    }

    private List<Passage> passages(Document document, Extraction read, int number) {
        String file = FILE + number;
        String name = read.title().isEmpty() ? document.filename() : read.title();
        String title = document.title().isEmpty() ? name : document.title();
        List<Section> chunks = chunker.chunk(read.sections());
        List<Passage> passages = new ArrayList<>(chunks.size());
        for (Section chunk : chunks) {
            int ordinal = passages.size();
            passages.add(new Passage(
                    file + "#" + ordinal, file, ordinal, title, chunk.heading(), chunk.text(), document.url()));
        }
        return passages;
    }

    private static List<Hit> filled(List<Hit> hits, List<List<Passage>> all, int limit) {
        List<Hit> filled = new ArrayList<>(hits);
        Set<String> there = new HashSet<>();
        hits.forEach(hit -> there.add(hit.passage().id()));
        for (List<Passage> document : all) {
            for (Passage passage : document) {
                if (filled.size() >= limit) {
                    return filled;
                }
                if (!there.contains(passage.id())) {
                    filled.add(new Hit(passage, 0, 0, 0));
                }
            }
        }
        return filled;
    }
}
