package dev.foundrygateway.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.GatewayOptions.Document;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.Question;
import dev.foundrygateway.retrieval.read.Chunker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The workshop's three documents, handed over with a request. */
class WorkshopDocumentsTest {
    private static final Deadline FOREVER = new Deadline(() -> 0, Duration.ofSeconds(1));
    private static final List<Document> DOCS = List.of(
            new Document("", "Foundry Local enables local model execution with OpenAI-compatible APIs.", ""),
            new Document("", "RAG combines retrieval and generation for grounded answers.", ""),
            new Document("", "SLMs provide efficiency advantages on constrained hardware.", ""));

    private final InlineDocuments documents = new InlineDocuments(IndexSettings.DEFAULT, new Chunker(300, 45), 1_000);

    @Test
    void aQuestionAboutRetrievalRanksAsTheWorkshopDoes() throws IOException {
        assertEquals(List.of("doc-1", "doc-0"), top("How does retrieval help grounded answers"));
    }

    @Test
    void aQuestionAboutLocalModelsRanksAsTheWorkshopDoes() throws IOException {
        assertEquals(List.of("doc-0", "doc-1"), top("local model APIs"));
    }

    @Test
    void punctuationDoesNotHideAWord() throws IOException {
        assertEquals("doc-1", top("What is RAG?").get(0));
    }

    @Test
    void aQuestionThatMatchesNothingGetsTheDocumentsInTheirOrderWithoutSupport() throws IOException {
        Findings found = documents.search(DOCS, Question.of("summarise"), 5, FOREVER);
        assertEquals(
                List.of("doc-0", "doc-1", "doc-2"),
                found.hits().stream().map(hit -> hit.passage().fileId()).toList());
        assertEquals(0, found.support());
    }

    @Test
    void supportTellsAnAnsweredQuestionFromAnother() throws IOException {
        double answered = documents
                .search(DOCS, Question.of("retrieval for grounded answers"), 2, FOREVER)
                .support();
        double other = documents
                .search(DOCS, Question.of("answers about the capital of France"), 2, FOREVER)
                .support();
        assertTrue(answered > .3 && other < answered / 2, answered + " against " + other);
    }

    @Test
    void tooMuchTextIsRefusedByName() {
        Document large = new Document("", "word ".repeat(300), "");
        GatewayException refused =
                assertThrows(GatewayException.class, () -> documents.search(List.of(large), Question.of("word"), 2, FOREVER));
        assertEquals(ErrorCode.BODY_TOO_LARGE, refused.code());
    }

    private List<String> top(String question) throws IOException {
        return documents.search(DOCS, Question.of(question), 2, FOREVER).hits().stream()
                .map(hit -> hit.passage().fileId())
                .toList();
    }
}
