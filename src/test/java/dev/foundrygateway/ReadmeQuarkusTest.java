package dev.foundrygateway;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every curl block of the README and the documents runs, and every page that they lead to is there; their other commands and settings are in {@link DocumentsTest}. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class ReadmeQuarkusTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(?:sh)?\\n(curl .*?)^```$");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]+)[^)]*\\)");

    @TestHTTPResource("/")
    URI base = URI.create("/");

    @BeforeEach
    void begin() {
        ScriptedUpstream.running().clear();
    }

    @Test
    void everyCurlBlockGetsAnAnswer() throws Exception {
        List<String> blocks = new ArrayList<>();
        for (Path page : pages()) {
            BLOCK.matcher(Files.readString(page)).results().forEach(found -> blocks.add(found.group(1)));
        }

        // The built-in embedding model is off in most tests: BuiltInVectorsQuarkusTest asks it.
        blocks.removeIf(block -> block.contains("/v1/embeddings"));
        assertThat(blocks.size(), greaterThanOrEqualTo(5));
        for (String block : blocks) {
            String script = "set -e\ncurl() { command curl -sS --fail-with-body \"$@\"; }\n"
                    + block.replaceAll("http://(?:localhost|127\\.0\\.0\\.1):5274/", base.toString());
            Process process = new ProcessBuilder("bash", "-c", script)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(block, process.waitFor(1, TimeUnit.MINUTES));
            assertThat(output, process.exitValue(), is(0));
            assertThat(output, not(containsString("\"error\"")));
        }
        assertThat(String.join("", blocks), containsString("\"stream\":true"));
    }

    @Test
    void everyLinkLeadsToAFile() throws Exception {
        for (Path page : pages()) {
            for (MatchResult link :
                    LINK.matcher(Files.readString(page)).results().toList()) {
                assertThat(page + ": " + link.group(1), Files.exists(page.resolveSibling(link.group(1))), is(true));
            }
        }
    }

    /** All that is there to be read. */
    static List<Path> pages() throws IOException {
        List<Path> pages =
                new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("SECURITY.md")));
        for (String folder : List.of("docs", "examples", "deploy")) {
            try (Stream<Path> all = Files.walk(Path.of(folder))) {
                all.filter(file -> file.toString().endsWith(".md")
                                && !file.toString().contains("node_modules"))
                        .sorted()
                        .forEach(pages::add);
            }
        }
        return pages;
    }
}
