package dev.foundrygateway.retrieval.opensearch;

import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.RetrievalConfig.Backend;
import dev.foundrygateway.retrieval.store.FileShelf;
import dev.foundrygateway.retrieval.store.LocalFiles;
import dev.foundrygateway.retrieval.store.LocalShelf;
import dev.foundrygateway.retrieval.store.StoreShelf;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import javax.net.ssl.SSLContext;

/** Chooses where uploaded files and stores are kept, by {@code gateway.retrieval.backend}. */
@Singleton
public class Shelves {
    private final RetrievalConfig config;
    private final TlsConfigurationRegistry tls;

    Shelves(RetrievalConfig config, TlsConfigurationRegistry tls) {
        this.config = config;
        this.tls = tls;
    }

    /** Where stores are kept. */
    @Produces
    @Singleton
    StoreShelf stores(LocalShelf local, NanoClock clock) {
        if (config.backend() == Backend.LUCENE) {
            return local;
        }
        OpenSearchClient client = client();
        return new SharedShelf(
                client,
                new Indices(client, config.opensearch().indexPrefix()),
                config.indexSettings(),
                config.opensearch().takeOverAfter(),
                clock);
    }

    /** Where files are kept. */
    @Produces
    @Singleton
    FileShelf files(LocalFiles local) {
        if (config.backend() == Backend.LUCENE) {
            return local;
        }
        OpenSearchClient client = client();
        return new SharedFiles(client, new Indices(client, config.opensearch().indexPrefix()));
    }

    private OpenSearchClient client() {
        return new OpenSearchClient(
                config.opensearch(),
                config.opensearch().tlsConfigurationName().map(this::tls).orElseGet(Shelves::usualTls));
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
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }
}
