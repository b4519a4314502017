package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.RetrievalConfig.Backend;
import dev.foundrygateway.retrieval.store.opensearch.OpenSearch;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Chooses where uploaded files and stores are kept, by {@code gateway.retrieval.backend}. */
@Singleton
public class Repositories {
    private final RetrievalConfig config;
    private final TlsConfigurationRegistry tls;

    Repositories(RetrievalConfig config, TlsConfigurationRegistry tls) {
        this.config = config;
        this.tls = tls;
    }

    @Produces
    @Singleton
    StoreRepository stores(LocalStoreRepository local, NanoClock clock) {
        return config.backend() == Backend.LUCENE ? local : new OpenSearch(config, tls).stores(clock);
    }

    @Produces
    @Singleton
    FileRepository files(LocalFileRepository local) {
        return config.backend() == Backend.LUCENE ? local : new OpenSearch(config, tls).files();
    }
}
