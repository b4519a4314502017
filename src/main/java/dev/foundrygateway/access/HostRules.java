package dev.foundrygateway.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * By which names clients may call: the guard against DNS rebinding, where a page's own host name is made to mean this machine, so that the browser takes
 * the gateway for a part of that page's site. Immutable, thread-safe.
 */
public final class HostRules {
    private static final List<String> LOOPBACK_NAMES = List.of("localhost", "127.0.0.1", "[::1]", "*.localhost");

    private final boolean checks;
    private final List<HostName> names;

    private HostRules(boolean checks, List<HostName> names) {
        this.checks = checks;
        this.names = names;
    }

    /**
     * The rules of one bind address: on loopback only known names, elsewhere only configured ones, if any.
     *
     * @param bindAddress where the gateway listens
     * @param configured {@code gateway.access.hosts}
     * @throws IllegalArgumentException when an entry is no host name; the message names the setting
     */
    public static HostRules of(String bindAddress, List<String> configured) {
        boolean loopback = isLoopback(bindAddress);
        List<HostName> names = new ArrayList<>();
        LOOPBACK_NAMES.forEach(name -> names.add(HostName.parse(name)));
        if (loopback) {
            names.add(HostName.parse(
                    bindAddress.contains(":") && !bindAddress.startsWith("[") ? "[" + bindAddress + "]" : bindAddress));
        }
        for (String entry : configured) {
            if (!entry.equals("*")) {
                try {
                    names.add(HostName.parse(entry));
                } catch (IllegalArgumentException invalid) {
                    throw new IllegalArgumentException(AccessConfig.HOSTS + ": " + invalid.getMessage(), invalid);
                }
            }
        }
        boolean checks = (loopback || !configured.isEmpty()) && !configured.contains("*");
        return new HostRules(checks, List.copyOf(names));
    }

    /** Whether only this machine reaches a server that binds to the address; a name is looked up, one that can't be found is not loopback. */
    public static boolean isLoopback(String bindAddress) {
        try {
            return InetAddress.getByName(bindAddress).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    /** Whether hosts are checked at all. */
    public boolean checks() {
        return checks;
    }

    /**
     * Whether a request for this host is taken. Allocates nothing.
     *
     * @param host the Host header, empty if there is none
     */
    public boolean allows(String host) {
        if (!checks) {
            return true;
        }
        int portStart = portStart(host);
        if (portStart <= 0 || !isPort(host, portStart)) {
            return false;
        }
        // A name with a trailing dot is the same name, rooted.
        int nameEnd = host.charAt(portStart - 1) == '.' ? portStart - 1 : portStart;
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).matches(host, nameEnd, portStart)) {
                return true;
            }
        }
        return false;
    }

    private static int portStart(String host) {
        int colon = host.indexOf(':', host.startsWith("[") ? host.indexOf(']') + 1 : 0);
        return colon < 0 ? host.length() : colon;
    }

    /** Whether nothing or a colon and digits come from there on. */
    private static boolean isPort(String host, int from) {
        int digits = host.length() - from - 1;
        if (digits < 0) {
            return true;
        }
        for (int i = from + 1; i < host.length(); i++) {
            if (host.charAt(i) < '0' || host.charAt(i) > '9') {
                return false;
            }
        }
        return digits > 0 && digits <= 5;
    }
}
