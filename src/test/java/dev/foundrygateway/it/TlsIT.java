package dev.foundrygateway.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS as docs/operations.md sets it up: by Quarkus' TLS registry, which notices a new certificate. */
class TlsIT {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    @Test
    void servesHttpsAndTakesANewCertificateWithoutARestart() throws Exception {
        Path first = certificate("first");
        Path second = certificate("second");
        Path served = folder.resolve("served.p12");
        Files.copy(first, served);
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        URI https = URI.create("https://localhost:" + port + "/health");
        try (GatewayProcess gateway = GatewayProcess.start(Map.of(
                "FOUNDRY_LOCAL_ENDPOINT",
                "practice",
                "quarkus.tls.key-store.p12.path",
                served.toString(),
                "quarkus.tls.key-store.p12.password",
                PASSWORD,
                "quarkus.tls.reload-period",
                "1s",
                "quarkus.http.insecure-requests",
                "enabled",
                "quarkus.http.ssl-port",
                Integer.toString(port)))) {
            HttpResponse<String> answer = get(https, first);
            assertThat(answer.statusCode(), is(200));
            assertThat(answer.body(), containsString("foundry-gateway"));
            assertThat("HTTP/2 over TLS", answer.version(), is(HttpClient.Version.HTTP_2));
            assertThat(subject(answer), containsString("first"));

            Files.copy(second, served, StandardCopyOption.REPLACE_EXISTING);
            await("the new certificate is served")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> answers(https, second));
            assertThat(subject(get(https, second)), containsString("second"));
            URI metrics = gateway.v1().resolve("/metrics");
            String mark = "gateway_reloads_total{kind=\"certificate\",outcome=\"accepted\"} 1.0";
            await("the dashboard is told once")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> get(metrics, second).body().lines().anyMatch(mark::equals));
            assertThat(gateway.log(), not(containsString(PASSWORD)));
        }
    }

    private static boolean answers(URI uri, Path trusted) throws GeneralSecurityException, InterruptedException {
        try {
            return get(uri, trusted).statusCode() == 200;
        } catch (IOException stillTheOther) {
            return false;
        }
    }

    private static HttpResponse<String> get(URI uri, Path trusted)
            throws GeneralSecurityException, IOException, InterruptedException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusting(trusted));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .sslContext(context)
                .build()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static KeyStore trusting(Path certificate) throws GeneralSecurityException, IOException {
        KeyStore own = KeyStore.getInstance(certificate.toFile(), PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("gateway", own.getCertificate("gateway"));
        return trusted;
    }

    private static String subject(HttpResponse<String> response) throws IOException {
        X509Certificate certificate =
                (X509Certificate) response.sslSession().orElseThrow().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName();
    }

    private Path certificate(String name) throws IOException, InterruptedException {
        Path file = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "gateway",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat("keytool", keytool.waitFor(1, TimeUnit.MINUTES));
        assertThat(keytool.exitValue(), is(0));
        return file;
    }
}
