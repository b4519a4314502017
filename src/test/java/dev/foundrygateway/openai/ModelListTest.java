package dev.foundrygateway.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.testing.Recording;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelListTest {
    @Test
    void idsAndParentsOfTheRealRuntimesAreRead() {
        ModelList older =
                ModelList.parse(Recording.named("runtime-1.2.4/02-v1-models").body());
        assertEquals(List.of("gemma-3-270m-generic-cpu", "tiny-instruct-generic-cpu"), older.ids());
        assertEquals(Optional.of("tiny-instruct"), older.parent("tiny-instruct-generic-cpu"));
        ModelList newer =
                ModelList.parse(Recording.named("runtime-2.2.1/02-v1-models").body());
        assertEquals(List.of("gemma-3-270m-generic-cpu:1", "tiny-instruct-generic-cpu:1"), newer.ids());
        assertEquals(Optional.empty(), newer.parent("tiny-instruct-generic-cpu:1"));
        assertEquals(Optional.empty(), newer.parent("absent"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"a\",\"b\",\"a\"]",
                "[{\"id\":\"a\"},{\"id\":\"b\"}]",
                "{\"data\":[{\"id\":\"a\"},{},null,{\"id\":1},{\"id\":\"b\"}]}"
            })
    void bareArraysAreListsToo(String body) {
        assertEquals(List.of("a", "b"), ModelList.parse(Buffer.buffer(body)).ids());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "\"a\"", "{\"data\":{}}", "{\"data\":[", "[] []", "null"})
    void whatIsNoListIsRefused(String body) {
        assertThrows(IllegalArgumentException.class, () -> ModelList.parse(Buffer.buffer(body)));
    }

    @Test
    void theContextIsToldWhereItIsKnownByAnyName() {
        ModelList list = ModelList.parse(Buffer.buffer(
                "{\"data\":[{\"id\":\"told\",\"context_length\":10},{\"id\":\"vllm\",\"max_model_len\":20},"
                        + "{\"id\":\"llama\",\"meta\":{\"n_ctx\":30,\"n_ctx_train\":99}},{\"id\":\"trained\",\"meta\":{\"n_ctx_train\":99}},"
                        + "{\"id\":\"odd\",\"max_model_len\":\"x\"},{\"id\":\"set\",\"max_model_len\":20}]}"));
        ModelList told = list.withContext(id -> id.equals("set") ? OptionalLong.of(7) : OptionalLong.empty());
        assertEquals(
                "[10, 20, 30, null, null, 7]",
                new JsonObject(told.json())
                        .getJsonArray("data").stream()
                                .map(entry -> ((JsonObject) entry).getLong("context_length"))
                                .toList()
                                .toString());
        assertEquals(OptionalLong.empty(), list.context("nobody"));
        // What came stays as it came.
        assertTrue(told.json().toString().contains("{\"id\":\"vllm\",\"max_model_len\":20,\"context_length\":20}"));
        assertTrue(!list.json().toString().contains("\"context_length\":20"));
    }

    @Test
    void listsAreMergedWithEachEntryAsItCame() {
        ModelList first = ModelList.parse(
                Buffer.buffer("{\"data\":[{\"id\":\"a\",\"x\":1.10,\"e\":1.0e3,\"big\":123456789012345678901}]}"));
        ModelList second =
                ModelList.parse(Buffer.buffer("{\"data\":[{\"id\":\"b\",\"y\":[null]},{\"id\":\"a\",\"x\":2}]}"));
        assertEquals(
                "{\"object\":\"list\",\"data\":[{\"id\":\"a\",\"x\":1.10,\"e\":1.0e3,\"big\":123456789012345678901},{\"id\":\"b\",\"y\":[null]},"
                        + "{\"id\":\"hybrid\",\"object\":\"model\",\"created\":0,\"owned_by\":\"foundry-gateway\"}]}",
                first.plus(second)
                        .plus(ModelList.of(List.of("hybrid", "a", "hybrid")))
                        .json()
                        .toString());
        assertEquals(List.of("a"), first.ids());
    }

    @Test
    void noModelsAreAnEmptyList() {
        assertEquals(
                "{\"object\":\"list\",\"data\":[]}",
                ModelList.of(List.of()).json().toString());
    }

    @Test
    void aListOfNullIsEmptyAndMembersOfCSharpAreLeftOut() {
        assertEquals(
                "{\"object\":\"list\",\"data\":[]}",
                ModelList.repaired(Buffer.buffer("{\"object\":\"list\",\"data\":null}"))
                        .orElseThrow()
                        .toString());
        assertEquals(
                "{\"object\":\"list\",\"data\":[{\"id\":\"a\",\"parent\":\"b\"}]}",
                ModelList.repaired(
                                Buffer.buffer(
                                        "{\"data\":[{\"id\":\"a\",\"parent\":\"b\",\"IsDelta\":false,\"HttpStatusCode\":0}],\"Successful\":true}"))
                        .orElseThrow()
                        .toString());
        assertTrue(ModelList.repaired(Buffer.buffer("{\"data\":[{\"id\":\"a\",\"x\":1.50}],\"has_more\":false}"))
                .isEmpty());
    }
}
