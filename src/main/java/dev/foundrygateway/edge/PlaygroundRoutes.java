package dev.foundrygateway.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The playground: {@code /} for those who ask for a page, and {@code /live}, its view of what runs. Its files and libraries lie in {@code META-INF/resources}, ours and those of the libraries' jars, and are
 * served by Quarkus; here they get their content security policy. The folder for models that run in the page is served here.
 *
 * @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy 3</a>
 */
@Singleton
public class PlaygroundRoutes {
    private static final String PAGE = "/playground/index.html";
    private static final String WEBGPU_PAGE = "/playground/webgpu.html";

    /** Nothing but this origin is asked for anything, so no prompt leaves; no script runs that isn't a file of ours, whatever a model writes. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** A model in the page is WebAssembly beside WebGPU, and its library starts workers from scripts that it has at hand. */
    private static final String WEBGPU_POLICY = POLICY.replace(
                    "script-src 'self'", "script-src 'self' blob: 'wasm-unsafe-eval'; worker-src 'self' blob:")
            .replace("connect-src 'self'", "connect-src 'self' blob: data:");

    private final Optional<Path> webgpuFolder;

    PlaygroundRoutes(PlaygroundConfig config) {
        this.webgpuFolder = config.webgpuFolder().map(Path::toAbsolutePath);
        webgpuFolder.ifPresent(folder -> {
            if (!Files.isDirectory(folder)) {
                throw new IllegalArgumentException("gateway.playground.webgpu-folder: there is no folder " + folder);
            }
        });
    }

    void routes(Router router, int order) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            // Programs that ask the root whether a model server is there go on to the health page.
            router.route(method, "/").order(order - 1).handler(PlaygroundRoutes::page);
            router.route(method, "/live").order(order - 1).handler(routing -> routing.reroute(PAGE));
            router.route(method, "/playground/webgpu.json").order(order - 1).handler(this::webgpuModels);
            router.route(method, "/playground/*").order(order).handler(PlaygroundRoutes::file);
            webgpuFolder.ifPresent(folder -> router.route(method, "/webgpu/*")
                    .order(order)
                    .handler(StaticHandler.create(FileSystemAccess.ROOT, folder.toString())
                            .setIncludeHidden(false)));
        }
        for (String pages : List.of("/live", "/playground/*", "/webgpu/*")) {
            router.route(pages).order(order + 1).handler(routing -> RouterSetup.otherMethod(routing, "GET, HEAD"));
        }
    }

    private static void page(RoutingContext routing) {
        if (wantsPage(routing.request().getHeader(HttpHeaders.ACCEPT))) {
            routing.reroute(PAGE);
        } else {
            routing.next();
        }
    }

    private static boolean wantsPage(@Nullable String accept) {
        return accept != null && accept.contains("text/html");
    }

    private static void file(RoutingContext routing) {
        MultiMap headers = routing.response().headers();
        headers.set("Content-Security-Policy", routing.normalizedPath().equals(WEBGPU_PAGE) ? WEBGPU_POLICY : POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        // After an update the new page must not meet the old scripts: names stay, contents change.
        routing.addHeadersEndHandler(ignored -> headers.set(HttpHeaders.CACHE_CONTROL, "no-cache"));
        routing.next();
    }

    /** Which models the page itself can run: the folders in {@code models}. */
    private void webgpuModels(RoutingContext routing) {
        if (webgpuFolder.isEmpty()) {
            models(routing, List.of());
            return;
        }
        routing.vertx()
                .fileSystem()
                .readDir(webgpuFolder.get().resolve("models").toString())
                .onComplete(listed -> models(
                        routing,
                        listed.succeeded()
                                ? listed.result().stream()
                                        .map(name -> Path.of(name).toFile().getName())
                                        .sorted()
                                        .toList()
                                : List.of()));
    }

    private static void models(RoutingContext routing, List<String> names) {
        ReplyHead.json(routing.response(), 200);
        routing.response()
                .end(new JsonObject().put("models", new JsonArray(names)).toBuffer());
    }
}
