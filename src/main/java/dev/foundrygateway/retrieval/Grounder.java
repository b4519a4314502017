package dev.foundrygateway.retrieval;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.RetrievalObserver;
import dev.foundrygateway.exchange.RetrievalObserver.Stage;
import dev.foundrygateway.exchange.VirtualModels;
import dev.foundrygateway.openai.ChatMessage;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ConversationTokens;
import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.index.AttributeFilter;
import dev.foundrygateway.retrieval.index.Hit;
import dev.foundrygateway.retrieval.index.Question;
import dev.foundrygateway.retrieval.read.Chunker;
import dev.foundrygateway.retrieval.store.Ids;
import dev.foundrygateway.retrieval.store.StoreSearch;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Searches for a request's sources and fits them into its prompt. Thread-safe; for worker threads. */
@Startup // a wrong template is told at the start
@ApplicationScoped
public class Grounder {
    /** What rules, delimiters and the chat template's own tokens take. */
    private static final int FRAME_TOKENS = 160;

    private final StoreSearch stores;
    private final InlineDocuments inline;
    private final PromptTemplate template;
    private final ContextLimits limits;
    private final int answerTokens;
    private final NanoClock clock;
    private final RetrievalObserver observer;
    private static final int MOST_CODES = 1_000;

    /** The delimiters' codes of the last questions: each step of an agent has those of its first, so that a server's prefix cache holds. */
    private final Map<String, String> codes = new LinkedHashMap<>();

    Grounder(
            StoreSearch stores,
            RetrievalConfig config,
            ModelFacts facts,
            VirtualModels virtual,
            NanoClock clock,
            RetrievalObserver observer) {
        this.stores = stores;
        this.inline = new InlineDocuments(
                config.indexSettings(),
                new Chunker(config.chunk().tokens(), config.chunk().overlap()),
                config.maxDocumentsLength());
        this.template = PromptTemplate.of(config);
        this.limits = new ContextLimits(config.contextLength(), facts, virtual);
        this.answerTokens = config.answerTokens();
        this.clock = clock;
        this.observer = observer;
    }

    /** Searches, and fits what was found. */
    Grounding ground(RetrievalWish wish, Caller caller, Deadline deadline) throws IOException {
        deadline.check();
        Question question = wish.question();
        List<Hit> hits = new ArrayList<>();
        double support = 0;
        boolean wordsOnly = false;
        double vectors = 1;
        if (!wish.documents().isEmpty()) {
            long start = clock.nanos();
            Findings own = inline.search(wish.documents(), question, wish.limit(), deadline);
            observer.took(Stage.SEARCH, clock.nanos() - start);
            hits.addAll(own.hits());
            support = own.support();
        }
        if (!wish.stores().isEmpty()) {
            Optional<AttributeFilter> filter = wish.filters().isEmpty()
                    ? Optional.empty()
                    : Optional.of(TypedJson.read(wish.filters(), AttributeFilter.class));
            Findings kept = stores.search(
                    wish.stores(),
                    caller,
                    question,
                    wish.limit(),
                    filter,
                    wish.ranking().threshold(),
                    deadline);
            hits.addAll(kept.hits());
            if (!wish.documents().isEmpty()) {
                // Those of score 0 are the request's own that match nothing: they fill what room is left.
                hits.sort(Comparator.comparingDouble(Hit::score).reversed());
            }
            support = Math.max(support, kept.support());
            wordsOnly = kept.wordsOnly();
            vectors = kept.vectors();
        }
        Findings findings = new Findings(hits.stream().limit(wish.limit()).toList(), support, wordsOnly, vectors);
        long fitting = clock.nanos();
        ContextPrompt prompt = fit(wish.request(), findings.hits());
        observer.took(Stage.PROMPT, clock.nanos() - fitting);
        return new Grounding(wish, findings, prompt);
    }

    /** The same again in what the model is now known to take. */
    Grounding refit(Grounding grounding) {
        return new Grounding(
                grounding.wish(),
                grounding.findings(),
                fit(grounding.wish().request(), grounding.findings().hits()));
    }

    /** Notes an upstream's refusal of a prompt; whether it was for its length. */
    boolean learns(ChatRequest request, String refusal) {
        if (!ContextLimits.isOverflow(refusal)) {
            return false;
        }
        limits.learn(request.model(), refusal, limits.of(request.model()));
        return true;
    }

    private ContextPrompt fit(ChatRequest request, List<Hit> hits) {
        int conversation = ConversationTokens.of(request.member("messages").orElse(""));
        long answer = request.maxTokens().orElse(answerTokens);
        long budget = limits.of(request.model()) - answer - conversation - FRAME_TOKENS;
        StringBuilder asked = new StringBuilder(request.lastUserText());
        hits.forEach(hit -> asked.append('\n')
                .append(hit.passage().id())
                .append('\n')
                .append(hit.passage().text()));
        String question = Ids.hash(asked.toString());
        return ContextPrompt.of(template, hits, (int) Math.max(0, budget), code(request, question));
    }

    /** A new one for a question, which no author of a document can know; the question's own for what follows it. */
    private String code(ChatRequest request, String asked) {
        List<ChatMessage> messages = request.conversation();
        boolean follows =
                !messages.isEmpty() && !messages.get(messages.size() - 1).role().equals("user");
        synchronized (codes) {
            String known = codes.remove(asked);
            String code = follows && known != null ? known : Ids.secret();
            codes.put(asked, code);
            if (codes.size() > MOST_CODES) {
                codes.remove(codes.keySet().iterator().next());
            }
            return code;
        }
    }
}
