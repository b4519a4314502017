package dev.foundrygateway.responses;

import dev.foundrygateway.exchange.KeptRecords;
import dev.foundrygateway.exchange.Worker;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Among several gateways. Count and size are looked at by each of them once a minute, when something is put; what is too old is not found from then on. */
final class SharedHome implements Home {
    private static final Logger LOG = Logger.getLogger(SharedHome.class);
    private static final long TIDY_MILLIS = 60_000;

    private final KeptRecords records;
    private final Worker worker;
    private final ResponsesConfig config;
    private final Clock clock;
    private final AtomicLong tidied = new AtomicLong();

    SharedHome(KeptRecords records, Worker worker, ResponsesConfig config, Clock clock) {
        this.records = records;
        this.worker = worker;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public void open() {
        // They are there already.
    }

    @Override
    public Uni<Boolean> put(String id, String owner, Buffer record) {
        return put(id, owner, record, Optional.empty());
    }

    private Uni<Boolean> put(String id, String owner, Buffer record, Optional<String> version) {
        KeptRecords.Entry entry = new KeptRecords.Entry(owner, record, clock.millis());
        return worker.run(() -> {
            boolean kept = records.put(id, entry, version);
            tidy();
            return kept;
        });
    }

    private void tidy() {
        long now = clock.millis();
        long last = tidied.get();
        if (now - last >= TIDY_MILLIS && tidied.compareAndSet(last, now)) {
            try {
                records.trim(oldest(), config.maxCount(), config.maxSize().asLongValue());
            } catch (RuntimeException e) {
                LOG.warnf("stored responses beyond gateway.responses.max-count are still there: %s", e.getMessage());
            }
        }
    }

    private long oldest() {
        return clock.millis() - config.keep().toMillis();
    }

    @Override
    public Uni<Optional<Kept>> get(String id) {
        return worker.run(() -> records.get(id)
                .filter(found -> found.entry().changed() >= oldest())
                .map(found -> new Kept(found.entry().owner(), found.entry().record(), found.version())));
    }

    @Override
    public Uni<Boolean> replace(String id, Kept before, Buffer record) {
        return put(id, before.owner(), record, Optional.of(before.version()));
    }

    @Override
    public Uni<Boolean> remove(String id) {
        return worker.run(() -> {
            records.delete(id);
            return true;
        });
    }
}
