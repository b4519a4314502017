package dev.foundrygateway.edge;

import dev.foundrygateway.access.AccessConfig;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes of request bodies that are held at a time, bounded over all requests. Thread-safe. */
@Singleton
public class BodyMemory {
    private static final int PART_OF_HEAP = 4;

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    @Inject
    BodyMemory(AccessConfig config) {
        this(config.bodiesLimit()
                .map(MemorySize::asLongValue)
                .orElseGet(() -> Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
    }

    BodyMemory(long limit) {
        this.limit = limit;
    }

    /** How many bytes may be held. */
    long limit() {
        return limit;
    }

    /** How many bytes are held. */
    long held() {
        return held.get();
    }

    Lease lease() {
        return new Lease();
    }

    /** What one body holds. Confined to one thread at a time; closing it twice does nothing more. */
    final class Lease implements AutoCloseable {
        private long mine;

        /**
         * Takes more, if there is room or nobody else holds anything.
         *
         * @return whether it was taken
         */
        boolean take(long bytes) {
            long now = held.addAndGet(bytes);
            if (now > limit && now - bytes > mine) {
                held.addAndGet(-bytes);
                return false;
            }
            mine += bytes;
            return true;
        }

        /** Gives some of it back. */
        void give(long bytes) {
            mine -= bytes;
            held.addAndGet(-bytes);
        }

        @Override
        public void close() {
            give(mine);
        }
    }
}
