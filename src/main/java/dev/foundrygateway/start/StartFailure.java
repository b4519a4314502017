package dev.foundrygateway.start;

import io.smallrye.config.ConfigValidationException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in a line for each what ended a start. */
public final class StartFailure {
    /** A name of one's own in a key may have blanks and slashes in it: the key ends where the sentence goes on. */
    private static final Pattern KEY_FIRST = Pattern.compile(
            "((?:gateway|quarkus)\\.(?:\"[^\"]*\"|[^\"])*?|[A-Z]+_[A-Z_]+)"
                    + "(?::\\s| (?=(?:is|are|has|have|must|may|cannot|names|needs|holds|sets|contradicts|stands|counts)\\b))\\s*(.*)",
            Pattern.DOTALL);
    /** Whatever else begins with a key. */
    private static final Pattern KEY_AT_ALL =
            Pattern.compile("((?:gateway|quarkus)\\.(?:\"[^\"]*\"|[^\"\\s])+)\\s+(.+)", Pattern.DOTALL);

    private static final Pattern STORE_NAME = Pattern.compile("certificate '([^']*)'");
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
            for (Pattern pattern : List.of(KEY_FIRST, KEY_AT_ALL)) {
                Matcher first = pattern.matcher(message);
                if (cause instanceof RuntimeException && first.matches()) {
                    return Optional.of(List.of(new Fault(first.group(1), first.group(2))));
                }
            }
            if (isOfTls(cause)) {
                return Optional.of(List.of(store(cause, message)));
            }
        }
        return Optional.empty();
    }

    private static boolean isOfTls(Throwable cause) {
        return Arrays.stream(cause.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith("io.quarkus.tls."));
    }

    private static Fault store(Throwable cause, String message) {
        Matcher name = STORE_NAME.matcher(message);
        boolean own = name.find() && !name.group(1).startsWith("<");
        String root = String.valueOf(root(cause).getMessage());
        return new Fault(
                "quarkus.tls" + (own ? "." + name.group(1) : ""),
                message + (root.equals(message) ? "" : " (" + root + ")") + "; mend the files that it names");
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
