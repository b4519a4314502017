package dev.foundrygateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.exchange.Observation;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

/** Which of the rounds in which certificates are read anew are told. */
class CertificateReloadsTest {
    private static final Observation TOLD = new Observation.Reloaded(Observation.Reloaded.Kind.CERTIFICATE, true);

    private final Map<String, TlsConfiguration> known = new HashMap<>();
    private final List<Observation> observed = new ArrayList<>();

    @Test
    void onlyOtherCertificatesAreTold() throws Exception {
        KeyStore first = store(0);
        KeyStore second = store(1);
        known.put("", tls(first));
        known.put("inside", tls(first));
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(
                        Map.of("quarkus.tls.reload-period", "1h", "quarkus.tls.inside.reload-period", "1h"),
                        "test",
                        500))
                .build();
        CertificateReloads reloads = new CertificateReloads(new Registry(), config, observed::add);
        reloads.start(new StartupEvent());
        reloads.updated(new CertificateUpdatedEvent("<default>", tls(first)));
        reloads.updated(new CertificateUpdatedEvent("inside", tls(first)));
        assertEquals(List.of(), observed);
        reloads.updated(new CertificateUpdatedEvent("<default>", tls(second)));
        assertEquals(List.of(TOLD), observed);
        reloads.updated(new CertificateUpdatedEvent("<default>", tls(second)));
        assertEquals(List.of(TOLD), observed);
        reloads.updated(new CertificateUpdatedEvent("inside", tls(second)));
        assertEquals(List.of(TOLD, TOLD), observed);
    }

    private final class Registry implements TlsConfigurationRegistry {
        @Override
        public Optional<TlsConfiguration> get(String name) {
            return Optional.ofNullable(known.get(name));
        }

        @Override
        public Optional<TlsConfiguration> getDefault() {
            return get("");
        }

        @Override
        public void register(String name, TlsConfiguration configuration) {
            throw new UnsupportedOperationException();
        }
    }

    private static TlsConfiguration tls(KeyStore store) {
        return new BaseTlsConfiguration() {
            @Override
            public KeyStore getKeyStore() {
                return store;
            }
        };
    }

    /** With one of the authorities that the JDK knows. */
    private static KeyStore store(int number) throws GeneralSecurityException, IOException {
        TrustManagerFactory known = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        known.init((KeyStore) null);
        X509TrustManager trusted = (X509TrustManager) known.getTrustManagers()[0];
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        store.setCertificateEntry("gateway", trusted.getAcceptedIssuers()[number]);
        return store;
    }
}
