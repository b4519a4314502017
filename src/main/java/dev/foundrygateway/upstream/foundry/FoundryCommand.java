package dev.foundrygateway.upstream.foundry;

import dev.foundrygateway.upstream.UpstreamAddress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs Foundry Local's command. Blocks: not for an event loop. */
@ApplicationScoped
public class FoundryCommand {
    private static final int TIMEOUT_SECONDS = 3;

    /** What {@code foundry <arguments>} prints, empty if there is no such command or it takes longer than three seconds. */
    String output(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("foundry"));
        command.addAll(arguments);
        try {
            // A file and no pipe: the command may leave a child behind that keeps a pipe open.
            Path text = Files.createTempFile("foundry-status", ".txt");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(text.toFile())
                        .start();
                if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                return new String(Files.readAllBytes(text), StandardCharsets.UTF_8);
            } finally {
                Files.deleteIfExists(text);
            }
        } catch (IOException e) {
            // No such command on the path: nothing to learn from it.
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static final Pattern URL = Pattern.compile("https?://(?:\\[[0-9a-fA-F:]+]|[A-Za-z0-9.-]+):\\d{1,5}");

    /**
     * The addresses in the text, in order.
     *
     * @param own tells the gateway's own address, which a {@code foundry} command for old SDKs prints
     */
    public static List<UpstreamAddress> addresses(String text, Predicate<UpstreamAddress> own) {
        List<UpstreamAddress> found = new ArrayList<>();
        Matcher url = URL.matcher(text);
        while (url.find()) {
            UpstreamAddress address = UpstreamAddress.parse("the address that the foundry command prints", url.group());
            if (!own.test(address) && !found.contains(address)) {
                found.add(address);
            }
        }
        return found;
    }
}
