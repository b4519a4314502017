package dev.foundrygateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.access.ApiKeysConfig.ApiKeyConfig;
import dev.foundrygateway.access.KeyVerdict.Admitted;
import dev.foundrygateway.access.KeyVerdict.Refused;
import dev.foundrygateway.edge.RouteTable;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which key gets in, and how often. */
class ApiKeysTest {
    private static final OptionalInt NONE = OptionalInt.empty();
    private static final RatesConfig NO_RATES = new Rates(NONE, NONE);

    private record Key(String sha256, OptionalInt requestsPerMinute, OptionalInt tokensPerMinute)
            implements ApiKeyConfig {
        @Override
        public java.util.Optional<java.util.Set<ApiKeysConfig.KeyArea>> areas() {
            return java.util.Optional.empty();
        }

        @Override
        public BudgetsConfig.KeyBudgets budgets() {
            return new Allowances(0, 0);
        }

        @Override
        public java.util.Optional<java.util.Set<String>> models() {
            return java.util.Optional.empty();
        }

        @Override
        public java.util.Optional<java.util.Set<String>> stores() {
            return java.util.Optional.empty();
        }
    }

    private record Rates(OptionalInt requestsPerMinute, OptionalInt tokensPerMinute) implements RatesConfig {
        @Override
        public int answerTokens() {
            return 2_048;
        }
    }

    private final ApiKeys keys = keys(
            Map.of(
                    "alice", new Key(sha256("alice-secret"), NONE, NONE),
                    "bob", new Key(sha256("bob-secret").toUpperCase(Locale.ROOT), OptionalInt.of(2), NONE)),
            NO_RATES);

