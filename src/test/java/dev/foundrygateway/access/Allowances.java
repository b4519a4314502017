package dev.foundrygateway.access;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A budget of so many tokens a day and so much money a month, 0 for no limit. */
record Allowances(long tokensADay, double costAMonth) implements BudgetsConfig, BudgetsConfig.KeyBudgets {
    @Override
    public Allowance day() {
        return of(tokensADay, 0);
    }

    @Override
    public Allowance week() {
        return of(0, 0);
    }

    @Override
    public Allowance month() {
        return of(0, costAMonth);
    }

    @Override
    public double warnAt() {
        return 0.8;
    }

    private static Allowance of(long tokens, double cost) {
        return new Allowance() {
            @Override
            public OptionalLong tokens() {
                return tokens > 0 ? OptionalLong.of(tokens) : OptionalLong.empty();
            }

            @Override
            public OptionalDouble cost() {
                return cost > 0 ? OptionalDouble.of(cost) : OptionalDouble.empty();
            }
        };
    }
}
