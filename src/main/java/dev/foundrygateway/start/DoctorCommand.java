package dev.foundrygateway.start;

import dev.foundrygateway.start.Finding.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: looks at everything between a browser and the model server, and says what is wrong and what to do. */
@Command(
        name = "doctor",
        description =
                "Check settings, machine, gateway and model servers; print what is wrong and what to do. Exit code 1 if something must be fixed.",
        mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
    private final Start start;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--url",
            defaultValue = "${env:GATEWAY_URL:-http://127.0.0.1:5274/v1}",
            description = "The gateway; by default what GATEWAY_URL holds (${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:5274/v1");

    @Option(
            names = "--key",
            defaultValue = "${env:GATEWAY_API_KEY:-}",
            description = "An API key to try; by default what GATEWAY_API_KEY holds.")
    private String key = "";

    @Option(
            names = "--origin",
            defaultValue = "",
            description = "The origin of a web page that shall call the gateway, such as https://app.example.com.")
    private String origin = "";

    @Option(
            names = "--host",
            defaultValue = "",
            description = "A name by which clients call the gateway, such as gateway.local:5274.")
    private String host = "";

    @Option(names = "--json", description = "Print all findings as JSON.")
    private boolean json;

    /** With the mapping interfaces of all settings there are. */
    public DoctorCommand(Collection<Class<?>> mappings) {
        this.start = new Start(mappings, System.getenv());
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Finding> findings = new Checkup(start, url, key, origin, host).findings();
        boolean failed = findings.stream().anyMatch(finding -> finding.state() == State.FAIL);
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            JsonArray all = new JsonArray();
            findings.forEach(finding -> all.add(finding.json()));
            out.println(new JsonObject()
                    .put("healthy", !failed)
                    .put("findings", all)
                    .encodePrettily());
        } else {
            findings.forEach(out::println);
        }
        out.flush();
        return failed ? 1 : 0;
    }
}
