package dev.foundrygateway.access;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of something is allowed in a minute, filled again evenly: the generic cell rate algorithm, whose whole state is the moment at which it will be
 * full again. A minute's worth may be taken at once. Thread-safe, without locks.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm">Generic cell rate algorithm</a>
 */
final class Rate {
    /** No limit. */
    static final Rate UNLIMITED = new Rate(0);

    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final int perMinute;
    private final AtomicLong fullAt = new AtomicLong(Long.MIN_VALUE);

    private Rate(int perMinute) {
        this.perMinute = perMinute;
    }

    /** So many a minute, from 1. */
    static Rate perMinute(int limit) {
        return new Rate(limit);
    }

    boolean limited() {
        return perMinute > 0;
    }

    /** How many a minute. */
    int limit() {
        return perMinute;
    }

    /** Takes one if there is one. */
    boolean take(long now) {
        return reserve(1, now);
    }

    /** Takes so many if they are there, all or none. */
    boolean reserve(long count, long now) {
        if (!limited()) {
            return true;
        }
        long wanted = cost(count);
        long before = fullAt.getAndUpdate(full -> {
            long after = Math.max(full, now) + wanted;
            return after - now <= MINUTE_NANOS ? after : full;
        });
        return Math.max(before, now) + wanted - now <= MINUTE_NANOS;
    }

    /** Makes a reservation good: what was not used is given back, what was used beyond it is taken, be it there or not. */
    void settle(long reserved, long used, long now) {
        if (limited()) {
            if (used > reserved) {
                charge(used - reserved, now);
            } else {
                fullAt.updateAndGet(full -> full == Long.MIN_VALUE ? full : full - cost(reserved - used));
            }
        }
    }

    /**
     * Takes so many that have been used already, be they there or not: what is missing is waited for, but never more than a minute's worth, so that a wrong
     * guess locks nobody out for long.
     */
    void charge(long count, long now) {
        if (limited()) {
            long taken = cost(Math.min(count, 2L * perMinute));
            fullAt.updateAndGet(full -> Math.min(Math.max(full, now) + taken, now + 2 * MINUTE_NANOS));
        }
    }

    /** How many are left. */
    long remaining(long now) {
        return Math.max(0, Math.min(perMinute, (MINUTE_NANOS - untilFull(now)) / cost(1)));
    }

    /** In how many nanoseconds one will be there; zero if there is one. */
    long untilOne(long now) {
        return until(1, now);
    }

    /** In how many nanoseconds so many will be there; zero if they are. */
    long until(long count, long now) {
        return Math.max(0, untilFull(now) + cost(count) - MINUTE_NANOS);
    }

    /** In how many nanoseconds it will be full. */
    long untilFull(long now) {
        return Math.max(0, Math.max(fullAt.get(), now) - now);
    }

    private long cost(long count) {
        return count * (MINUTE_NANOS / perMinute);
    }

    /** A wait in whole seconds, as {@code Retry-After} says it; 1 at least. */
    static long seconds(long nanos) {
        return Math.max(1, (nanos + 999_999_999) / 1_000_000_000);
    }
}
