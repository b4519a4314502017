package dev.foundrygateway.access;

import dev.foundrygateway.access.BudgetsConfig.Allowance;
import dev.foundrygateway.exchange.BudgetState;
import dev.foundrygateway.exchange.KeyUsage;
import dev.foundrygateway.exchange.Spending;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What one key may use in a day, a week and a month. What calls under way may use at most is reserved; what they have used is counted elsewhere, by {@link KeyUsage},
 * and before the reservation is given back. Thread-safe, without locks.
 */
final class Budget {
    /** A limit of tokens, or of money. */
    private record Limit(BudgetPeriod period, boolean money, double most) {
        String unit() {
            return money ? "cost" : "tokens";
        }

        double of(Spending spent) {
            return money ? spent.cost() : spent.tokens();
        }
    }

    private final String key;
    private final List<Limit> limits = new ArrayList<>();
    private final KeyUsage usage;
    private final InstantSource clock;
    private final AtomicReference<Spending> reserved = new AtomicReference<>(Spending.NONE);

    Budget(String key, KeyUsage usage, InstantSource clock) {
        this.key = key;
        this.usage = usage;
        this.clock = clock;
    }

    /** Adds a period's limits, the key's own before the common ones. */
    Budget with(BudgetPeriod period, Allowance own, Allowance common) {
        OptionalLong tokens = own.tokens().isPresent() ? own.tokens() : common.tokens();
        OptionalDouble cost = own.cost().isPresent() ? own.cost() : common.cost();
        tokens.ifPresent(most -> limits.add(new Limit(period, false, most)));
        cost.ifPresent(most -> limits.add(new Limit(period, true, most)));
        return this;
    }

    boolean limited() {
        return !limits.isEmpty();
    }

    /** How many tokens one call may still reserve. */
    long tokensLeft() {
        LocalDate today = today();
        double left = Long.MAX_VALUE;
        for (Limit limit : limits) {
            if (!limit.money()) {
                left = Math.min(left, limit.most() - used(limit, today) - limit.of(reserved()));
            }
        }
        return Math.max(0, (long) left);
    }

    /** Reserves so much where all limits have it left, or tells the one that has not. */
    Optional<BudgetState> reserve(Spending most) {
        LocalDate today = today();
        while (true) {
            Spending before = reserved();
            Spending after = before.plus(most);
            Optional<BudgetState> taken = Optional.empty();
            for (Limit limit : limits) {
                double used = used(limit, today);
                // What is used up stays so; what is only reserved comes back.
                if (used + limit.of(most) > limit.most()) {
                    return Optional.of(state(limit, today));
                }
                if (taken.isEmpty() && used + limit.of(after) > limit.most()) {
                    taken = Optional.of(state(limit, today));
                }
            }
            if (taken.isPresent()) {
                return taken;
            }
            if (reserved.compareAndSet(before, after)) {
                return Optional.empty();
            }
        }
    }

    /** Gives a reservation back. */
    void release(Spending most) {
        reserved.updateAndGet(all -> all.minus(most));
    }

    /** All limits as they stand. */
    List<BudgetState> states() {
        LocalDate today = today();
        return limits.stream().map(limit -> state(limit, today)).toList();
    }

    private BudgetState state(Limit limit, LocalDate today) {
        return new BudgetState(
                key,
                limit.period().label(),
                limit.unit(),
                limit.most(),
                used(limit, today),
                limit.period().first(today).atStartOfDay(ZoneOffset.UTC).toInstant(),
                limit.period().next(today).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    private Spending reserved() {
        return Objects.requireNonNull(reserved.get());
    }

    private double used(Limit limit, LocalDate today) {
        return limit.of(usage.since(key, limit.period().first(today)));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