    @ParameterizedTest
    @CsvSource({
        "Authorization, Bearer alice-secret, alice",
        "authorization, bearer  alice-secret, alice",
        "x-api-key, alice-secret, alice",
        "api-key, bob-secret, bob"
    })
    void aKeyIsTakenWhereClientsPutIt(String header, String value, String name) {
        Admitted admitted = assertInstanceOf(Admitted.class, judge(header, value, 0));
        assertEquals(name, admitted.account().name());
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization, Bearer alice-secre",
        "Authorization, Bearer alice-secrets",
        "Authorization, alice-secret",
        "Authorization, Bearer ''",
        "x-api-key, ALICE-SECRET",
        "cookie, alice-secret"
    })
    void everythingElseIsRefusedAndNotRepeated(String header, String value) {
        Refused refused = assertInstanceOf(Refused.class, judge(header, value, 0));
        assertEquals(ErrorCode.INVALID_API_KEY, refused.code());
        assertFalse(refused.message().contains("secre"), refused.message());
        assertEquals(Duration.ZERO, refused.retryAfter());
    }

    @Test
    void theHashItselfIsNoKey() {
        assertInstanceOf(Refused.class, judge("x-api-key", sha256("alice-secret"), 0));
    }

    @Test
    void requestsBeyondTheRateWait() {
        judge("x-api-key", "bob-secret", 0);
        judge("x-api-key", "bob-secret", 0);
        Refused refused = assertInstanceOf(Refused.class, judge("x-api-key", "bob-secret", 0));
        assertEquals(ErrorCode.RATE_LIMIT_EXCEEDED, refused.code());
        assertEquals(Duration.ofSeconds(30), refused.retryAfter());
        assertTrue(refused.message().contains("bob"), refused.message());
        assertEquals(
                Map.of(
                        "x-ratelimit-limit-requests", "2",
                        "x-ratelimit-remaining-requests", "0",
                        "x-ratelimit-reset-requests", "1m0s"),
                refused.account().orElseThrow().headers(0));
        assertInstanceOf(Admitted.class, judge("x-api-key", "alice-secret", 0));
        assertInstanceOf(Admitted.class, judge("x-api-key", "bob-secret", TimeUnit.SECONDS.toNanos(30)));
    }

    @Test
    void tokensBeyondTheRateWaitAndAKeysOwnRateGoesBeforeTheCommonOne() {
        ApiKeys rated = keys(
                Map.of(
                        "alice", new Key(sha256("a"), NONE, NONE),
                        "bob", new Key(sha256("b"), NONE, OptionalInt.of(6_000))),
                new Rates(NONE, OptionalInt.of(60)));
        for (String key : new String[] {"a", "b"}) {
            MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("x-api-key", key);
            rated.named(key.equals("a") ? "alice" : "bob")
                    .orElseThrow()
                    .tokens()
                    .charge(100, 0);
            if (key.equals("a")) {
                Refused refused = assertInstanceOf(Refused.class, rated.judge(headers, 0));
                assertEquals(Duration.ofSeconds(41), refused.retryAfter());
            } else {
                assertInstanceOf(Admitted.class, rated.judge(headers, 0));
            }
        }
        assertTrue(rated.limitsTokens());
        assertFalse(keys.limitsTokens());
    }

    @Test
    void withoutKeysNobodyIsAsked() {
        assertFalse(keys(Map.of(), NO_RATES).asked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alice-secret", "abcd", "zz"})
    void whatIsNoHashEndsTheStartAndIsNotRepeated(String sha256) {
        IllegalArgumentException wrong = assertThrows(
                IllegalArgumentException.class, () -> keys(Map.of("alice", new Key(sha256, NONE, NONE)), NO_RATES));
        String message = String.valueOf(wrong.getMessage());
        assertTrue(message.startsWith("gateway.access.api-keys.alice.sha256"), message);
        assertFalse(message.contains("secret"), message);
    }

    @Test
    void ratesWithoutKeysAndRatesOfZeroEndTheStart() {
        Rates rates = new Rates(OptionalInt.of(5), NONE);
        IllegalArgumentException noKeys = assertThrows(IllegalArgumentException.class, () -> keys(Map.of(), rates));
        assertTrue(String.valueOf(noKeys.getMessage()).startsWith("gateway.access.rates"));
        Key zero = new Key(sha256("a"), OptionalInt.of(0), NONE);
        IllegalArgumentException none =
                assertThrows(IllegalArgumentException.class, () -> keys(Map.of("alice", zero), NO_RATES));
        assertTrue(String.valueOf(none.getMessage()).startsWith("gateway.access.api-keys.alice.requests-per-minute"));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, true",
        "/v1/v1/chat/completions, true",
        "/V1/models, true",
        "/v1/files, true",
        "/v1/gateway/compare, true",
        "/openai/status, true",
        "/shutdown, true",
        "/v1/nothing, true",
        "/openai/nothing, true",
        "/openai/deployments/m/chat/completions, true",
        "/chat/completions, true",
        "/models/m, true",
        "/models/org/name, true",
        "/nothing, false",
        "/playground/index.html, false",
        "/v1/health, false",
        "/health, false",
        "/, false",
        "/metrics, false",
        "/q/health/ready, false"
    })
    void whatReachesModelsNeedsAKey(String path, boolean needed) {
        assertEquals(needed, RouteTable.find("GET", path).reachesModels());
    }

    private KeyVerdict judge(String header, String value, long now) {
        return keys.judge(MultiMap.caseInsensitiveMultiMap().add(header, value), now);
    }

    /** The keys of alice and bob, who are held to nothing. */
    static ApiKeys ofOne() {
        return keys(Map.of("alice", new Key(sha256("a"), NONE, NONE)), NO_RATES);
    }

    static ApiKeys ofTwo() {
        return keys(
                Map.of("alice", new Key(sha256("a"), NONE, NONE), "bob", new Key(sha256("b"), NONE, NONE)), NO_RATES);
    }

    private static ApiKeys keys(Map<String, ApiKeyConfig> byName, RatesConfig rates) {
        return new ApiKeys(() -> byName, rates);
    }

    private static String sha256(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
