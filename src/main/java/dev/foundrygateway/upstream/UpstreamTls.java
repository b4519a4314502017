package dev.foundrygateway.upstream;

import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.TrustOptions;
import jakarta.inject.Singleton;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Whom the gateway trusts behind an https address, and as whom it shows itself there: a configuration of Quarkus' TLS registry. Thread-safe. */
@Singleton
public class UpstreamTls {
    /** A server's certificate that is not believed, with who made it. */
    static final class Untrusted extends CertificateException {
        private static final long serialVersionUID = 1L;

        private final String issuer;

        Untrusted(String issuer, CertificateException cause) {
            super(cause.getMessage(), cause);
            this.issuer = issuer;
        }

        String issuer() {
            return issuer;
        }
    }

    private final TlsConfigurationRegistry registry;

    UpstreamTls(TlsConfigurationRegistry registry) {
        this.registry = registry;
    }

    /**
     * The named one, else the one without a name; empty for the JDK's own authorities.
     *
     * @throws IllegalArgumentException when there is none of that name; the message names the key. The first probe asks, and so the start fails.
     */
    public Optional<TlsConfiguration> of(Upstream upstream) {
        Optional<String> name = upstream.config().tlsConfiguration();
        if (name.isEmpty()) {
            return registry.getDefault();
        }
        Optional<TlsConfiguration> named = registry.get(name.get());
        if (named.isEmpty()) {
            throw new IllegalArgumentException(upstream.key("tls-configuration") + " is " + name.get()
                    + ", but quarkus.tls." + name.get() + " sets nothing up; set quarkus.tls." + name.get()
                    + ".trust-store.pem.certs");
        }
        return named;
    }

    /** Sets up the relay's connections, which say whom they don't trust. Of no effect for an address without TLS. */
    void configure(HttpClientOptions options, Upstream upstream, Vertx vertx) {
        if (!upstream.address().tls()) {
            return;
        }
        Optional<TlsConfiguration> configuration = of(upstream);
        configuration.ifPresent(known -> TlsConfigUtils.configure(options, known));
        // The call's own address says whether it is encrypted.
        options.setSsl(false).setUseAlpn(false);
        if (options.isTrustAll()) {
            return;
        }
        try {
            for (TrustManager manager : managers(options.getTrustOptions(), vertx)) {
                if (manager instanceof X509ExtendedTrustManager trusting) {
                    options.setTrustOptions(TrustOptions.wrap(new Naming(trusting)));
                }
            }
        } catch (Exception e) {
            throw new IllegalArgumentException(
                    "the trust store of upstream " + upstream.name() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] managers(@Nullable TrustOptions configured, Vertx vertx) throws Exception {
        return configured == null
                ? jdk().getTrustManagers()
                : configured.getTrustManagerFactory(vertx).getTrustManagers();
    }

    private static TrustManagerFactory jdk() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return factory;
    }

    /** Trusts whom another trusts, and says whom it doesn't. */
    private static final class Naming extends X509ExtendedTrustManager {
        private interface Check {
            void run() throws CertificateException;
        }

        private final X509ExtendedTrustManager trusting;

        Naming(X509ExtendedTrustManager trusting) {
            this.trusting = trusting;
        }

        private static void naming(X509Certificate[] chain, Check check) throws CertificateException {
            try {
                check.run();
            } catch (CertificateException e) {
                throw new Untrusted(
                        chain[chain.length - 1].getIssuerX500Principal().getName(), e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            naming(chain, () -> trusting.checkServerTrusted(chain, type, engine));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            naming(chain, () -> trusting.checkServerTrusted(chain, type, socket));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            naming(chain, () -> trusting.checkServerTrusted(chain, type));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            trusting.checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            trusting.checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            trusting.checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trusting.getAcceptedIssuers();
        }
    }
}
