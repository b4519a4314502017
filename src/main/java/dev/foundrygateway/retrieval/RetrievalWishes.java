package dev.foundrygateway.retrieval;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.FileSearchTool;
import dev.foundrygateway.openai.GatewayOptions;
import dev.foundrygateway.openai.GatewayOptions.Document;
import dev.foundrygateway.openai.RankingOptions;
import dev.foundrygateway.retrieval.store.Authority;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds out whether a request wants retrieval: by its {@code gateway} member, the tool {@code file_search}, or its model's default store. */
@ApplicationScoped
public class RetrievalWishes {
    private final Map<String, String> defaultStores = new HashMap<>();
    private final int maxResults;
    private final InputLimits limits;

    RetrievalWishes(RetrievalConfig config, ModelStoresConfig models) {
        this.maxResults = config.maxResults();
        this.limits = config.inputLimits();
        models.byAlias()
                .forEach((alias, model) -> model.defaultStore()
                        .ifPresent(store -> defaultStores.put(alias.toLowerCase(Locale.ROOT), store)));
    }

    /** Whether a call names something to search, or its model has a default store: a call of any operation with a JSON body. */
    public boolean concern(Call call) {
        GatewayOptions options = call.options();
        return !options.documents().isEmpty()
                || !options.vectorStoreIds().isEmpty()
                || FileSearchTool.isIn(call.request())
                || (!options.rag().equals("off")
                        && defaultStores.containsKey(call.model().toLowerCase(Locale.ROOT)));
    }

    /**
     * What the call wants; empty for a call that has nothing to do with retrieval, which costs two looks at the request's member names.
     *
     * @throws GatewayException when it says so in a wrong way
     */
    Optional<RetrievalWish> of(Call call) {
        if (call.operation() != Operation.CHAT) {
            return Optional.empty();
        }
        ChatRequest request = call.request();
        try {
            Optional<FileSearchTool> tool = FileSearchTool.of(request);
            GatewayOptions options = call.options();
            Optional<String> store = defaultStores.isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(defaultStores.get(request.model().toLowerCase(Locale.ROOT)));
            boolean named =
                    !options.documents().isEmpty() || !options.vectorStoreIds().isEmpty() || tool.isPresent();
            if (!named && store.isEmpty()) {
                return Optional.empty();
            }
            Optional<RetrievalWish> wish = wish(request, options, tool, named ? Optional.empty() : store);
            if (wish.filter(one -> !one.stores().isEmpty()).isPresent()) {
                Authority.check(call.caller());
            }
            return wish;
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            String param = message.substring(0, Math.max(0, message.indexOf(' ')));
            throw new GatewayException(ErrorCode.INVALID_REQUEST, message, param);
        }
    }

    private Optional<RetrievalWish> wish(
            ChatRequest request, GatewayOptions options, Optional<FileSearchTool> tool, Optional<String> defaultStore) {
        ChatRequest cleaned = tool.isPresent() ? FileSearchTool.removeFrom(request) : request;
        if (options.rag().equals("off")) {
            return tool.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new RetrievalWish(cleaned, List.of(), List.of(), 1, "", RankingOptions.NONE, List.of()));
        }
        List<String> stores = new ArrayList<>(limits.stores(options.vectorStoreIds(), "gateway.vector_store_ids"));
        tool.ifPresent(search -> stores.addAll(limits.stores(search.vectorStoreIds(), "tools[].vector_store_ids")));
        defaultStore.ifPresent(stores::add);
        checkDocuments(options.documents());
        return Optional.of(new RetrievalWish(
                cleaned,
                options.documents(),
                stores,
                options.maxResults()
                        .orElse(tool.map(search -> search.maxResults().orElse(maxResults))
                                .orElse(maxResults)),
                tool.map(FileSearchTool::filters).orElse(""),
                tool.map(FileSearchTool::ranking).orElse(RankingOptions.NONE),
                options.sources()));
    }

    private void checkDocuments(List<Document> documents) {
        limits.documents(documents, "gateway.documents");
        for (int i = 0; i < documents.size(); i++) {
            String field = "gateway.documents[" + i + "]";
            limits.title(documents.get(i).title(), field + ".title");
            limits.title(documents.get(i).url(), field + ".url");
            limits.title(documents.get(i).filename(), field + ".filename");
        }
    }
}
