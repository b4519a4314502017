package dev.foundrygateway.live;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.ExchangeWatch;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.QueuePlaces;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The exchanges that run now and the last ones that ended. An exchange costs one put, one remove and one entry; all else is done for those who look. Thread-safe.
 */
@Singleton
public class LiveExchanges implements ExchangeWatch {
    private final Set<Account> running = ConcurrentHashMap.newKeySet();
    private final AtomicReferenceArray<Entry> ended;
    private final AtomicLong count = new AtomicLong();
    private final NanoClock clock;
    private final QueuePlaces queues;
    private final ModelFacts facts;

    LiveExchanges(RecordsConfig config, NanoClock clock, QueuePlaces queues, ModelFacts facts) {
        this.ended = new AtomicReferenceArray<>(config.size());
        this.clock = clock;
        this.queues = queues;
        this.facts = facts;
    }

    @Override
    public void began(Account account) {
        running.add(account);
    }

    @Override
    public void ended(Account account, ExchangeReport report) {
        running.remove(account);
        Entry entry = Entry.ended(report, facts, Instant.now());
        long number = count.getAndIncrement();
        if (ended.length() > 0) {
            ended.set((int) (number % ended.length()), entry);
        }
    }

    /** How many have ended since the start: where {@link #json} goes on from. */
    public long count() {
        return count.get();
    }

    /**
     * What one wants to see of them.
     *
     * @param since only of those that ended after so many had; 0 for all that are kept
     */
    public JsonObject json(Query query, long since) {
        JsonArray now = new JsonArray();
        running().stream()
                .filter(query)
                .sorted(Comparator.comparing(Entry::arrived))
                .limit(query.limit())
                .forEach(entry -> now.add(entry.json()));
        JsonArray past = new JsonArray();
        ended(query, since).forEach(entry -> past.add(entry.json()));
        return new JsonObject()
                .put("object", "gateway.exchanges")
                .put("in_flight", inFlight(query.key()))
                .put("ended", count.get())
                .put("running", now)
                .put("finished", past);
    }

    /** Of one key's, or of all where none is named. */
    private long inFlight(String key) {
        return key.isEmpty()
                ? running.size()
                : running.stream()
                        .filter(one -> one.call().caller().key().equals(key))
                        .count();
    }

    private List<Entry> running() {
        long nowNanos = clock.nanos();
        Instant now = Instant.now();
        Map<String, Integer> places = queues.byRequestId();
        List<Entry> entries = new ArrayList<>();
        for (Account account : running) {
            Integer place = places.get(account.call().requestId());
            entries.add(
                    Entry.running(account, place == null ? OptionalInt.empty() : OptionalInt.of(place), nowNanos, now));
        }
        return entries;
    }

    /** The last one first. */
    private List<Entry> ended(Query query, long since) {
        List<Entry> entries = new ArrayList<>();
        long last = count.get();
        long first = Math.max(since, last - ended.length());
        for (long number = last - 1; number >= first && entries.size() < query.limit(); number--) {
            // Another may take its place, or have counted and not put itself there yet.
            Entry entry = ended.get((int) (number % ended.length()));
            if (entry != null && query.test(entry)) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /**
     * Ends those that run under that id; their clients get an error.
     *
     * @param key the only API key whose exchanges may be ended; empty for any
     * @return how many there were
     */
    public int cancel(String id, String key) {
        int found = 0;
        for (Account account : running) {
            if (account.call().requestId().equals(id)
                    && (key.isEmpty() || key.equals(account.call().caller().key()))) {
                found++;
                account.stop();
            }
        }
        return found;
    }
}
