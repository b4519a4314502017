package dev.foundrygateway;

import dev.foundrygateway.access.AccessConfig;
import dev.foundrygateway.access.ApiKeysConfig;
import dev.foundrygateway.access.BudgetsConfig;
import dev.foundrygateway.access.RatesConfig;
import dev.foundrygateway.edge.MessagesConfig;
import dev.foundrygateway.edge.PlaygroundConfig;
import dev.foundrygateway.edge.SseConfig;
import dev.foundrygateway.evaluate.BenchCommand;
import dev.foundrygateway.evaluate.CalibrateCommand;
import dev.foundrygateway.evaluate.CompareCommand;
import dev.foundrygateway.evaluate.EvaluateHybridCommand;
import dev.foundrygateway.evaluate.EvaluateRetrieval;
import dev.foundrygateway.evaluate.ExplainCommand;
import dev.foundrygateway.evaluate.UsageCommand;
import dev.foundrygateway.hybrid.HybridConfig;
import dev.foundrygateway.ledger.UsageConfig;
import dev.foundrygateway.live.RecordsConfig;
import dev.foundrygateway.practice.PracticeConfig;
import dev.foundrygateway.responses.ResponsesConfig;
import dev.foundrygateway.retrieval.ModelStoresConfig;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.routing.CatalogueConfig;
import dev.foundrygateway.schema.SchemaConfig;
import dev.foundrygateway.start.DoctorCommand;
import dev.foundrygateway.start.Fault;
import dev.foundrygateway.start.Start;
import dev.foundrygateway.start.StartFailure;
import dev.foundrygateway.tracing.TracingConfig;
import dev.foundrygateway.upstream.ModelsConfig;
import dev.foundrygateway.upstream.UpstreamsConfig;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The program: without a subcommand, or with {@code serve}, the gateway; the other subcommands come with their features. They run without Quarkus, so that
 * none of them opens a port.
 */
@RegisterForReflection(
        ignoreNested = false,
        targets = {
            AccessConfig.class,
            ApiKeysConfig.class,
            BudgetsConfig.class,
            CatalogueConfig.class,
            RatesConfig.class,
            HybridConfig.class,
            MessagesConfig.class,
            ModelsConfig.class,
            ModelStoresConfig.class,
            PlaygroundConfig.class,
            PracticeConfig.class,
            RecordsConfig.class,
            ResponsesConfig.class,
            RetrievalConfig.class,
            SchemaConfig.class,
            SseConfig.class,
            TracingConfig.class,
            UpstreamsConfig.class,
            UsageConfig.class
        })
@QuarkusMain
@Command(
        name = "foundry-gateway",
        description = "One OpenAI-compatible endpoint in front of Foundry Local and other local model servers.",
        mixinStandardHelpOptions = true,
        version = "Foundry Gateway",
        subcommands = {
            Main.Serve.class,
            CompareCommand.class,
            BenchCommand.class,
            CalibrateCommand.class,
            EvaluateHybridCommand.class,
            EvaluateRetrieval.class,
            UsageCommand.class,
            ExplainCommand.class
        })
public final class Main implements Callable<Integer> {
    /** Where all settings are declared: what is registered above, so that there is one list. */
    static final List<Class<?>> SETTINGS =
            List.of(Objects.requireNonNull(Main.class.getAnnotation(RegisterForReflection.class))
                    .targets());

    /** The gateway itself. */
    @Command(name = "serve", description = "Run the gateway (the default).", mixinStandardHelpOptions = true)
    static final class Serve implements Callable<Integer> {
        @Override
        public Integer call() {
            return serve();
        }
    }

    /** The program with all its commands. */
    static CommandLine program() {
        return new CommandLine(new Main())
                .addSubcommand(new DoctorCommand(SETTINGS))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Runs the program; exits with 0, with 1 when a setting is wrong, or with 2 when the command line is. */
    public static void main(String... args) {
        int code = program().execute(args);
        if (code != 0) {
            exit(code, Optional.empty());
        }
    }

    @Override
    public Integer call() {
        return serve();
    }

    /** Starts only with settings that are right; what Quarkus fails of all the same is told as plainly. */
    private static int serve() {
        List<Fault> faults = new Start(SETTINGS, System.getenv()).faults();
        if (!faults.isEmpty()) {
            faults.forEach(System.err::println);
            return CommandLine.ExitCode.SOFTWARE;
        }
        Quarkus.run(null, (code, failure) -> {
            if (failure != null) {
                StartFailure.print(failure, System.err);
            }
            exit(code, Optional.ofNullable(failure));
        });
        return CommandLine.ExitCode.OK;
    }

    /** By way of Quarkus: in dev mode the program stays there for another try. */
    private static void exit(int code, Optional<Throwable> failure) {
        ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(code, failure.orElse(null));
    }
}
