package dev.foundrygateway.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Calls;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Troubles;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules choose, and what is said of a file that is wrong. */
class RuleFileTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "\"words\":[\"Step by Step\",\"plan\"] | Explain it step by step, please | true",
                "\"words\":[\"plan\"] | The planet is round | false",
                "\"words\":[\"plan\"] | A PLAN! | true",
                "\"words\":[\"计划\"] | 计划 | true",
                "\"words\":[\"翻译\"] | 请翻译这段话 | true",
                "\"words\":[\"plan\"] | 请plan一下 | true",
                "\"words\":[\"plan\"] | 请planet一下 | false",
                "\"words\":[\"แปล\"] | ช่วยแปลให้หน่อย | true",
                "\"words\":[\"翻訳\"] | この文を翻訳して | true",
                "\"words\":[\"コンピューター\"] | このコンピューターは | true",
                "\"words\":[\"ບອກ\"] | ກະລຸນາບອກຂ້ອຍ | true",
                "\"words\":[\"план\"] | планета | false",
                "\"regex\":\"\\\\bbugs?\\\\b\" | two BUGS here | true",
                "\"regex\":\"^no\" | say no | false",
                "\"language\":\"german\" | Was ist das und warum ist es nicht auf der Liste | true",
                "\"language\":\"german\" | What is that and why is it not on the list | false",
                "\"min_prompt_tokens\":5 | one two three four five six seven eight | true",
                "\"min_prompt_tokens\":50 | one two three | false",
                "\"max_prompt_tokens\":50 | one two three | true",
                "\"tools\":false | why | true",
                "\"tools\":true | why | false",
                "\"pictures\":true | why | false",
                "\"keys\":[\"alice\"] | why | false",
                "\"header\":\"X-Team: research\" | why | true",
                "\"header\":\"X-Team: sales\" | why | false",
                "\"words\":[\"why\"],\"tools\":true | why | false"
            })
    void aRuleFitsWhereAllItsConditionsHold(String conditions, String prompt, boolean fits) throws Exception {
        RuleSet rules = RuleFile.parse(
                "{\"rules\":[{\"name\":\"r\",\"model\":\"special\"," + conditions + "}],\"otherwise\":\"usual\"}");
        assertEquals(
                fits ? "special" : "usual",
                rules.choose(asked(prompt)).orElseThrow().model());
    }

    @Test
    void picturesAndToolsAreSeen() throws Exception {
        RuleSet rules = RuleFile.parse("{\"rules\":[{\"name\":\"p\",\"model\":\"eyes\",\"pictures\":true},"
                + "{\"name\":\"t\",\"model\":\"hands\",\"tools\":true}],\"otherwise\":\"usual\"}");
        assertEquals(
                "eyes",
                rules.choose(
                                new Asked(
                                        Calls.chat(
                                                "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:\"}}]}]}")))
                        .orElseThrow()
                        .model());
        assertEquals(
                "hands",
                rules.choose(
                                new Asked(
                                        Calls.chat(
                                                "{\"model\":\"auto\",\"messages\":[],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}")))
                        .orElseThrow()
                        .model());
        assertEquals(
                "hands",
                rules.choose(new Asked(
                                Calls.chat("{\"model\":\"auto\",\"messages\":[],\"functions\":[{\"name\":\"f\"}]}")))
                        .orElseThrow()
                        .model());
        assertEquals(
                RuleSet.OTHERWISE,
                rules.choose(new Asked(Calls.chat("{\"model\":\"auto\",\"messages\":[],\"tools\":[]}")))
                        .orElseThrow()
                        .rule());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "{¶\"rules\":[x] | line 2: Unrecognized token",
                "{¶\"rulez\":[]} | line 2: there is no 'rulez'",
                "{\"rules\":[¶{\"name\":\"r\",\"words\":[\"x\"]}],\"otherwise\":\"m\"} | line 2: rule r has no model",
                "{\"rules\":[¶{\"name\":\"r\",\"model\":\"m\"}],\"otherwise\":\"m\"} | line 2: rule r has no condition",
                "{\"rules\":[¶{\"name\":\"r\",\"model\":\"m\",¶\"regex\":\"(\"}],\"otherwise\":\"m\"} | line 3: regex: Unclosed group",
                "{\"rules\":[¶¶¶{\"name\":\"r\",\"model\":\"m\",\"word\":[\"x\"]}]} | line 4: there is no condition 'word'",
                "{\"rules\":[{\"name\":\"a b\",\"model\":\"m\",\"tools\":true}],\"otherwise\":\"m\"} | line 1: a rule needs a name",
                "{\"rules\":[{\"name\":\"r\",\"model\":\"m\",\"tools\":1}],\"otherwise\":\"m\"} | line 1: tools must be true or false",
                "{\"rules\":[{\"name\":\"r\",\"model\":\"m\",\"language\":\"elvish\"}],\"otherwise\":\"m\"} | line 1: language must be one of english, german",
                "{\"rules\":[{\"name\":\"r\",\"model\":\"AUTO\",\"tools\":true}],\"otherwise\":\"m\"} | line 1: rule r chooses AUTO",
                "{\"rules\":[{\"name\":\"r\",\"model\":\"m\",¶\"header\":\"X-Team:\"}],\"otherwise\":\"m\"} | line 2: header must be a name and a value",
                "{\"rules\":[{\"name\":\"r\",\"model\":\"m\",¶\"min_prompt_tokens\":-1}],\"otherwise\":\"m\"} | line 2: min_prompt_tokens must not be negative",
                "{\"rules\":[{\"name\":\"r\",\"model\":\"m\",¶\"max_prompt_tokens\":99999999999999999999}],\"otherwise\":\"m\"} | line 2: max_prompt_tokens must not be negative, or too large",
                "{\"rules\":[{\"name\":\"r\",\"model\":\"m\",¶\"min_prompt_tokens\":9,\"max_prompt_tokens\":8}],\"otherwise\":\"m\"} | line 1: rule r has min_prompt_tokens above",
                "{\"rules\":[]¶¶} | line 3: otherwise is missing",
                "[] | line 1: an object with"
            })
    void whatIsWrongIsToldWithItsLine(String text, String problem) {
        String lines = text.replace('¶', '\n');
        RuleFile.WrongException wrong = assertThrows(RuleFile.WrongException.class, () -> RuleFile.parse(lines));
        assertTrue(String.valueOf(wrong.getMessage()).startsWith(problem), wrong::getMessage);
    }

    @Test
    void aPatternThatTriesForEverIsGivenUp() throws Exception {
        RuleSet rules = RuleFile.parse(
                "{\"rules\":[{\"name\":\"r\",\"model\":\"special\",\"regex\":\"(a+)+$|(x|y)*z\"}],\"otherwise\":\"usual\"}");
        assertTimeout(
                Duration.ofSeconds(5),
                () -> assertEquals(
                        "usual",
                        rules.choose(asked("a".repeat(3_000) + "!"))
                                .orElseThrow()
                                .model()));
        assertTrue(rules.choose(asked("xy".repeat(50_000))).isPresent());
    }

    private final List<Observation> observed = new ArrayList<>();
    private final Troubles troubles = new Troubles();

    @Test
    void aChangedFileIsInForceAndAWrongOneIsNot() throws IOException {
        Path file = folder.resolve("catalogue.json");
        Files.writeString(file, "{\"otherwise\":\"one\"}");
        Catalogue catalogue = new Catalogue(() -> Optional.of(file), observed::add, troubles);
        assertEquals("one", catalogue.rules().otherwise());
        Files.writeString(file, "{\"otherwise\":\"two\"}");
        catalogue.look();
        assertEquals("two", catalogue.rules().otherwise());
        Files.writeString(file, "{\"otherwise\":");
        catalogue.look();
        assertEquals("two", catalogue.rules().otherwise());
        assertEquals(1, troubles.all().size());
        assertTrue(
                troubles.all().get(0).startsWith("gateway.catalogue.file: " + file + ", line 1: ")
                        && troubles.all().get(0).endsWith("; the rules before stay in force"),
                troubles.all()::toString);
        Files.delete(file);
        catalogue.look();
        assertEquals("two", catalogue.rules().otherwise());
        assertEquals(
                List.of("gateway.catalogue.file: there is no file " + file + "; the rules before stay in force"),
                troubles.all());
        Files.writeString(file, "{\"models\":[\"*\"],\"otherwise\":\"three\"}");
        catalogue.look();
        assertTrue(catalogue.rules().takes("whatever"));
        assertEquals(List.of(), troubles.all());
        catalogue.look();
        assertEquals(
                List.of(
                        new Observation.Reloaded(Observation.Reloaded.Kind.RULES, true),
                        new Observation.Reloaded(Observation.Reloaded.Kind.RULES, false),
                        new Observation.Reloaded(Observation.Reloaded.Kind.RULES, false),
                        new Observation.Reloaded(Observation.Reloaded.Kind.RULES, true)),
                observed);
        catalogue.stop();
        Files.writeString(file, "{\n\"x\":1}");
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> new Catalogue(() -> Optional.of(file), observed::add, troubles));
        assertTrue(
                String.valueOf(refused.getMessage())
                        .contains("gateway.catalogue.file: " + file + ", line 2: there is no 'x'"),
                refused::getMessage);
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithItsReason() throws IOException {
        Path file = folder.resolve("catalogue.json");
        assertProblem(file, "there is no file " + file);
        assertProblem(folder, folder + " is a folder");
        Files.write(file, new byte[] {'{', (byte) 0xC3, '}'});
        assertProblem(file, file + " is not in UTF-8");
        Files.writeString(file, "\uFEFF{\"otherwise\":\"m\"}");
        Catalogue catalogue = new Catalogue(() -> Optional.of(file), observed::add, troubles);
        assertEquals(Map.of("m", RuleSet.OTHERWISE), catalogue.chosen());
        catalogue.stop();
    }

    private void assertProblem(Path file, String problem) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> new Catalogue(() -> Optional.of(file), observed::add, troubles));
        assertEquals("gateway.catalogue.file: " + problem, refused.getMessage());
    }

    @Test
    void whyIsTold() throws IOException {
        Path file = folder.resolve("catalogue.json");
        Files.copy(Path.of("examples", "catalogue.json"), file);
        Catalogue catalogue = new Catalogue(() -> Optional.of(file), observed::add, troubles);
        JsonObject told = catalogue.explain(Calls.chat(
                "{\"model\":\"Auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Fix this function\"}]}"));
        assertEquals("deepseek-coder-1.3b", told.getString("model"));
        assertEquals("code", told.getString("rule"));
        JsonArray rules = told.getJsonArray("rules");
        assertEquals(2, rules.size());
        assertEquals("pictures true", rules.getJsonObject(0).getString("against"));
        assertTrue(rules.getJsonObject(1).getBoolean("fits"));
        JsonObject other = catalogue.explain(Calls.chat("{\"model\":\"phi-4-mini\",\"messages\":[]}"));
        assertEquals("phi-4-mini", other.getString("model"));
        assertFalse(other.containsKey("rule"));
        assertEquals(6, catalogue.json().getJsonArray("rules").size());
        catalogue.stop();
    }

    private static Asked asked(String prompt) {
        JsonObject chat = new JsonObject()
                .put("model", "auto")
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", prompt)));
        return new Asked(Calls.chat(chat.encode(), "x-team", "Research"));
    }
}
