package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.QueuePlaces;
import dev.foundrygateway.openai.ErrorCode;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many calls each model of each upstream may serve at a time. Foundry Local is built for one user: four at once can take longer than one after the
 * other, and a client that left may still keep it busy. So what it takes best is measured. Thread-safe.
 */
@Singleton
public class Admission implements QueuePlaces {
    private record Key(Upstream upstream, String model, int slots, boolean measured) {}

    private final NanoClock clock;
    private final Map<Key, ModelQueue> queues = new ConcurrentHashMap<>();

    Admission(NanoClock clock) {
        this.clock = clock;
    }

    /** Whether calls to this upstream are counted at all. */
    boolean limits(Upstream upstream) {
        return slots(upstream) > 0;
    }

    /** The queue of a model of an upstream that is limited. */
    ModelQueue queue(Upstream upstream, String model) {
        return queues.computeIfAbsent(
                new Key(upstream, model, slots(upstream), measured(upstream)),
                key -> new ModelQueue(
                        key.measured() ? ConcurrencyLimit.measured(key.slots()) : ConcurrencyLimit.fixed(key.slots()),
                        upstream.config().queue(),
                        clock));
    }

    /** What a call gets when the queue is full. */
    static GatewayException refusal(Upstream upstream, String model, ModelQueue queue) {
        return new GatewayException(
                ErrorCode.OVERLOADED,
                "the queue of model " + model + " at upstream " + upstream.name()
                        + " is full; try again later, or raise " + upstream.key("queue") + " or "
                        + upstream.key("concurrency"),
                "",
                java.time.Duration.ofSeconds(Math.max(1, (queue.retryAfter().toMillis() + 999) / 1_000)));
    }

    @Override
    public Map<String, Integer> byRequestId() {
        Map<String, Integer> places = new HashMap<>();
        queues.values().forEach(queue -> {
            int place = 1;
            for (String id : queue.requestIds()) {
                places.putIfAbsent(id, place++);
            }
        });
        return places;
    }

    /** How many calls wait at an upstream. */
    int waiting(Upstream upstream) {
        return queues.entrySet().stream()
                .filter(entry -> entry.getKey().upstream() == upstream)
                .mapToInt(entry -> entry.getValue().waiting())
                .sum();
    }

    /** The models of an upstream that were called, each with how many calls it may serve at a time now. */
    Map<String, Integer> slotsByModel(Upstream upstream) {
        Map<String, Integer> slots = new TreeMap<>();
        int bound = slots(upstream);
        boolean measured = measured(upstream);
        queues.forEach((key, queue) -> {
            if (key.upstream() == upstream && key.slots() == bound && key.measured() == measured) {
                slots.put(key.model(), queue.slots());
            }
        });
        return slots;
    }

    /** The models of an upstream that were called, each with since when nobody has, on the gateway's clock. */
    public Map<String, Long> idleSinceNanos(Upstream upstream) {
        Map<String, Long> idle = new HashMap<>();
        queues.forEach((key, queue) -> {
            if (key.upstream() == upstream) {
                idle.merge(key.model(), queue.idleSinceNanos(), Math::max);
            }
        });
        return idle;
    }

    private static int slots(Upstream upstream) {
        return upstream.config().concurrency().orElse(upstream.kind().slots());
    }

    private static boolean measured(Upstream upstream) {
        return upstream.config()
                .adaptiveConcurrency()
                .orElse(upstream.config().concurrency().isEmpty());
    }
}
