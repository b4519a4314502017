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
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every curl line of the README runs, and every page that it and the documents lead to is there. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class ReadmeQuarkusTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\n(curl .*?)^```$");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]+)[^)]*\\)");

    @TestHTTPResource("/")
    URI base = URI.create("/");

    @BeforeEach
    void begin() {
        ScriptedUpstream.running().clear();
    }

    @Test
    void everyCurlBlockGetsAnAnswer() throws Exception {
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(blocks.size(), greaterThanOrEqualTo(4));
        for (String block : blocks) {
            String script = "set -e\ncurl() { command curl -sS --fail-with-body \"$@\"; }\n"
                    + block.replace("http://localhost:5274/", base.toString());
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
        List<Path> pages;
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            pages = Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md", "examples/README.md", "deploy/README.md")
                                    .map(Path::of),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .toList();
        }
        for (Path page : pages) {
            for (MatchResult link :
                    LINK.matcher(Files.readString(page)).results().toList()) {
                assertThat(page + ": " + link.group(1), Files.exists(page.resolveSibling(link.group(1))), is(true));
            }
        }
    }
}
