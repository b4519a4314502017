package dev.foundrygateway.start;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a value must be beyond its type: an address, a hash, a file that is there. Opens nothing. */
final class ValueRules {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");
    private static final Set<String> NO_ADDRESSES = Set.of("auto", "practice");
    private static final int LAST_PORT = 65_535;

    private ValueRules() {}

    /** What is wrong with the value of the setting with these parts; empty if nothing is. */
    static Optional<String> problem(List<String> parts, String text) {
        String last = parts.get(parts.size() - 1);
        return switch (parts.get(1) + "." + last) {
            case "upstreams.url", "upstreams.urls" ->
                NO_ADDRESSES.contains(text) || text.isEmpty() ? Optional.empty() : address(text);
            // The message must not repeat it: someone may have put the key itself here.
            case "access.sha256" ->
                SHA256.matcher(text).matches()
                        ? Optional.empty()
                        : Optional.of(
                                "must be a SHA-256 in 64 hexadecimal digits, as printf %s \"$KEY\" | sha256sum prints it");
            default -> Optional.empty();
        };
    }

    /** Why the file or folder that the setting with these parts names can't be used; empty if it can, or the setting names none. */
    static Optional<String> onDisk(List<String> parts, String text) {
        return switch (parts.get(1) + "." + parts.get(parts.size() - 1)) {
            case "catalogue.file", "hybrid.calibration" -> file(text);
            case "playground.webgpu-folder", "retrieval.folder" -> folder(text);
            default -> Optional.empty();
        };
    }

    private static Optional<String> address(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            return Optional.of("is no URL; write it as http://host:port/v1");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https")) || uri.getPort() > LAST_PORT) {
            return Optional.of("must be an http or https URL such as http://127.0.0.1:5273/v1, not '" + text + "'");
        }
        return uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null
                ? Optional.empty()
                : Optional.of("must hold no user, query or fragment; a key belongs in the upstream's api-key");
    }

    /** Why this is no file that can be read. */
    static Optional<String> file(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Path file;
        try {
            file = Path.of(text);
        } catch (InvalidPathException e) {
            return Optional.of("is no path: " + e.getMessage());
        }
        if (!Files.exists(file)) {
            return Optional.of("there is no file " + text + "; name one that is there");
        }
        if (Files.isDirectory(file)) {
            return Optional.of(text + " is a folder; name a file in it");
        }
        return Files.isReadable(file)
                ? Optional.empty()
                : Optional.of(text + " can't be read; give this user the right to");
    }

    private static Optional<String> folder(String text) {
        return text.isEmpty() || Files.isDirectory(Path.of(text))
                ? Optional.empty()
                : Optional.of("there is no folder " + text + "; name one that is there");
    }
}
