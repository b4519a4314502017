package dev.foundrygateway.access;

import dev.foundrygateway.exchange.BudgetState;
import dev.foundrygateway.exchange.KeyUsage;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The budgets of all keys. Thread-safe. */
@Singleton
public class Budgets implements BudgetState.Source {
    private final Map<String, Budget> byKey = new LinkedHashMap<>();
    private final double warnAt;

    /**
     * Those of these settings.
     *
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    Budgets(ApiKeysConfig keys, BudgetsConfig common, KeyUsage usage, InstantSource clock) {
        warnAt = common.warnAt();
        keys.byName().forEach((name, key) -> {
            BudgetsConfig.KeyBudgets own = key.budgets();
            Budget budget = new Budget(name, usage, clock)
                    .with(BudgetPeriod.DAY, own.day(), common.day())
                    .with(BudgetPeriod.WEEK, own.week(), common.week())
                    .with(BudgetPeriod.MONTH, own.month(), common.month());
            if (budget.limited()) {
                byKey.put(name, budget);
            }
        });
        boolean any = new Budget("", usage, clock)
                .with(BudgetPeriod.DAY, common.day(), common.day())
                .with(BudgetPeriod.WEEK, common.week(), common.week())
                .with(BudgetPeriod.MONTH, common.month(), common.month())
                .limited();
        if (any && keys.byName().isEmpty()) {
            throw new IllegalArgumentException(
                    BudgetsConfig.PREFIX + " counts by key: it needs " + ApiKeysConfig.PREFIX + ".<name>.sha256");
        }
    }

    /** Whether any key has a budget. */
    public boolean any() {
        return !byKey.isEmpty();
    }

    /** The budget of the key of that name; empty where nothing limits it. */
    Optional<Budget> of(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    @Override
    public List<BudgetState> states() {
        return byKey.values().stream()
                .flatMap(budget -> budget.states().stream())
                .toList();
    }

    @Override
    public List<BudgetState> states(String key) {
        return of(key).map(Budget::states).orElse(List.of());
    }

    /** The value of {@code X-Gateway-Budget} for a key: of its limits the one that is used up most, if that is as much as to be warned of. */
    public Optional<String> warning(String key) {
        return of(key).flatMap(budget -> budget.states().stream().max(Comparator.comparingDouble(BudgetState::share)))
                .filter(state -> state.share() >= warnAt)
                .map(state -> "period=" + state.period() + "; unit=" + state.unit() + "; used=" + number(state.used())
                        + "; limit=" + number(state.limit()) + "; reset=" + state.until());
    }

    /** Of tokens or money, to a millionth and without an exponent. */
    public static String number(double value) {
        BigDecimal rounded = new BigDecimal(value).setScale(6, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
