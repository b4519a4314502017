package dev.foundrygateway.access;

import dev.foundrygateway.access.ApiKeysConfig.ApiKeyConfig;
import dev.foundrygateway.access.ApiKeysConfig.KeyArea;
import dev.foundrygateway.exchange.Grant;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The keys that clients must show one of, if any are configured. They are held by their hashes, and a shown one is looked up by its own: how
 * long that takes tells of a hash at most, from which no key follows. Thread-safe.
 */
@Singleton
public class ApiKeys {
    private static final String BEARER = "bearer ";
    private static final List<String> OTHER_HEADERS = List.of("x-api-key", "api-key");
    private static final int SHA256_BYTES = 32;

    private final Map<String, KeyAccount> byName = new HashMap<>();
    private final Map<String, KeyAccount> byHash = new HashMap<>();
    private final Set<String> operators = new HashSet<>();
    private final boolean limitsTokens;

    /**
     * The keys of these settings.
     *
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    ApiKeys(ApiKeysConfig config, RatesConfig rates) {
        config.byName().forEach((name, key) -> {
            KeyAccount account = account(name, key, rates);
            byName.put(name, account);
            byHash.put(hash(ApiKeysConfig.PREFIX + "." + name + ".sha256", key.sha256()), account);
            if (key.areas().orElse(Set.of()).contains(KeyArea.OPERATE)) {
                operators.add(name);
            }
        });
        if (rates.answerTokens() < 1) {
            throw new IllegalArgumentException(RatesConfig.PREFIX + ".answer-tokens must be at least 1");
        }
        limitsTokens =
                byName.values().stream().anyMatch(account -> account.tokens().limited());
        boolean rated =
                rates.requestsPerMinute().isPresent() || rates.tokensPerMinute().isPresent();
        if (rated && byName.isEmpty()) {
            throw new IllegalArgumentException(
                    RatesConfig.PREFIX + " counts by key: it needs " + ApiKeysConfig.PREFIX + ".<name>.sha256");
        }
    }

    private static KeyAccount account(String name, ApiKeyConfig key, RatesConfig rates) {
        String prefix = ApiKeysConfig.PREFIX + "." + name;
        return new KeyAccount(
                name,
                rate(prefix, "requests-per-minute", key.requestsPerMinute(), rates.requestsPerMinute()),
                rate(prefix, "tokens-per-minute", key.tokensPerMinute(), rates.tokensPerMinute()),
                Grant.of(key.models(), key.stores()),
                areas(key));
    }

    /** Those that are named; all the others too where none but {@link KeyArea#OPERATE} is. */
    private static Set<KeyArea> areas(ApiKeyConfig key) {
        EnumSet<KeyArea> areas = EnumSet.noneOf(KeyArea.class);
        areas.addAll(key.areas().orElse(Set.of()));
        if (EnumSet.of(KeyArea.OPERATE).containsAll(areas)) {
            areas.addAll(EnumSet.complementOf(EnumSet.of(KeyArea.OPERATE)));
        }
        return Set.copyOf(areas);
    }

    private static String hash(String setting, String hex) {
        try {
            byte[] hash = HexFormat.of().parseHex(hex.strip());
            if (hash.length == SHA256_BYTES) {
                return HexFormat.of().formatHex(hash);
            }
        } catch (IllegalArgumentException notHex) {
            // The message must not repeat it: someone may have put the key itself here.
        }
        throw new IllegalArgumentException(
                setting + " must be a SHA-256 in 64 hexadecimal digits, as printf %s \"$KEY\" | sha256sum prints it");
    }

    private static Rate rate(String prefix, String setting, OptionalInt own, OptionalInt common) {
        if (own.isEmpty() && common.isEmpty()) {
            return Rate.UNLIMITED;
        }
        int limit = own.orElseGet(() -> common.orElse(1));
        if (limit < 1) {
            throw new IllegalArgumentException(
                    (own.isPresent() ? prefix : RatesConfig.PREFIX) + "." + setting + " must be at least 1");
        }
        return Rate.perMinute(limit);
    }

    /** Whether anybody is asked for a key. */
    public boolean asked() {
        return !byName.isEmpty();
    }

    /** Whether the key of that name may see and end what other keys ask. */
    public boolean operates(String name) {
        return operators.contains(name);
    }

    /** Whether a caller with the key of that name sees what all keys do: it operates, or no key is asked for and the name is empty. */
    public boolean seesAll(String name) {
        return name.isEmpty() || operates(name);
    }

    /** Whether the key of that name may list what others have stored at a model server, which does not tell keys apart: it is the only one, or operates. */
    boolean mayList(String name) {
        return byName.size() < 2 || operates(name);
    }

    /** Whether any key's tokens are counted. */
    public boolean limitsTokens() {
        return limitsTokens;
    }

    /** The verdict on a request with these headers; an admitted one has taken its part of the key's requests. */
    public KeyVerdict judge(MultiMap headers, long now) {
        String shown = shown(headers);
        if (shown.isEmpty()) {
            return refused("no API key: send one as Authorization: Bearer <key>");
        }
        Optional<KeyAccount> found = find(shown);
        if (found.isEmpty()) {
            return refused("the API key is not one of this gateway's");
        }
        KeyAccount account = found.get();
        if (account.tokens().limited() && account.tokens().untilOne(now) > 0) {
            return limited(account, "tokens", account.tokens(), now);
        }
        if (!account.requests().take(now)) {
            return limited(account, "requests", account.requests(), now);
        }
        return new KeyVerdict.Admitted(account);
    }

    private static KeyVerdict refused(String message) {
        return new KeyVerdict.Refused(ErrorCode.INVALID_API_KEY, message, Duration.ZERO, Optional.empty());
    }

    private static KeyVerdict limited(KeyAccount account, String what, Rate rate, long now) {
        long seconds = Rate.seconds(rate.untilOne(now));
        return new KeyVerdict.Refused(
                ErrorCode.RATE_LIMIT_EXCEEDED,
                "API key " + account.name() + " is limited to " + rate.limit() + " " + what + " a minute; try again in "
                        + seconds + " s",
                Duration.ofSeconds(seconds),
                Optional.of(account));
    }

    /** The account of the key of that configured name; empty if there is none. */
    Optional<KeyAccount> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    private Optional<KeyAccount> find(String shown) {
        return Optional.ofNullable(byHash.get(HexFormat.of().formatHex(sha256(shown))));
    }

    private static String shown(MultiMap headers) {
        String authorization = headers.get(HttpHeaders.AUTHORIZATION);
        if (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return authorization.substring(BEARER.length()).strip();
        }
        for (String name : OTHER_HEADERS) {
            String value = headers.get(name);
            if (value != null) {
                return value.strip();
            }
        }
        return "";
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
