package dev.foundrygateway.access;

import dev.foundrygateway.access.ApiKeysConfig.KeyArea;
import dev.foundrygateway.exchange.Grant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One API key: its name and what is left of its rates. Thread-safe. */
public final class KeyAccount {
    private final String name;
    private final Rate requests;
    private final Rate tokens;
    private final Grant grant;
    private final Set<KeyArea> areas;

    /**
     * A key's account.
     *
     * @param areas what it may call
     */
    KeyAccount(String name, Rate requests, Rate tokens, Grant grant, Set<KeyArea> areas) {
        this.name = name;
        this.requests = requests;
        this.tokens = tokens;
        this.areas = areas;
        this.grant = areas.contains(KeyArea.STORES) ? grant : grant.withoutStores();
    }

    /** The name that the configuration calls it by. */
    public String name() {
        return name;
    }

    /** Which models and stores it reaches. */
    public Grant grant() {
        return grant;
    }

    /** Whether it may make this call. */
    public boolean may(Place place) {
        // Who operates sees all that the gateway tells of itself, who asks models what is its own.
        return areas.contains(place.keyArea())
                || (place.keyArea() == KeyArea.OPERATE && areas.contains(KeyArea.MODELS));
    }

    /** What it is told where it may not. */
    public String denial(String call) {
        return "API key " + name + " may not call " + (call.length() <= 200 ? call : call.substring(0, 200) + "…")
                + ": " + ApiKeysConfig.PREFIX + "." + name + ".areas lets it call only "
                + areas.stream()
                        .map(area -> area.name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .collect(Collectors.joining(", "));
    }

    Rate requests() {
        return requests;
    }

    Rate tokens() {
        return tokens;
    }

    /** Whether any rate limits it, so that its replies tell what is left. */
    public boolean limited() {
        return requests.limited() || tokens.limited();
    }

    /**
     * The {@code x-ratelimit-*} headers at this moment.
     *
     * @see <a href="https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers">OpenAI, rate limits in headers</a>
     */
    public Map<String, String> headers(long now) {
        Map<String, String> headers = new LinkedHashMap<>();
        tell(headers, "requests", requests, now);
        tell(headers, "tokens", tokens, now);
        return headers;
    }

    private static void tell(Map<String, String> headers, String what, Rate rate, long now) {
        if (rate.limited()) {
            headers.put("x-ratelimit-limit-" + what, Integer.toString(rate.limit()));
            headers.put("x-ratelimit-remaining-" + what, Long.toString(rate.remaining(now)));
            headers.put("x-ratelimit-reset-" + what, duration(rate.untilFull(now)));
        }
    }

    /** As OpenAI writes it: {@code 17ms}, {@code 1.5s}, {@code 6m0s}. */
    static String duration(long nanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos + 999_999);
        if (millis < 1_000) {
            return millis + "ms";
        }
        long minutes = millis / 60_000;
        double seconds = (millis % 60_000) / 1_000.0;
        String text = seconds == Math.rint(seconds)
                ? Long.toString((long) seconds)
                : String.format(Locale.ROOT, "%.3f", seconds).replaceFirst("0+$", "");
        return (minutes > 0 ? minutes + "m" : "") + text + "s";
    }
}
