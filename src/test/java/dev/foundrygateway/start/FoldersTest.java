package dev.foundrygateway.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that can't be written end the start. A file in their place stands for all that forbids it: whoever runs the tests, the system refuses that. */
class FoldersTest {
    @TempDir
    private Path folder = Path.of("");

    private String taken = "";

    @BeforeEach
    void aFileInTheWay() throws IOException {
        taken = Files.writeString(folder.resolve("file"), "x").resolve("below").toString();
    }

    private static List<Fault> faults(Map<String, String> settings) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 500))
                .build();
        return Start.folders(config);
    }

    @Test
    void eachFolderIsNamedByItsOwnSetting() {
        for (String setting : List.of(
                "gateway.retrieval.directory",
                "gateway.responses.directory",
                "gateway.usage.directory",
                "gateway.records.directory",
                "gateway.hybrid.hybrid.learn.directory",
                "gateway.hybrid.\"my.own\".learn.directory")) {
            List<Fault> faults = faults(Map.of(setting, taken));
            assertEquals(1, faults.size(), setting);
            assertTrue(
                    faults.get(0)
                            .toString()
                            .matches("(?s)" + java.util.regex.Pattern.quote(setting + ": ")
                                    + ".* is a file; name a folder, or move the file away"),
                    faults::toString);
            assertEquals(List.of(), faults(Map.of(setting, folder.resolve("new").toString())));
        }
    }

    @Test
    void whatIsNotKeptThereIsNotLookedAt() {
        Map<String, String> settings = new HashMap<>();
        settings.put("gateway.retrieval.directory", taken);
        settings.put("gateway.usage.directory", taken);
        settings.put("gateway.records.directory", taken);
        assertEquals(3, faults(settings).size());
        settings.put("gateway.retrieval.backend", "opensearch");
        settings.put("gateway.usage.keep", "false");
        settings.put("gateway.records.keep", "false");
        assertEquals(List.of(), faults(settings));
    }
}
