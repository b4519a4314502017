package dev.foundrygateway.evaluate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code explain}: which model a request would get, and by which rule. */
@Command(
        name = "explain",
        description =
                "Say which model a request would get, by which rule of gateway.catalogue.file, and why. No model is asked.",
        mixinStandardHelpOptions = true)
public final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    @Option(names = "--model", defaultValue = "auto", description = "The model that is asked for (${DEFAULT-VALUE}).")
    private String model = "";

    @Option(names = "--prompt", defaultValue = "", description = "The user's message.")
    private String prompt = "";

    @Option(
            names = "--request",
            description = "A file with the whole request, of a chat, Responses or Messages, instead.")
    private Optional<Path> request = Optional.empty();

    @Option(
            names = "--api-key",
            defaultValue = "${env:GATEWAY_API_KEY:-}",
            description = "The API key to ask with; by default what GATEWAY_API_KEY holds.")
    private String apiKey = "";

    @Override
    public Integer call() throws InterruptedException {
        return common.run(() -> {
            String body = request.isPresent() ? Files.readString(request.get()) : chat();
            JsonObject told = Fetch.object("asked", URI.create(common.url() + "/gateway/explain"), apiKey, body);
            common.print(common.json() ? told.encodePrettily() : text(told));
            return told.containsKey("problem") ? 1 : 0;
        });
    }

    private String chat() {
        return new JsonObject()
                .put("model", model)
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", prompt)))
                .encode();
    }

    private static String text(JsonObject told) {
        StringBuilder text = new StringBuilder();
        JsonArray rules = told.getJsonArray("rules", new JsonArray());
        for (int i = 0; i < rules.size(); i++) {
            JsonObject rule = rules.getJsonObject(i);
            text.append(rule.getString("rule"))
                    .append(
                            rule.getBoolean("fits")
                                    ? " fits: " + rule.getJsonArray("since")
                                    : " does not fit: " + rule.getString("against"))
                    .append('\n');
        }
        text.append(told.getString("asked")).append(" -> ").append(told.getString("model"));
        if (told.containsKey("reason")) {
            text.append(" (").append(told.getString("reason")).append(')');
        }
        if (told.containsKey("upstream")) {
            text.append(", at ")
                    .append(told.getString("upstream"))
                    .append(" as ")
                    .append(told.getString("upstream_model"));
        }
        if (told.containsKey("problem")) {
            text.append('\n').append(told.getString("problem"));
        }
        return text.toString();
    }
}
