package dev.foundrygateway.start;

import io.smallrye.config.ConfigValidationException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in a line for each what ended a start. */
public final class StartFailure {
    private static final Pattern KEY_FIRST = Pattern.compile(
            "((?:gateway|quarkus)\\.[\\w.<>\"*-]*\\w|[A-Z]+_[A-Z_]+)(?::| (?=is|must|has|names|cannot|contradicts|stands|counts))\\s*(.*)",
            Pattern.DOTALL);
    private static final Pattern KEY_WITHIN =
            Pattern.compile("(?:property |for )?((?:gateway|quarkus)\\.[\\w.\"-]+\\w)");
    private static final Pattern POSITION = Pattern.compile("line (\\d+), column (\\d+)");
    private static final int DEEP = 30;

    private StartFailure() {}

    /** Prints what went wrong: a line for each fault; for what is no fault of the settings also where it happened. */
    public static void print(Throwable failure, PrintStream to) {
        Optional<List<Fault>> faults = faults(failure);
        if (faults.isPresent()) {
            faults.get().forEach(to::println);
        } else {
            to.println("the gateway could not start: " + root(failure));
            failure.printStackTrace(to);
        }
    }

    /** The faults of the settings that this is about; empty if it is about something else. */
    static Optional<List<Fault>> faults(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < DEEP; i++, cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof ConfigValidationException several) {
                List<Fault> faults = new ArrayList<>();
                for (int n = 0; n < several.getProblemCount(); n++) {
                    faults.add(fault(several.getProblem(n).getMessage()));
                }
                return Optional.of(faults);
            }
            if (message.contains("Address already in use")
                    || (message.contains("Permission denied") && message.contains("bind"))) {
                return Optional.of(List.of(new Fault(
                        "GATEWAY_PORT",
                        "the port is in use or not allowed (" + message + "); set GATEWAY_PORT to another port")));
            }
            if (cause instanceof IllegalArgumentException || cause instanceof IllegalStateException) {
                Matcher first = KEY_FIRST.matcher(message);
                if (first.matches()) {
                    return Optional.of(List.of(new Fault(first.group(1), first.group(2))));
                }
            }
        }
        return Optional.empty();
    }

    /** Of a configuration that can't be read at all. */
    static Fault fault(Throwable unreadable) {
        StringBuilder all = new StringBuilder();
        Throwable cause = unreadable;
        for (int i = 0; cause != null && i < DEEP; i++, cause = cause.getCause()) {
            all.append(cause.getMessage()).append('\n');
        }
        Matcher position = POSITION.matcher(all);
        return new Fault(
                "configuration",
                "a file of settings can't be read"
                        + (position.find() ? ", line " + position.group(1) + ", column " + position.group(2) : "")
                        + "; mend what stands there: " + root(unreadable).getMessage());
    }

    private static Fault fault(String problem) {
        Matcher key = KEY_WITHIN.matcher(problem);
        String plain = problem.replaceFirst("^(?:[\\w.]+Exception: )?SRCFG\\d+: ", "");
        return key.find()
                ? new Fault(
                        key.group(1), plain.contains("does not map to any root") ? "there is no such setting" : plain)
                : new Fault("configuration", plain);
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause.getCause() != null && i < DEEP; i++) {
            cause = cause.getCause();
        }
        return cause;
    }
}
