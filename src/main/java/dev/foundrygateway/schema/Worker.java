package dev.foundrygateway.schema;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Where schemas are compiled and answers checked: neither is linear. */
@FunctionalInterface
interface Worker {
    /** Runs something elsewhere, unless nobody waits for it any more; its outcome comes back on the context that asked. */
    <T> Uni<T> run(Callable<T> work);

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
