package dev.foundrygateway.ledger;

import dev.foundrygateway.exchange.Spending;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** Sums by key, day and model. Thread-safe. */
final class Sums {
    private final Map<String, NavigableMap<LocalDate, Map<String, UsageRow>>> byKey = new ConcurrentHashMap<>();

    /** Adds a row; its key's days before the oldest are forgotten with the first row of another day. */
    void add(UsageRow row, LocalDate oldest) {
        NavigableMap<LocalDate, Map<String, UsageRow>> all = days(row.key());
        Map<String, UsageRow> day = all.get(row.day());
        if (day == null) {
            all.headMap(oldest).clear();
            day = all.computeIfAbsent(row.day(), one -> new ConcurrentHashMap<>());
        }
        day.merge(row.model(), row, UsageRow::plus);
    }

    private NavigableMap<LocalDate, Map<String, UsageRow>> days(String key) {
        return byKey.computeIfAbsent(key, one -> new ConcurrentSkipListMap<>());
    }

    /** Puts these rows, added up, in place of all that there are of a day. */
    void replace(LocalDate day, Collection<UsageRow> rows) {
        Map<String, Map<String, UsageRow>> next = new HashMap<>();
        rows.forEach(row -> next.computeIfAbsent(row.key(), key -> new ConcurrentHashMap<>())
                .merge(row.model(), row, UsageRow::plus));
        Set<String> gone = new HashSet<>(byKey.keySet());
        gone.removeAll(next.keySet());
        next.forEach((key, models) -> days(key).put(day, models));
        gone.forEach(key -> days(key).remove(day));
    }

    /** What a key has used on these days, both included. */
    Spending of(String key, LocalDate first, LocalDate last) {
        NavigableMap<LocalDate, Map<String, UsageRow>> all = byKey.get(key);
        Spending sum = Spending.NONE;
        if (all != null) {
            for (Map<String, UsageRow> models :
                    all.subMap(first, true, last, true).values()) {
                for (UsageRow row : models.values()) {
                    sum = sum.plus(row.spent());
                }
            }
        }
        return sum;
    }

    /** All rows of these days, both included. */
    Stream<UsageRow> rows(LocalDate first, LocalDate last) {
        return byKey.values().stream()
                .flatMap(all -> all.subMap(first, true, last, true).values().stream())
                .flatMap(models -> models.values().stream());
    }
}
