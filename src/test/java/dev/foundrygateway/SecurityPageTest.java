package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each promise in {@code docs/security.md} names a test that exists. */
class SecurityPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z][^|]+) \\| (.*) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    @Test
    void everyPromiseHasItsTest() throws IOException {
        List<Path> tests;
        try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
            tests = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        List<String> unkept = new ArrayList<>();
        int promises = 0;
        Matcher rows = ROW.matcher(Files.readString(Path.of("docs", "security.md")));
        while (rows.find()) {
            promises++;
            Matcher test = TEST.matcher(rows.group(2));
            if (!test.matches() || !hasMethod(tests, test.group(1), test.group(2))) {
                unkept.add(rows.group(1));
            }
        }
        assertEquals(List.of(), unkept);
        assertTrue(promises > 30, "promises found: " + promises);
    }

    private static boolean hasMethod(List<Path> tests, String type, String method) throws IOException {
        for (Path file : tests) {
            if (file.endsWith(type + ".java") && Files.readString(file).contains("void " + method + "(")) {
                return true;
            }
        }
        return false;
    }
}
