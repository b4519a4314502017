package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.ModelList;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListedModelsTest {
    private static final String FIVE = "Phi-4-mini-instruct-generic-cpu:5";
    private static final String FOUR = "Phi-4-mini-instruct-generic-cpu:4";
    private static final String GPU = "Phi-4-mini-instruct-cuda-gpu:4";

    private static ListedModels foundry(String... ids) {
        return ListedModels.of(ModelList.of(List.of(ids)), true);
    }

    @Test
    void aliasIdAndIdWithVersionFindTheModelWithoutRegardToCase() {
        ListedModels models = foundry(FOUR, FIVE);
        for (String name : List.of("phi-4-mini", "phi-4-mini-instruct", "phi-4-mini-instruct-generic-cpu")) {
            assertEquals(Optional.of(FIVE), models.find(name), name);
        }
        assertEquals(Optional.of(FOUR), models.find("phi-4-mini-instruct-generic-cpu:4"));
        assertEquals(Optional.empty(), models.find("phi-4"));
        assertEquals(Set.of("phi-4-mini", "phi-4-mini-instruct"), models.aliases());
    }

    @Test
    void aLoadedVariantComesBeforeABetterOne() {
        ListedModels models = foundry(FIVE, GPU);
        assertEquals(Optional.of(GPU), models.find("phi-4-mini"));
        assertEquals(Optional.of(FIVE), models.withLoaded(List.of(FIVE)).find("phi-4-mini"));
    }

    @Test
    void aModelIsColdOnlyWhereTheUpstreamTellsWhatIsLoaded() {
        ListedModels models = foundry(FIVE);
        assertFalse(models.isCold(FIVE));
        assertTrue(models.withLoaded(List.of()).isCold(FIVE));
        assertFalse(models.withLoaded(List.of(FIVE)).isCold(FIVE));
    }

    @Test
    void the1xListHasNoVersionsAndNamesTheAliasItself() {
        ListedModels models = ListedModels.of(ModelList.parse(Buffer.buffer("""
                                {"data":[{"id":"deepseek-r1-distill-qwen-7b-generic-cpu","parent":"deepseek-r1-7b"}]}""")), true);
        String id = "deepseek-r1-distill-qwen-7b-generic-cpu";
        assertEquals(Optional.of(id), models.find("deepseek-r1-7b"));
        assertEquals(Optional.of(id), models.find(id + ":3"));
        assertFalse(models.withLoaded(List.of(id + ":3")).isCold(id));
    }

    @Test
    void aNameThatIsNotListedIsTheOwnersWhoOwnsAllThatIs() {
        String list = "{\"data\":[{\"id\":\"a\",\"owned_by\":\"%s\"},{\"id\":\"b\",\"owned_by\":\"%s\"}]}";
        ListedModels one =
                ListedModels.of(ModelList.parse(Buffer.buffer(list.formatted("llamacpp", "llamacpp"))), false);
        assertEquals("llamacpp", one.owner("slm"));
        ListedModels two = ListedModels.of(ModelList.parse(Buffer.buffer(list.formatted("llamacpp", "vllm"))), false);
        assertEquals("", two.owner("slm"));
        assertEquals("vllm", two.owner("b"));
        assertEquals("", ListedModels.NONE.owner("slm"));
    }

    @Test
    void anotherServersNamesMeanWhatTheyAre() {
        ListedModels models = ListedModels.of(ModelList.of(List.of("a-generic-cpu:1")), false);
        assertEquals(Optional.empty(), models.find("a"));
        assertEquals(Optional.of("a-generic-cpu:1"), models.find("a-generic-cpu:1"));
    }

    @Test
    void anAliasThatAServerTellsGoesBeforeOneThatIsGuessed() {
        ListedModels models = ListedModels.of(ModelList.parse(Buffer.buffer("""
                                {"data":[{"id":"phi-4-mini-cuda-gpu"},{"id":"Phi-4-generic-cpu","parent":"phi-4-mini"}]}""")), true);
        assertEquals(Optional.of("Phi-4-generic-cpu"), models.find("phi-4-mini"));
        assertEquals(Optional.of("Phi-4-generic-cpu"), models.told("phi-4-mini"));
        assertEquals(Optional.empty(), foundry("phi-4-mini-cuda-gpu").told("phi-4-mini"));
    }
}
