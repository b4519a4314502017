package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.exchange.KeptRecords;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.SharedUsage;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.store.FileRepository;
import dev.foundrygateway.retrieval.store.StoreRepository;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;

/** The repositories in the cluster that {@code gateway.retrieval.opensearch} names. */
public final class OpenSearch {
    private final RetrievalConfig config;
    private final OpenSearchClient client;
    private final Indices indices;

    public OpenSearch(RetrievalConfig config, TlsConfigurationRegistry tls) {
        this.config = config;
        this.client = new OpenSearchClient(
                config.opensearch(),
                config.opensearch()
                        .tlsConfigurationName()
                        .map(name -> tls(tls, name))
                        .orElseGet(OpenSearch::usualTls));
        this.indices = new Indices(client, config.opensearch().indexPrefix());
    }

    public StoreRepository stores(NanoClock clock) {
        return new SharedStoreRepository(
                client, indices, config.indexSettings(), config.opensearch().takeOverAfter(), clock);
    }

    public FileRepository files() {
        return new SharedFileRepository(client, indices);
    }

    public KeptRecords records() {
        return new SharedKeptRecords(client, indices);
    }

    public SharedUsage usage() {
        return new SharedUsageSums(client, indices);
    }

    private static SSLContext tls(TlsConfigurationRegistry tls, String name) {
        TlsConfiguration known = tls.get(name)
                .orElseThrow(
                        () -> new IllegalArgumentException("gateway.retrieval.opensearch.tls-configuration-name is "
                                + name + "; there is no quarkus.tls." + name));
        try {
            return known.createSSLContext();
        } catch (Exception e) {
            throw new IllegalArgumentException("quarkus.tls." + name + " cannot be used for OpenSearch", e);
        }
    }

    private static SSLContext usualTls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }
}
