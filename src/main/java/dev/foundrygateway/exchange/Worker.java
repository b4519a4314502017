package dev.foundrygateway.exchange;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Where work is done that would hold up an event loop: schemas are compiled and answers checked, which is not linear; long texts are read. */
@FunctionalInterface
public interface Worker {
    /** Reading so many bytes into a tree and printing them takes about a millisecond. */
    long LITTLE = 64 << 10;

    /** Runs something elsewhere, unless nobody waits for it any more; its outcome comes back on the context that asked. */
    <T> Uni<T> run(Callable<T> work);

    /** Runs something that reads a text of that many bytes: here if there are few, else elsewhere. */
    default <T> Uni<T> reading(long bytes, Supplier<T> work) {
        return bytes <= LITTLE ? Uni.createFrom().item(work) : run(work::get);
    }

    static Worker of(Vertx vertx) {
        return new Worker() {
            @Override
            public <T> Uni<T> run(Callable<T> work) {
                return Uni.createFrom().emitter(emitter -> {
                    AtomicBoolean gone = new AtomicBoolean();
                    emitter.onTermination(() -> gone.set(true));
                    vertx.executeBlocking(
                                    () -> {
                                        if (gone.get()) {
                                            throw new CancellationException();
                                        }
                                        return work.call();
                                    },
                                    false)
                            .onSuccess(emitter::complete)
                            .onFailure(emitter::fail);
                });
            }
        };
    }
}
