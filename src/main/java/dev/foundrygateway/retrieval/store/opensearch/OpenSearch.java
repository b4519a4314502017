package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.exchange.KeptRecords;
import dev.foundrygateway.exchange.NanoClock;
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
    private final TlsConfigurationRegistry tls;

    public OpenSearch(RetrievalConfig config, TlsConfigurationRegistry tls) {
        this.config = config;
        this.tls = tls;
    }

    public StoreRepository stores(NanoClock clock) {
        OpenSearchClient client = client();
        return new SharedStoreRepository(
                client,
                new Indices(client, config.opensearch().indexPrefix()),
                config.indexSettings(),
                config.opensearch().takeOverAfter(),
                clock);
    }

    public FileRepository files() {
        OpenSearchClient client = client();
        return new SharedFileRepository(
                client, new Indices(client, config.opensearch().indexPrefix()));
    }

    public KeptRecords records() {
        OpenSearchClient client = client();
        return new SharedKeptRecords(
                client, new Indices(client, config.opensearch().indexPrefix()));
    }

    private OpenSearchClient client() {
        return new OpenSearchClient(
                config.opensearch(),
                config.opensearch().tlsConfigurationName().map(this::tls).orElseGet(OpenSearch::usualTls));
    }

    private SSLContext tls(String name) {
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
