package dev.foundrygateway;

import dev.foundrygateway.evaluate.BenchCommand;
import dev.foundrygateway.evaluate.CalibrateCommand;
import dev.foundrygateway.evaluate.CompareCommand;
import dev.foundrygateway.evaluate.EvaluateHybridCommand;
import dev.foundrygateway.evaluate.EvaluateRetrieval;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The program: without a subcommand, or with {@code serve}, the gateway; the other subcommands come with their features. They run without Quarkus, so that
 * none of them opens a port.
 */
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
            EvaluateRetrieval.class
        })
public final class Main implements Runnable {
    /** The gateway itself. */
    @Command(name = "serve", description = "Run the gateway (the default).", mixinStandardHelpOptions = true)
    static final class Serve implements Runnable {
        @Override
        public void run() {
            Quarkus.run();
        }
    }

    /** Runs the program; exits with 0, or with 2 when the command line is wrong. */
    public static void main(String... args) {
        int code = new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public void run() {
        Quarkus.run();
    }
}
