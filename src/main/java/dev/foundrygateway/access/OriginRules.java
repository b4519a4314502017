package dev.foundrygateway.access;

import dev.foundrygateway.exchange.Trust;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How far pages are trusted, by their origin; {@code gateway.access.origins} compiled. Immutable, thread-safe. */
public final class OriginRules {
    private static final String OPAQUE = "null";
    private static final String EVERYONE = "*";
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final boolean everyone;
    private final boolean opaque;
    private final List<OriginPattern> patterns;

    private OriginRules(boolean everyone, boolean opaque, List<OriginPattern> patterns) {
        this.everyone = everyone;
        this.opaque = opaque;
        this.patterns = patterns;
    }

    /**
     * Compiles the setting.
     *
     * @throws IllegalArgumentException when an entry is no origin; the message names the setting
     */
    public static OriginRules of(List<String> configured) {
        List<OriginPattern> patterns = new ArrayList<>();
        for (String entry : configured) {
            if (!entry.equals(EVERYONE) && !entry.equals(OPAQUE)) {
                try {
                    patterns.add(OriginPattern.compile(entry));
                } catch (IllegalArgumentException invalid) {
                    throw new IllegalArgumentException(AccessConfig.ORIGINS + ": " + invalid.getMessage(), invalid);
                }
            }
        }
        return new OriginRules(
                configured.contains(EVERYONE),
                // Whoever lets every site in has nothing left to keep from a frame without an origin.
                configured.contains(OPAQUE) || configured.contains(EVERYONE),
                List.copyOf(patterns));
    }

    /** Whether a lone {@code *} lets every page in. */
    public boolean letsEveryoneIn() {
        return everyone;
    }

    /**
     * How far the page is trusted.
     *
     * @param origin the Origin header; several, joined by commas, are no origin
     * @param host the Host header, which has passed {@link HostRules}
     */
    public Trust trust(String origin, String host) {
        if (origin.equals(OPAQUE)) {
            return opaque ? Trust.CONFIGURED : Trust.OPAQUE;
        }
        Optional<WebOrigin> parsed = WebOrigin.parse(origin);
        if (parsed.isEmpty()) {
            return Trust.DENIED;
        }
        WebOrigin page = parsed.get();
        if (page.servedBy(host)) {
            return Trust.SAME_ORIGIN;
        }
        if (everyone || patterns.stream().anyMatch(pattern -> pattern.matches(page))) {
            return Trust.CONFIGURED;
        }
        return page.web() && LOOPBACK_NAMES.contains(page.host()) ? Trust.LOCAL : Trust.DENIED;
    }
}
