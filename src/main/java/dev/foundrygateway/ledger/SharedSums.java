package dev.foundrygateway.ledger;

import dev.foundrygateway.exchange.SharedUsage;
import dev.foundrygateway.exchange.Troubles;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Tells the other gateways what this one has counted, and hears what they have, once a period, on a thread of its own. Where they can't be reached each goes on
 * with what it heard last, and what has changed meanwhile is told as soon as they can. Thread-safe.
 */
final class SharedSums {
    private static final Logger LOG = Logger.getLogger(SharedSums.class);

    private final SharedUsage store;
    private final String gateway;
    private final Sums own;
    private final Supplier<LocalDate> oldest;
    private final Supplier<LocalDate> today;
    /** The days of which the others don't know all yet. */
    private final NavigableSet<LocalDate> untold = new ConcurrentSkipListSet<>();

    private final Sums others = new Sums();
    /** What each of the others has told, by day and gateway. */
    private final NavigableMap<LocalDate, Map<String, List<UsageRow>>> heard = new TreeMap<>();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "usage shared");
        thread.setDaemon(true);
        return thread;
    });
    private long position;
    private LocalDate forgotten = LocalDate.MIN;
    private final Troubles.Passing alone;

    /**
     * Of one gateway among several.
     *
     * @param gateway its id, the same as long as its own sums are
     * @param own what it has counted itself
     * @param oldest the first day that is kept, as things stand
     */
    SharedSums(
            SharedUsage store,
            String gateway,
            Sums own,
            Supplier<LocalDate> oldest,
            Supplier<LocalDate> today,
            Troubles troubles) {
        this.alone = troubles.passing(LOG, "shared usage");
        this.store = store;
        this.gateway = gateway;
        this.own = own;
        this.oldest = oldest;
        this.today = today;
        tellAll();
    }

    private void tellAll() {
        own.rows(oldest.get(), LocalDate.MAX).map(UsageRow::day).forEach(untold::add);
    }

    /** Begins; the first round comes at once. */
    void start(Duration every) {
        Future<?> unused = timer.scheduleWithFixedDelay(this::round, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** This gateway has counted something more on that day. */
    void counted(LocalDate day) {
        untold.add(day);
    }

    /** What the others have counted, as far as it was heard. */
    Sums others() {
        return others;
    }

    /** Tells and hears. */
    synchronized void round() {
        try {
            if (position == 0) {
                // At the start budgets are to know of the others before all days are told again.
                hear();
            }
            try {
                tell();
            } finally {
                // Also where nothing can be written.
                hear();
            }
            if (forgotten.isBefore(oldest.get())) {
                store.forget(oldest.get());
                forgotten = oldest.get();
            }
            alone.over("the gateways' accounts of usage are shared again");
        } catch (RuntimeException e) {
            // Whatever it is: else the timer would never come again.
            if (!timer.isShutdown()) {
                alone.began(
                        "the gateways' accounts of usage can't be shared now: budgets count what this one uses and what it last heard of the others, until OpenSearch answers",
                        String.valueOf(e.getMessage()));
            }
        }
    }

    private void tell() {
        // Each once: what is counted meanwhile is told in the next round.
        for (LocalDate day : List.copyOf(untold)) {
            untold.remove(day);
            try {
                store.put(new SharedUsage.Part(
                        gateway, day, own.rows(day, day).map(UsageRow::line).collect(Collectors.joining("\n"))));
            } catch (RuntimeException e) {
                untold.add(day);
                throw e;
            }
        }
    }

    private void hear() {
        SharedUsage.News news = store.since(position);
        if (news.position() < position) {
            // It was lost, or made anew: what is known of the others is as good as ever, and this one's is told again.
            tellAll();
        }
        position = news.position();
        LocalDate first = oldest.get();
        LocalDate last = today.get().plusDays(1);
        for (SharedUsage.Part part : news.parts()) {
            if (!part.gateway().equals(gateway)
                    && !part.day().isBefore(first)
                    && !part.day().isAfter(last)) {
                Map<String, List<UsageRow>> ofDay = heard.computeIfAbsent(part.day(), day -> new HashMap<>());
                List<UsageRow> rows = rows(part);
                if (!rows.equals(ofDay.put(part.gateway(), rows))) {
                    others.replace(
                            part.day(),
                            ofDay.values().stream().flatMap(List::stream).toList());
                }
            }
        }
        for (LocalDate day : List.copyOf(heard.headMap(first).keySet())) {
            heard.remove(day);
            others.replace(day, List.of());
        }
    }

    private static List<UsageRow> rows(SharedUsage.Part part) {
        try {
            return part.rows()
                    .lines()
                    .map(UsageRow::of)
                    .filter(row -> row.day().equals(part.day()))
                    .toList();
        } catch (RuntimeException e) {
            LOG.warnf(
                    "what gateway %s has used on %s can't be read, and is not counted: %s",
                    part.gateway(), part.day(), e);
            return List.of();
        }
    }

    /** Tells what is left to tell, and ends. */
    void close() {
        // A round that waits for an answer ends at once.
        timer.shutdownNow();
        synchronized (this) {
            try {
                tell();
            } catch (RuntimeException e) {
                LOG.debugf("the others will hear the last of it at the next start: %s", e.getMessage());
            }
        }
    }
}
