package dev.foundrygateway.access;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which Host names the gateway answers to. While it listens on loopback, a page of a strange site could otherwise reach it under its own name, by letting that
 * name point to 127.0.0.1 (DNS rebinding): to the browser the two are then one origin. Immutable.
 */
public final class HostRules {
    private final boolean open;
    private final Set<String> allowed;

    /**
     * Rules.
     *
     * @param bind the address that the gateway listens on
     * @param hosts the setting {@code gateway.access.hosts}
     */
    public HostRules(String bind, List<String> hosts) {
        open = !isLoopback(bind) && hosts.isEmpty();
        allowed = hosts.stream().map(HostRules::name).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether the gateway answers under this Host header, empty if there is none. */
    public boolean allows(String host) {
        if (open) {
            return true;
        }
        String name = name(host);
        return isLoopback(name) || allowed.contains(name);
    }

    /** Whether an address or name is this machine's loopback. */
    public static boolean isLoopback(String host) {
        return switch (host) {
            case "localhost", "127.0.0.1", "::1", "[::1]" -> true;
            default -> host.endsWith(".localhost");
        };
    }

    /** The name without its port and without the dot that may end it. */
    private static String name(String host) {
        int end = host.lastIndexOf(':');
        String name = end > host.lastIndexOf(']') ? host.substring(0, end) : host;
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        return name.toLowerCase(Locale.ROOT);
    }
}
