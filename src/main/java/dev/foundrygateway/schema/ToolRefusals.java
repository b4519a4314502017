package dev.foundrygateway.schema;

import dev.foundrygateway.exchange.NanoClock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Models whose server refused a tool lately: Foundry Local 2.x refuses all tools of a model without marks for them. Thread-safe. */
final class ToolRefusals {
    private static final long REMEMBERED = TimeUnit.MINUTES.toNanos(10);
    private static final int MAX_MODELS = 1_000;

    private final NanoClock clock;
    private final Map<String, Long> refused = new ConcurrentHashMap<>();

    ToolRefusals(NanoClock clock) {
        this.clock = clock;
    }

    void refused(String model) {
        if (refused.size() < MAX_MODELS) {
            refused.put(model, clock.nanos());
        }
    }

    boolean expected(String model) {
        Long since = refused.get(model);
        if (since != null && clock.nanos() - since > REMEMBERED) {
            refused.remove(model, since);
            return false;
        }
        return since != null;
    }
}
