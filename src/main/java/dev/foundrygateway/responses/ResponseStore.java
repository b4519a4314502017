package dev.foundrygateway.responses;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.KeptRecords;
import dev.foundrygateway.exchange.Troubles;
import dev.foundrygateway.exchange.Worker;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.responses.Home.Kept;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/**
 * Keeps responses and conversations for those who own them. One is found here as soon as it was handed in: whoever asks for it waits for what is being done to it. Thread-safe; never blocks
 * an event loop.
 */
@Singleton
public class ResponseStore {
    private static final Logger LOG = Logger.getLogger(ResponseStore.class);
    private static final int RANDOM_BYTES = 12;

    private final ResponsesConfig config;
    private final Clock clock;
    private final Worker worker;
    private final Home home;
    /** The end of the latest change of an id; of those under way alone. */
    private final Map<String, CompletableFuture<Boolean>> turns = new ConcurrentHashMap<>();

    @Inject
    ResponseStore(Vertx vertx, ResponsesConfig config, KeptRecords.Shared shared, Troubles troubles) {
        this(vertx, config, shared, Clock.systemUTC(), troubles);
    }

    ResponseStore(Vertx vertx, ResponsesConfig config, KeptRecords.Shared shared, Clock clock, Troubles troubles) {
        this.config = config;
        this.clock = clock;
        this.worker = Worker.of(vertx);
        this.home = shared.records()
                .<Home>map(records -> new SharedHome(records, worker, config, clock))
                .orElseGet(() -> new FolderHome(vertx, config, clock, troubles));
    }

    void start(@Observes StartupEvent event) {
        open();
    }

    void open() {
        home.open();
    }

    /** Whether any is kept at all. */
    public boolean keeps() {
        return config.maxCount() > 0;
    }

    /** An id for a response that begins now. */
    public String newId() {
        byte[] random = new byte[RANDOM_BYTES];
        // Made anew: a static one would carry the seed of a native image's build.
        new SecureRandom().nextBytes(random);
        return ResponseIds.of(clock.millis(), HexFormat.of().formatHex(random));
    }

    /** The time now, in seconds since 1970. */
    public long seconds() {
        return clock.instant().getEpochSecond();
    }

    /** Keeps a response or a conversation; one that is larger than all may be together is let go. */
    public void keep(String id, Caller owner, Buffer record) {
        if (size(owner.key(), record) > config.maxSize().asLongValue()) {
            LOG.warnf("%s is larger than gateway.responses.max-size and is not kept", id);
            return;
        }
        inTurn(id, () -> home.put(id, owner.key(), record))
                .subscribe()
                .with(kept -> {}, failure -> LOG.warnf("%s is not kept: %s", id, failure.getMessage()));
    }

    private static long size(String owner, Buffer record) {
        return owner.length() + 1L + record.length();
    }

    /** Refuses a client's record that is too large to be kept. */
    public void check(Caller owner, Buffer record) {
        check(owner.key(), record);
    }

    private void check(String owner, Buffer record) {
        long limit = config.maxSize().asLongValue();
        if (size(owner, record) > limit) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST,
                    "this would make it larger than the " + limit
                            + " bytes of gateway.responses.max-size, and it could not be kept");
        }
    }

    /** The record that is kept under that id, if this caller may read it. */
    public Uni<Optional<Buffer>> find(String id, Caller caller) {
        return Uni.createFrom()
                .deferred(() -> behind(Optional.ofNullable(turns.get(id))).chain(() -> kept(id, caller)))
                .map(found -> found.map(Kept::record));
    }

    /** The same as it is read by something that would hold up an event loop if the record is long. */
    public <T> Uni<Optional<T>> find(String id, Caller caller, Function<Buffer, T> reading) {
        return find(id, caller)
                .chain(found -> worker.reading(found.map(Buffer::length).orElse(0), () -> found.map(reading)));
    }

    /** Where no key is asked for, all are everybody's; and so is what was kept then. */
    private Uni<Optional<Kept>> kept(String id, Caller caller) {
        return home.get(id)
                .map(found -> found.filter(one -> caller.key().isEmpty()
                        || one.owner().isEmpty()
                        || one.owner().equals(caller.key())));
    }

    /** Changes what is kept under an id, whoever else does so at the same time; empty if there is nothing that this caller may read. What would be too large is refused. */
    public Uni<Optional<Buffer>> change(String id, Caller caller, UnaryOperator<Buffer> change) {
        return inTurn(id, () -> changed(id, caller, change));
    }

    private Uni<Optional<Buffer>> changed(String id, Caller caller, UnaryOperator<Buffer> change) {
        return kept(id, caller).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(Optional.<Buffer>empty());
            }
            Kept before = found.get();
            return worker.reading(before.record().length(), () -> change.apply(before.record()))
                    .chain(next -> {
                        check(before.owner(), next);
                        // Another gateway may have been quicker.
                        return home.replace(id, before, next)
                                .chain(done ->
                                        done ? Uni.createFrom().item(Optional.of(next)) : changed(id, caller, change));
                    });
        });
    }

    /** Deletes what is kept under an id; false if there is none that this caller may read. */
    public Uni<Boolean> delete(String id, Caller caller) {
        return inTurn(
                id,
                () -> kept(id, caller)
                        .chain(found -> found.isEmpty() ? Uni.createFrom().item(false) : home.remove(id)));
    }

    /** Changes of one id come one after the other, in the order in which somebody began to wait for them. */
    private <T> Uni<T> inTurn(String id, Supplier<Uni<T>> change) {
        return Uni.createFrom().deferred(() -> {
            CompletableFuture<Boolean> mine = new CompletableFuture<>();
            Optional<CompletableFuture<Boolean>> before = Optional.ofNullable(turns.put(id, mine));
            return behind(before).chain(ignored -> change.get()).onTermination().invoke(() -> {
                turns.remove(id, mine);
                mine.complete(true);
            });
        });
    }

    /** Waits for the end of a change; back on the context that asked. */
    private static Uni<Boolean> behind(Optional<CompletableFuture<Boolean>> change) {
        if (change.isEmpty() || change.get().isDone()) {
            return Uni.createFrom().item(true);
        }
        Uni<Boolean> ended = Uni.createFrom().completionStage(() -> change.get().copy());
        return Optional.ofNullable(Vertx.currentContext())
                .map((Context context) -> ended.emitOn(then -> context.runOnContext(ignored -> then.run())))
                .orElse(ended);
    }
}
