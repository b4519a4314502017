package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfig;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Notes that other certificates are in use. Quarkus reads them anew each {@code quarkus.tls.reload-period} and tells that, also where they are the same. Thread-safe. */
@Singleton
public class CertificateReloads {
    private static final Logger LOG = Logger.getLogger(CertificateReloads.class);
    private static final Pattern NAMED = Pattern.compile("quarkus\\.tls\\.\"?([^\"]+?)\"?\\.reload-period");

    private final Map<String, String> fingerprints = new ConcurrentHashMap<>();
    private final TlsConfigurationRegistry registry;
    private final Config config;
    private final Observer observer;

    CertificateReloads(TlsConfigurationRegistry registry, Config config, Observer observer) {
        this.registry = registry;
        this.config = config;
        this.observer = observer;
    }

    /** Remembers what the program starts with. */
    void start(@Observes StartupEvent event) {
        registry.getDefault().ifPresent(usual -> changed(TlsConfig.DEFAULT_NAME, usual));
        for (String setting : config.getPropertyNames()) {
            Matcher named = NAMED.matcher(setting);
            if (named.matches()) {
                String name = named.group(1);
                registry.get(name).ifPresent(one -> changed(name, one));
            }
        }
    }

    void updated(@Observes CertificateUpdatedEvent event) {
        if (changed(event.name(), event.tlsConfiguration())) {
            LOG.infof("quarkus.tls: the certificates of %s have changed, and are in use", event.name());
            observer.observe(new Observation.Reloaded(Observation.Reloaded.Kind.CERTIFICATE, true));
        }
    }

    /** Whether they are others than those that are known. */
    private boolean changed(String name, TlsConfiguration read) {
        String now;
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(read.getKeyStore(), digest);
            add(read.getTrustStore(), digest);
            now = HexFormat.of().formatHex(digest.digest());
        } catch (GeneralSecurityException e) {
            LOG.debugf("the certificates of %s can't be compared: %s", name, e);
            return false;
        }
        String before = fingerprints.put(name, now);
        return before != null && !before.equals(now);
    }

    private static void add(@Nullable KeyStore store, MessageDigest digest) throws GeneralSecurityException {
        if (store == null) {
            return;
        }
        for (String alias : Collections.list(store.aliases())) {
            Certificate certificate = store.getCertificate(alias);
            if (certificate != null) {
                digest.update(certificate.getEncoded());
            }
        }
    }
}
