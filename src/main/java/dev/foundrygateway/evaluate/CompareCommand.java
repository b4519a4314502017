package dev.foundrygateway.evaluate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code compare}: one prompt to several models, one after the other; prints what the workshop's script of that purpose prints. */
@Command(
        name = "compare",
        description = "Ask several models the same and print each one's latency, tokens and a sample of its answer.",
        mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
    private static final int SAMPLE = 160;

    @Mixin
    private Common common = new Common();

    @Option(
            names = "--models",
            split = ",",
            defaultValue = "${env:SLM_ALIAS:-phi-4-mini},${env:LLM_ALIAS:-gpt-oss-20b}",
            description = "The models; by default those that SLM_ALIAS and LLM_ALIAS name (${DEFAULT-VALUE}).")
    private List<String> models = List.of();

    @Option(
            names = "--prompt",
            defaultValue = "${env:COMPARE_PROMPT:-List 5 benefits of local AI inference.}",
            description = "The prompt; by default what COMPARE_PROMPT holds (${DEFAULT-VALUE}).")
    private String prompt = "";

    @Option(names = "--max-tokens", defaultValue = "160", description = "The longest answer (${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(names = "--temperature", defaultValue = "0.5", description = "The temperature (${DEFAULT-VALUE}).")
    private double temperature;

    @Option(names = "--cost", description = "Ask for the cost too: needs a gateway, with prices configured.")
    private boolean cost;

    /** 1 if a model gave no answer. */
    @Override
    public Integer call() throws InterruptedException {
        TimedChat chat = new TimedChat(common.url(), true, cost);
        JsonArray results = new JsonArray();
        boolean failed = false;
        for (String model : models) {
            try {
                results.add(entry(model, chat.ask(model, prompt, maxTokens, temperature)));
            } catch (IOException e) {
                failed = true;
                results.add(new JsonObject().put("alias", model).put("error", String.valueOf(e.getMessage())));
            }
        }
        common.print(results.encodePrettily());
        return failed ? 1 : 0;
    }

    private JsonObject entry(String model, TimedChat.Answer answer) {
        String text = answer.text();
        JsonObject entry = new JsonObject()
                .put("alias", model)
                .put("latency_sec", rounded(answer.seconds()))
                .put("tokens", answer.promptTokens() + answer.completionTokens())
                .put(
                        "sample",
                        text.substring(
                                0,
                                text.offsetByCodePoints(0, Math.min(SAMPLE, text.codePointCount(0, text.length())))));
        if (common.json()) {
            entry.put("first_token_sec", rounded(answer.firstSeconds()))
                    .put("prompt_tokens", answer.promptTokens())
                    .put("completion_tokens", answer.completionTokens())
                    .put("tokens_estimated", answer.estimated())
                    .put("tokens_per_sec", rounded(answer.completionTokens() / answer.seconds()))
                    .put("text", text);
        }
        answer.cost().ifPresent(spent -> entry.put("cost", spent));
        return entry;
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
