package dev.foundrygateway.retrieval.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Identifiers: random ones that nobody can guess, and such as depend on a text alone. */
public final class Ids {
    private static final int BYTES = 12;
    private static final int SECRET_BYTES = 8;

    private Ids() {}

    /** A new id with this prefix. */
    static String random(String prefix) {
        return prefix + hex(BYTES);
    }

    /** A short random text that nobody can guess. */
    public static String secret() {
        return hex(SECRET_BYTES);
    }

    /** The id of a text, the same each time. */
    static String of(String prefix, String text) {
        return prefix + hash(text).substring(0, 2 * BYTES);
    }

    /** SHA-256 in hexadecimal. */
    public static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String hex(int bytes) {
        byte[] random = new byte[bytes];
        // Made anew: a static one would carry the seed of a native image's build.
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
