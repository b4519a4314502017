package dev.foundrygateway.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A line of the log is told as it stands on the console. */
class LogTailTest {
    private static final Logger LOG = Logger.getLogger("live.tail.test");

    private final LogTail tail = new LogTail();

    @BeforeEach
    void start() {
        tail.start(new StartupEvent());
    }

    @AfterEach
    void stop() {
        tail.stop();
    }

    private List<String> messages() {
        return tail.since(0).getJsonArray("lines").stream()
                .map(JsonObject.class::cast)
                .filter(line -> line.getString("logger").equals("live.tail.test"))
                .map(line -> line.getString("message"))
                .toList();
    }

    @Test
    void parametersStandInTheirPlacesInEitherStyle() {
        LOG.warnf("%s-*.jsonl in %s takes %d%%", "live", "records", 7);
        LOG.warnv("{0} of {1}", "two", "three");
        LOG.warn("100 % {0} as it is");
        java.util.logging.Logger.getLogger("live.tail.test")
                .log(java.util.logging.Level.WARNING, "{0} words", "Java's");
        LOG.warnf(new IllegalStateException("why"), "%s failed", "it");
        assertEquals(
                List.of(
                        "live-*.jsonl in records takes 7%",
                        "two of three",
                        "100 % {0} as it is",
                        "Java's words",
                        "it failed: java.lang.IllegalStateException: why"),
                messages());
    }
}
