package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.KeptRecords;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.SharedUsage;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.store.opensearch.OpenSearch;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses where uploaded files, stores, responses and the sums of usage are kept, by {@code gateway.retrieval.backend}. */
@Singleton
public class Repositories implements KeptRecords.Shared, SharedUsage.Shared {
    private final RetrievalConfig config;
    private final TlsConfigurationRegistry tls;
    private @Nullable OpenSearch openSearch;

    Repositories(RetrievalConfig config, TlsConfigurationRegistry tls) {
        this.config = config;
        this.tls = tls;
    }

    private synchronized OpenSearch openSearch() {
        OpenSearch made = openSearch == null ? new OpenSearch(config, tls) : openSearch;
        openSearch = made;
        return made;
    }

    @Override
    public Optional<KeptRecords> records() {
        return switch (config.backend()) {
            case LUCENE -> Optional.empty();
            case OPENSEARCH -> Optional.of(openSearch().records());
        };
    }

    @Override
    public Optional<SharedUsage> usage() {
        return switch (config.backend()) {
            case LUCENE -> Optional.empty();
            case OPENSEARCH -> Optional.of(openSearch().usage());
        };
    }

    @Produces
    @Singleton
    StoreRepository stores(LocalStoreRepository local, NanoClock clock) {
        return switch (config.backend()) {
            case LUCENE -> local;
            case OPENSEARCH -> openSearch().stores(clock);
        };
    }

    @Produces
    @Singleton
    FileRepository files(LocalFileRepository local) {
        return switch (config.backend()) {
            case LUCENE -> local;
            case OPENSEARCH -> openSearch().files();
        };
    }
}
