package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.BudgetState;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.ExchangeWatch;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.Spending;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What each API key uses, and how far its budgets are used up. Keys are the configured ones. Thread-safe. */
@Singleton
public class UsageMeters implements ExchangeWatch {
    private static final String NO_KEY = "none";

    private final MeterRegistry registry;
    private final ModelFacts facts;
    private final List<Gauge> gauges = new ArrayList<>();
    private final Map<String, KeyMeters> byKey = new ConcurrentHashMap<>();

    private record KeyMeters(Counter requests, Counter input, Counter output, Counter cost) {}

    UsageMeters(MeterRegistry registry, ModelFacts facts, BudgetState.Source budgets) {
        this.registry = registry;
        this.facts = facts;
        for (BudgetState one : budgets.states()) {
            gauges.add(Gauge.builder("gateway.budget.used.ratio", budgets, source -> share(source, one))
                    .description("The part of a key's budget that is used in this period, 1 for all")
                    .tags("key", one.key(), "period", one.period(), "unit", one.unit())
                    .strongReference(true)
                    .register(registry));
        }
    }

    /** A registry outlives a live reload, and would go on asking what has ended. */
    @PreDestroy
    void removeGauges() {
        gauges.forEach(registry::remove);
    }

    private static double share(BudgetState.Source source, BudgetState of) {
        return source.states(of.key()).stream()
                .filter(state ->
                        state.period().equals(of.period()) && state.unit().equals(of.unit()))
                .mapToDouble(BudgetState::share)
                .sum();
    }

    @Override
    public void ended(Account account, ExchangeReport report) {
        if (!report.call().operation().asksModel()) {
            return;
        }
        Spending spent = account.spent(report, facts);
        String key = report.call().caller().key();
        KeyMeters meters = byKey.computeIfAbsent(key.isEmpty() ? NO_KEY : key, this::meters);
        meters.requests.increment();
        meters.input.increment((double) spent.promptTokens());
        meters.output.increment((double) spent.completionTokens());
        meters.cost.increment(spent.cost());
    }

    private KeyMeters meters(String key) {
        return new KeyMeters(
                Counter.builder("gateway.key.requests")
                        .description("Exchanges that asked a model, by API key")
                        .tag("key", key)
                        .register(registry),
                tokens(key, "input"),
                tokens(key, "output"),
                Counter.builder("gateway.key.cost")
                        .description("What a key's exchanges cost, in the currency of the prices")
                        .tag("key", key)
                        .register(registry));
    }

    private Counter tokens(String key, String type) {
        return Counter.builder("gateway.key.tokens")
                .description("Tokens that a key's exchanges used, estimated where a model server has not counted them")
                .tags("key", key, "gen_ai_token_type", type)
                .register(registry);
    }
}
