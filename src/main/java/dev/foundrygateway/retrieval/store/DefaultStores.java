package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.ModelStoresConfig;
import dev.foundrygateway.retrieval.RetrievalConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.TreeMap;

/** The stores that settings name for all chats of a model. */
@ApplicationScoped
public class DefaultStores {
    private final Map<String, String> byModel = new TreeMap<>();
    private final RetrievalConfig config;
    private final VectorStores stores;

    DefaultStores(ModelStoresConfig models, RetrievalConfig config, VectorStores stores) {
        models.byAlias().forEach((alias, model) -> model.defaultStore().ifPresent(store -> byModel.put(alias, store)));
        this.config = config;
        this.stores = stores;
    }

    /**
     * Those that are not there, by the models whose chats they are for. For worker threads.
     *
     * @throws GatewayException when the stores can't be asked now
     */
    public Map<String, String> missing() {
        Map<String, String> missing = new TreeMap<>();
        byModel.forEach((model, store) -> {
            // A folder's is made when the folder is first looked through.
            if (!config.stores().containsKey(store) && !exists(store)) {
                missing.put(model, store);
            }
        });
        return missing;
    }

    private boolean exists(String id) {
        try {
            stores.store(id);
            return true;
        } catch (GatewayException e) {
            if (e.code() == ErrorCode.VECTOR_STORE_NOT_FOUND || e.code() == ErrorCode.INVALID_REQUEST) {
                return false;
            }
            throw e;
        }
    }
}
