package dev.foundrygateway.retrieval;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;

/** What {@code gateway.models.<alias>.…} says about retrieval; the rest of these keys is upstream's. */
@ConfigMapping(prefix = "gateway.models")
public interface ModelStoresConfig {
    /** The models by alias. */
    @WithParentName
    Map<String, ModelStore> byAlias();

    /** One model. */
    interface ModelStore {
        /** The store that is searched for each of its chats which names no other source; none by default. */
        Optional<String> defaultStore();
    }
}
