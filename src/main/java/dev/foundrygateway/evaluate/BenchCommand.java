package dev.foundrygateway.evaluate;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: how quick models are, measured by a client. */
@Command(
        name = "bench",
        description = "Measure models: rounds × models × prompts, at temperature 0, each model warmed up first.",
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Common common = new Common();

    @Option(
            names = "--models",
            split = ",",
            defaultValue = "${env:BENCH_MODELS:-phi-4-mini,gpt-oss-20b}",
            description = "The models; by default what BENCH_MODELS holds (${DEFAULT-VALUE}).")
    private List<String> models = List.of();

    @Option(
            names = "--rounds",
            defaultValue = "${env:BENCH_ROUNDS:-3}",
            description = "How often each prompt is asked; by default what BENCH_ROUNDS holds (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--prompt",
            defaultValue = "${env:BENCH_PROMPT:-}",
            description = "One prompt instead of the fixed set; by default what BENCH_PROMPT holds.")
    private String prompt = "";

    @Option(
            names = "--stream",
            defaultValue = "${env:BENCH_STREAM:-1}",
            description =
                    "1 to stream, which shows the first token, 0 not to; by default what BENCH_STREAM holds (${DEFAULT-VALUE}).")
    private int stream;

    @Option(names = "--max-tokens", defaultValue = "120", description = "The longest answer (${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--pid",
            split = ",",
            description = "Processes, such as the model server's, whose processor time and memory are to be columns.")
    private List<Long> pids = List.of();

    @Option(names = "--output", description = "Write the results here, as JSON.")
    private Optional<Path> output = Optional.empty();

    @Option(names = "--picture", description = "Write a picture of them here, as SVG.")
    private Optional<Path> picture = Optional.empty();

    @Option(
            names = "--compare",
            arity = "2",
            paramLabel = "FILE",
            description = "Measure nothing, and compare two files that --output has written: before and after.")
    private List<Path> compared = List.of();

    @Option(names = "--cost", description = "Ask for the cost too: needs a gateway, with prices configured.")
    private boolean cost;

    /** 1 if a call failed. */
    @Override
    public Integer call() throws InterruptedException {
        return common.run(this::bench);
    }

    private int bench() throws IOException, InterruptedException {
        if (!compared.isEmpty()) {
            common.print(BenchTable.change(read(compared.get(0)), read(compared.get(1))));
            return 0;
        }
        require(rounds >= 1, "--rounds must be at least 1, not " + rounds);
        require(maxTokens >= 1, "--max-tokens must be at least 1, not " + maxTokens);
        require(stream == 0 || stream == 1, "--stream must be 0 or 1, not " + stream);
        PrintWriter progress = spec.commandLine().getErr();
        List<BenchResult> results = new Bench(
                        new TimedChat(common.url(), stream == 1, cost),
                        models,
                        prompt.isEmpty() ? Bench.PROMPTS : List.of(prompt),
                        rounds,
                        maxTokens,
                        new ProcessMeter(pids),
                        line -> {
                            progress.println(line);
                            progress.flush();
                        })
                .run();
        JsonArray rows = new JsonArray();
        results.forEach(result -> rows.add(result.json()));
        JsonObject report = new JsonObject()
                .put("url", common.url().toString())
                .put("stream", stream == 1)
                .put("max_tokens", maxTokens)
                .put("prompts", prompt.isEmpty() ? Bench.PROMPTS.size() : 1)
                .put("results", rows);
        if (output.isPresent()) {
            Files.writeString(output.get(), report.encodePrettily());
        }
        if (picture.isPresent()) {
            Files.writeString(picture.get(), BenchPicture.draw(report));
        }
        common.print(common.json() ? report.encodePrettily() : BenchTable.of(report));
        return results.stream().allMatch(result -> result.errors().isEmpty()) ? 0 : 1;
    }

    private void require(boolean right, String message) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private JsonObject read(Path file) throws IOException {
        try {
            return new JsonObject(Files.readString(file));
        } catch (DecodeException e) {
            throw new ParameterException(spec.commandLine(), file + " is not a file written by --output", e);
        }
    }
}
