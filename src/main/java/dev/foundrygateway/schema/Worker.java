package dev.foundrygateway.schema;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/** Where schemas are compiled and answers checked: neither is linear. */
@FunctionalInterface
interface Worker {
    /** Runs something elsewhere; its outcome comes back on the context that asked. */
    <T> Uni<T> run(Callable<T> work);

    static Worker of(Vertx vertx) {
        return new Worker() {
            @Override
            public <T> Uni<T> run(Callable<T> work) {
                return Uni.createFrom()
                        .emitter(emitter -> vertx.executeBlocking(work, false)
                                .onSuccess(emitter::complete)
                                .onFailure(emitter::fail));
            }
        };
    }
}
