package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.BudgetState;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.ExchangeWatch;
import dev.foundrygateway.exchange.LegReport;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.ModelNames;
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

/** What each API key and each model uses, and how far budgets are used up. Keys are the configured ones, models those of the closed set. Thread-safe. */
@Singleton
public class UsageMeters implements ExchangeWatch {
    private static final String NO_KEY = "none";

    private final MeterRegistry registry;
    private final ModelFacts facts;
    private final List<Gauge> gauges = new ArrayList<>();
    private final Map<String, KeyMeters> byKey = new ConcurrentHashMap<>();
    private final Map<Part, PartMeters> byPart = new ConcurrentHashMap<>();
    private final ModelNames names;

    private record KeyMeters(Counter requests, Counter input, Counter output, Counter cost) {}

    private record Part(String model, String tier) {}

    private record PartMeters(Counter input, Counter output, Counter cached, Counter reasoning, Counter cost) {}

    UsageMeters(MeterRegistry registry, ModelFacts facts, ModelNames names, BudgetState.Source budgets) {
        this.registry = registry;
        this.facts = facts;
        this.names = names;
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
        add(meters.input, (double) spent.promptTokens());
        add(meters.output, (double) spent.completionTokens());
        add(meters.cost, spent.cost());
        account.legs(report, facts).forEach(this::count);
    }

    private void count(LegReport leg) {
        PartMeters meters = byPart.computeIfAbsent(new Part(names.label(leg.model()), tier(leg.role())), this::parts);
        add(meters.input, (double) leg.usage().promptTokens());
        add(meters.output, (double) leg.usage().completionTokens());
        add(meters.cached, (double) leg.usage().cachedTokens());
        add(meters.reasoning, (double) leg.usage().reasoningTokens());
        add(meters.cost, leg.cost().orElse(0));
    }

    /** Most exchanges have no cost, nothing cached and no reasoning: a counter's way through the registries is saved. */
    private static void add(Counter counter, double amount) {
        if (amount > 0) {
            counter.increment(amount);
        }
    }

    /** A sample is the small model's, as the draft is; a verdict and a refinement are the large one's; a decision is a third model's. */
    private static String tier(String role) {
        return switch (role) {
            case "direct" -> "none";
            case "draft", "sample" -> "draft";
            case "decision" -> "decision";
            default -> "escalation";
        };
    }

    private PartMeters parts(Part part) {
        return new PartMeters(
                tokens(part, "input"),
                tokens(part, "output"),
                tokens(part, "cached"),
                tokens(part, "reasoning"),
                Counter.builder("gateway.model.cost")
                        .description("What a model's parts of answers cost, in the currency of the prices")
                        .tags("gen_ai_response_model", part.model(), "tier", part.tier())
                        .register(registry));
    }

    private Counter tokens(Part part, String type) {
        return Counter.builder("gateway.model.tokens")
                .description(
                        "Tokens of a model's parts of answers; cached ones are among the input, reasoning among the output")
                .tags("gen_ai_response_model", part.model(), "tier", part.tier(), "gen_ai_token_type", type)
                .register(registry);
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
