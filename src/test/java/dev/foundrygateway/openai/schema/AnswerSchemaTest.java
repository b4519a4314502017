package dev.foundrygateway.openai.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a schema says of an answer, and which schemas are refused; without waiting for any. */
class AnswerSchemaTest {
    /** Schema, answer, path of the violation and its rule; no rule where the answer holds. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"object\"} | {} | | ",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]} | {\"a\":1} | | ",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]} | {\"a\":1.0} | | ",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]} | {} | | required",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}} | {\"a\":1.5} | /a | type",
                "{\"type\":\"object\",\"additionalProperties\":false} | {\"b\":1} | | additionalProperties",
                "{\"properties\":{\"x\":{\"items\":{\"enum\":[\"a\",\"b\"]}}}} | {\"x\":[\"a\",\"c\"]} | /x/1 | enum",
                "{\"type\":\"array\",\"minItems\":2,\"maxItems\":3} | [1] | | minItems",
                "{\"type\":\"array\",\"uniqueItems\":true} | [1,1] | | uniqueItems",
                "{\"prefixItems\":[{\"type\":\"string\"}],\"items\":false} | [\"a\",1] | | items",
                "{\"type\":\"string\",\"format\":\"date\"} | \"2026-02-31\" | | format",
                "{\"type\":\"string\",\"format\":\"date-time\"} | \"2026-02-01T10:00:00Z\" | | ",
                "{\"type\":\"string\",\"format\":\"email\"} | \"nobody\" | | format",
                "{\"type\":\"string\",\"format\":\"uuid\"} | \"123\" | | format",
                "{\"type\":\"string\",\"format\":\"ipv4\"} | \"1.2.3.400\" | | format",
                "{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}$\"} | \"ABC\" | | ",
                "{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}$\"} | \"ABCD\" | | pattern",
                "{\"$defs\":{\"n\":{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#/$defs/n\"}},\"additionalProperties\":false}},\"$ref\":\"#/$defs/n\"} | {\"next\":{\"next\":{\"x\":1}}} | /next/next | additionalProperties",
                "{\"oneOf\":[{\"const\":1},{\"const\":2}]} | 3 | | oneOf",
                "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]} | null | | ",
                "{\"not\":{\"type\":\"string\"}} | \"a\" | | not",
                "{\"multipleOf\":0.1} | 0.3 | | ",
                "{\"type\":\"object\"} | not json | | json",
                "{\"type\":\"object\"} | {\"a\":1}{\"a\":1} | | json",
                "{\"type\":\"object\"} | {\"a\":1,\"a\":2} | | json",
                "{\"type\":\"number\"} | 1e999999999 | | json",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"definitions\":{\"a\":{\"type\":\"null\"}},\"$ref\":\"#/definitions/a\"} | 1 | | type",
            })
    void anAnswerHoldsOrBreaksARuleAtAPlace(String schema, String answer, String path, String rule) throws Exception {
        Optional<Violation> found = AnswerSchema.compile(schema).check(answer);
        assertEquals(rule == null ? "" : rule, found.map(Violation::rule).orElse(""), found::toString);
        assertEquals(path == null ? "" : path, found.map(Violation::path).orElse(""), found::toString);
    }

    /** A schema and the place at which it is broken. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | ",
                "[] | ",
                "{\"type\":\"objekt\"} | /type",
                "{\"properties\":{\"a\":{\"minimum\":\"1\"}}} | /properties/a/minimum",
                "{\"properties\":{\"a\":{\"$ref\":\"https://example.com/a.json\"}}} | /properties/a/$ref",
                "{\"items\":{\"$ref\":\"file:///etc/passwd\"}} | /items/$ref",
                "{\"items\":{\"$ref\":\"classpath:a.json\"}} | /items/$ref",
                "{\"$ref\":\"#\"} | ",
                "{\"anyOf\":[{\"$ref\":\"#\"}]} | ",
                "{\"$ref\":\"#/$defs/none\"} | ",
                "{\"pattern\":\"(\"} | /pattern",
                "{\"patternProperties\":{\"[\":{}}} | /patternProperties/[",
                "{\"$schema\":\"https://example.com/mine\"} | /$schema",
                "{\"multipleOf\":1e-999999} | /multipleOf",
            })
    void aBrokenSchemaIsRefusedWithItsPlace(String schema, String place) {
        InvalidSchemaException refused =
                assertThrows(InvalidSchemaException.class, () -> AnswerSchema.compile(schema));
        assertEquals(place == null ? "" : place, refused.place(), refused::getMessage);
    }

    @Test
    void propertiesMayBeNamedLikeKeywords() throws Exception {
        AnswerSchema schema = AnswerSchema.compile(
                "{\"properties\":{\"$ref\":{\"type\":\"string\"},\"pattern\":{\"const\":\"(\"}},\"required\":[\"pattern\"]}");
        assertEquals(Optional.empty(), schema.check("{\"pattern\":\"(\",\"$ref\":\"x\"}"));
    }

    @Test
    void aSchemaTooDeepOrTooLongIsRefused() {
        String deep = "{\"items\":".repeat(70) + "{}" + "}".repeat(70);
        assertThrows(InvalidSchemaException.class, () -> AnswerSchema.compile(deep));
        String wide = "{\"enum\":[\"" + "a".repeat(300_000) + "\"]}";
        assertThrows(InvalidSchemaException.class, () -> AnswerSchema.compile(wide));
    }

    @Test
    void anExponentialPatternEndsInTime() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            AnswerSchema schema = AnswerSchema.compile("{\"pattern\":\"^(a*)(a*)(a*)(a*)(a*)(a*)(a*)\\\\1b\"}");
            Optional<Violation> found = schema.check("\"" + "a".repeat(60) + "\"");
            assertTrue(found.get().message().contains("too long"), found::toString);
        });
    }

    @Test
    void aSchemaThatBranchesAtEachLevelEndsInTime() {
        StringBuilder schema = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
        for (int i = 0; i < 40; i++) {
            schema.append("\"d").append(i).append("\":{\"allOf\":[{\"$ref\":\"#/$defs/d").append(i + 1);
            schema.append("\"},{\"$ref\":\"#/$defs/d").append(i + 1).append("\"}]},");
        }
        schema.append("\"d40\":{\"type\":\"object\"}}}");
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThrows(InvalidSchemaException.class, () -> AnswerSchema.compile(schema.toString())));
    }

    @Test
    void anAnswerNestedDeeplyIsNoFailure() throws Exception {
        AnswerSchema schema = AnswerSchema.compile("{\"items\":{\"$ref\":\"#\"}}");
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> schema.check("[".repeat(900) + "]".repeat(900)));
    }
}
