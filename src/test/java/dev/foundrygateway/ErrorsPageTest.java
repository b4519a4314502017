package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.openai.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} has each error code with its status, once, and no other. */
class ErrorsPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\d+) \\| [^|]+\\. \\| [^|]+\\. \\|$");

    @Test
    void eachCodeStandsThereWithItsStatus() throws IOException {
        Map<String, Integer> told = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(Path.of("docs", "errors.md")));
        while (rows.find()) {
            told.merge(rows.group(1), Integer.parseInt(rows.group(2)), (one, other) -> -1);
        }

        assertEquals(
                Arrays.stream(ErrorCode.values())
                        .collect(Collectors.toMap(ErrorCode::code, ErrorCode::status, (a, b) -> a, TreeMap::new)),
                told);
    }
}
