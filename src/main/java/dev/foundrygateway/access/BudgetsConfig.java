package dev.foundrygateway.access;

import dev.foundrygateway.exchange.Within;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** {@code gateway.access.budgets.…}: what each API key may use in a day, a week and a month, where it has no budget of its own. Unlimited by default. */
@ConfigMapping(prefix = BudgetsConfig.PREFIX)
public interface BudgetsConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.access.budgets";

    /** From midnight to midnight, in UTC. */
    Allowance day();

    /** From Monday on, in UTC. */
    Allowance week();

    /** From the first on, in UTC. */
    Allowance month();

    /** From which part of a budget on replies warn of it, by {@code X-Gateway-Budget}; 1 for never before it is used up. */
    @Within(max = 1)
    @WithDefault("0.8")
    double warnAt();

    /** One key's own budgets. */
    interface KeyBudgets {
        /** In a day; {@code gateway.access.budgets.day} where empty. */
        Allowance day();

        /** In a week; {@code gateway.access.budgets.week} where empty. */
        Allowance week();

        /** In a month; {@code gateway.access.budgets.month} where empty. */
        Allowance month();
    }

    /** What may be used in one period. */
    interface Allowance {
        /** Tokens, prompts and answers together, as the model servers count them; empty for a key: the common budget counts; empty for the common budget: unlimited. */
        @Within(min = 1)
        OptionalLong tokens();

        /**
         * What the key's requests may cost, in the currency of {@code gateway.models.<alias>.price}; empty for a key: the common budget counts; empty for the
         * common budget: unlimited. Models without a price cost nothing.
         */
        @Within(above = true)
        OptionalDouble cost();
    }
}
