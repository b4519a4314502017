package dev.foundrygateway.upstream;

import java.net.URI;
import java.util.Locale;

/**
 * Where a model server listens.
 *
 * @param tls whether it speaks HTTPS
 * @param host its host, an IPv6 address without brackets
 * @param port its port
 * @param path what stands before {@code /v1}; empty, or beginning with a slash and not ending with one
 */
public record UpstreamAddress(boolean tls, String host, int port, String path) {
    /**
     * Reads an address as people write it: with or without {@code /v1}, {@code /v1/v1} or a trailing slash.
     *
     * @param key the setting it stands in, for the message
     * @throws IllegalArgumentException when it is no http or https URL; the message names the key
     */
    public static UpstreamAddress parse(String key, String text) {
        URI uri;
        try {
            uri = URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + " is not a URL; write it as http://host:port/v1", e);
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("https");
        if ((!tls && !scheme.equals("http")) || uri.getHost() == null) {
            throw new IllegalArgumentException(key + " must be an http or https URL such as http://127.0.0.1:5273/v1");
        }
        if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException(
                    key + " must not have a user, query or fragment; put a key into the upstream's api-key");
        }
        String host = uri.getHost();
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
        return new UpstreamAddress(tls, host, port, prefix(uri.getPath()));
    }

    /** Whether its host is the name of this machine, which has two addresses; with TLS the name is in the certificate and stays. */
    boolean isLocalhost() {
        return !tls && host.equalsIgnoreCase("localhost");
    }

    /** The same at another host. */
    UpstreamAddress at(String other) {
        return new UpstreamAddress(tls, other, port, path);
    }

    private static String prefix(String path) {
        String left = path;
        while (true) {
            if (left.endsWith("/")) {
                left = left.substring(0, left.length() - 1);
            } else if (left.endsWith("/v1")) {
                left = left.substring(0, left.length() - 3);
            } else {
                return left;
            }
        }
    }

    /** Whether this is the address that the gateway itself listens on. */
    public boolean isOwn(String ownHost, int ownPort) {
        return port == ownPort && (isLoopback(host) || host.equalsIgnoreCase(ownHost));
    }

    private static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.startsWith("127.") || name.equals("::1") || name.equals("0.0.0.0");
    }

    /** The address as a URL without {@code /v1}. */
    public String root() {
        String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return (tls ? "https://" : "http://") + shown + ":" + port + path;
    }

    /** The address as a URL that ends in {@code /v1}. */
    @Override
    public String toString() {
        return root() + "/v1";
    }
}
