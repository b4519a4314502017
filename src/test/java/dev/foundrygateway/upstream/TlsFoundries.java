package dev.foundrygateway.upstream;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Model servers behind TLS with certificates of an authority of our own: {@code unknown}, whose upstream names no configuration; {@code known}, whose does;
 * {@code mutual}, which asks for a client certificate; {@code shown}, the same with one; {@code othername}, whose certificate is another host's;
 * {@code clear}, which speaks no TLS. Each serves the model of its name.
 */
public class TlsFoundries implements QuarkusTestResourceLifecycleManager {
    private static final String PASSWORD = "changeit";
    private static final String ANSWER =
            "{\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"over TLS\"},\"finish_reason\":\"stop\"}],\"data\":[]}";

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, String> settings = new HashMap<>();

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory("tls");
            Path authority = folder.resolve("ca.p12");
            keytool(
                    authority,
                    "-genkeypair",
                    "-alias",
                    "ca",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=Our own authority",
                    "-ext",
                    "bc:c");
            Path pem = folder.resolve("ca.pem");
            keytool(authority, "-exportcert", "-alias", "ca", "-rfc", "-file", pem.toString());
            Path server = signed(folder, "server", "san=ip:127.0.0.1", authority, pem);
            Path other = signed(folder, "other", "san=dns:elsewhere.example", authority, pem);
            Path client = signed(folder, "client", "san=dns:client", authority, pem);
            trust("ours", pem);
            trust("client", pem);
            settings.put("quarkus.tls.client.key-store.p12.path", client.toString());
            settings.put("quarkus.tls.client.key-store.p12.password", PASSWORD);
            upstream("unknown", "https", serve(tls(server)), "");
            upstream("known", "https", serve(tls(server)), "ours");
            upstream("othername", "https", serve(tls(other)), "ours");
            upstream("clear", "https", serve(new HttpServerOptions()), "ours");
            HttpServerOptions asking = tls(server)
                    .setClientAuth(ClientAuth.REQUIRED)
                    .setTrustOptions(new PfxOptions()
                            .setPath(trusting(folder, pem).toString())
                            .setPassword(PASSWORD));
            upstream("mutual", "https", serve(new HttpServerOptions(asking)), "ours");
            upstream("shown", "https", serve(new HttpServerOptions(asking)), "client");
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void trust(String name, Path pem) {
        settings.put("quarkus.tls." + name + ".trust-store.pem.certs", pem.toString());
    }

    private void upstream(String name, String scheme, int port, String tls) {
        settings.put("gateway.upstreams." + name + ".url", scheme + "://127.0.0.1:" + port + "/v1");
        settings.put("gateway.upstreams." + name + ".breaker.calls", "0");
        settings.put("gateway.models." + name + ".upstream", name);
        if (!tls.isEmpty()) {
            settings.put("gateway.upstreams." + name + ".tls-configuration", tls);
        }
    }

    private static HttpServerOptions tls(Path keys) {
        return new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PfxOptions().setPath(keys.toString()).setPassword(PASSWORD));
    }

    private int serve(HttpServerOptions options) {
        return vertx.createHttpServer(options)
                .requestHandler(request -> {
                    boolean served = request.path().startsWith("/v1/");
                    request.response()
                            .setStatusCode(served ? 200 : 404)
                            .putHeader("Content-Type", "application/json")
                            .end(served ? ANSWER : "{}");
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private static Path signed(Path folder, String name, String host, Path authority, Path pem) throws IOException {
        Path keys = folder.resolve(name + ".p12");
        Path request = folder.resolve(name + ".csr");
        Path certificate = folder.resolve(name + ".pem");
        keytool(keys, "-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name);
        keytool(keys, "-certreq", "-alias", name, "-file", request.toString());
        keytool(
                authority,
                "-gencert",
                "-alias",
                "ca",
                "-ext",
                host,
                "-rfc",
                "-infile",
                request.toString(),
                "-outfile",
                certificate.toString());
        keytool(keys, "-importcert", "-noprompt", "-alias", "ca", "-file", pem.toString());
        keytool(keys, "-importcert", "-noprompt", "-alias", name, "-file", certificate.toString());
        return keys;
    }

    private static Path trusting(Path folder, Path pem) throws IOException {
        Path store = folder.resolve("trust.p12");
        keytool(store, "-importcert", "-noprompt", "-alias", "ca", "-file", pem.toString());
        return store;
    }

    private static void keytool(Path store, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!keytool.waitFor(1, TimeUnit.MINUTES) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool " + List.of(arguments) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
