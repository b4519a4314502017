package dev.foundrygateway.live;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.ExchangeWatch;
import dev.foundrygateway.exchange.LegReport;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.QueuePlaces;
import dev.foundrygateway.exchange.Troubles;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The exchanges that run now and the last ones that ended. An exchange costs one put, one remove and one entry; all else is done for those who look. Thread-safe.
 */
@Singleton
public class LiveExchanges implements ExchangeWatch {
    private static final Logger LOG = Logger.getLogger(LiveExchanges.class);

    private final Set<Account> running = ConcurrentHashMap.newKeySet();
    private final AtomicReferenceArray<Entry> ended;
    private final AtomicLong count = new AtomicLong();
    /** How many of those that are counted ended before the start. */
    private final long before;

    private final Optional<RecordFiles> files;
    private final Optional<RecordFiles> contentFiles;
    private final Optional<Contents> contents;
    private final NanoClock clock;
    private final InstantSource calendar;
    private final QueuePlaces queues;
    private final ModelFacts facts;

    LiveExchanges(
            RecordsConfig config,
            NanoClock clock,
            InstantSource calendar,
            QueuePlaces queues,
            ModelFacts facts,
            Troubles troubles) {
        this.ended = new AtomicReferenceArray<>(config.size());
        this.clock = clock;
        this.calendar = calendar;
        this.queues = queues;
        this.facts = facts;
        // Where no exchange is kept nobody could ask for what was said.
        boolean content = config.content() && config.size() > 0;
        this.contents = content
                ? Optional.of(new Contents(config.contentLength(), config.contentRetention(), calendar))
                : Optional.empty();
        this.files = config.keep() && config.size() > 0
                ? Optional.of(files(config, "exchanges", Duration.ofDays(config.days()), troubles))
                : Optional.empty();
        files.ifPresent(
                log -> log.start(config.size(), Long.MAX_VALUE, Entry::of).forEach(this::keep));
        RecordFiles said = files(config, "contents", config.contentRetention(), troubles);
        this.contentFiles = config.keep() && content ? Optional.of(said) : Optional.empty();
        if (contentFiles.isPresent()) {
            List<Contents.Content> last = said.start(config.size(), Contents.MOST_CHARACTERS, Contents.Content::of);
            contents.ifPresent(all -> last.forEach(all::add));
        } else {
            // Of a time when they were wanted: nobody else would ever delete them.
            said.delete();
        }
        this.before = count.get();
        if (content) {
            LOG.warnf(
                    "gateway.records.content is set: questions and answers are recorded%s, and forgotten after %s",
                    config.keep() ? " in " + config.directory() : "", words(config.contentRetention()));
        }
    }

    private static String words(Duration time) {
        long seconds = time.toSeconds();
        if (seconds % 3_600 == 0) {
            return time.toHours() + " h";
        }
        return seconds % 60 == 0 ? time.toMinutes() + " min" : seconds + " s";
    }

    private RecordFiles files(RecordsConfig config, String name, Duration age, Troubles troubles) {
        return new RecordFiles(
                config.directory(), name, config.disk().asLongValue(), age, Duration.ofSeconds(1), calendar, troubles);
    }

    private void keep(Entry entry) {
        long number = count.getAndIncrement();
        if (ended.length() > 0) {
            ended.set((int) (number % ended.length()), entry);
        }
    }

    @PreDestroy
    void close() {
        files.ifPresent(RecordFiles::close);
        contentFiles.ifPresent(RecordFiles::close);
    }

    @Override
    public void began(Account account) {
        running.add(account);
        contents.ifPresent(all -> all.began(account));
    }

    @Override
    public void ended(Account account, ExchangeReport report) {
        running.remove(account);
        Optional<Contents.Content> content = contents.flatMap(all -> all.ended(account, report));
        content.ifPresent(one -> contentFiles.ifPresent(log -> log.add(one)));
        Entry entry = Entry.ended(
                report, LegReport.cost(account.legs(report, facts)), calendar.instant(), content.isPresent());
        keep(entry);
        files.ifPresent(log -> log.add(entry));
    }

    /**
     * What one wants to see of them.
     *
     * @param since only of those that ended after so many had, as {@code next} told; 0 for all that are kept
     */
    public JsonObject json(Query query, long since) {
        long next = count.get();
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
                .put("ended", next - before)
                .put("next", next)
                .put("content_recorded", contents.isPresent())
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
        Instant now = calendar.instant();
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

    /** One exchange, with what was asked and answered where that is recorded; of several under that id one that runs, or the last. */
    public Optional<JsonObject> json(String id, String key) {
        Query query = new Query(id, "", key, "", "", 0, 1);
        return Stream.concat(running().stream(), ended(query, 0).stream())
                .filter(query)
                .findFirst()
                .map(this::whole);
    }

    private JsonObject whole(Entry entry) {
        JsonObject json = entry.json();
        contents.filter(all -> entry.content())
                .flatMap(all -> all.find(entry.id(), entry.key()))
                .ifPresent(content -> json.put(
                        "content",
                        new JsonObject().put("question", content.question()).put("answer", content.answer())));
        return json;
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
