package dev.foundrygateway.ledger;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.ExchangeWatch;
import dev.foundrygateway.exchange.KeyUsage;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.Spending;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jboss.logging.Logger;

/** Adds up what each exchange has used, by key, day and model. Thread-safe. */
@Singleton
public class UsageLedger implements ExchangeWatch, KeyUsage {
    /** Some 30,000 exchanges. */
    private static final long MOST_BYTES = 4 << 20;

    private static final Logger LOG = Logger.getLogger(UsageLedger.class);

    private final Map<String, NavigableMap<LocalDate, Map<String, UsageRow>>> byKey = new ConcurrentHashMap<>();
    private final ModelFacts facts;
    private final ModelNames names;
    private final InstantSource clock;
    private final int days;
    private final Optional<LedgerFiles> files;

    UsageLedger(UsageConfig config, ModelFacts facts, ModelNames names, InstantSource clock) {
        this.facts = facts;
        this.names = names;
        this.clock = clock;
        this.days = config.days();
        this.files = config.keep() ? Optional.of(open(config)) : Optional.empty();
    }

    private LedgerFiles open(UsageConfig config) {
        LedgerFiles opened =
                new LedgerFiles(config.directory(), MOST_BYTES, Duration.ofSeconds(1), clock, this::oldest);
        try {
            opened.start().forEach(this::add);
        } catch (IOException e) {
            LOG.warnf(
                    "the account of usage can't be read (%s), so budgets begin anew; mend or move its files, or set gateway.usage.directory",
                    e);
        }
        return opened;
    }

    @PreDestroy
    void close() {
        files.ifPresent(LedgerFiles::close);
    }

    @Override
    public void ended(Account account, ExchangeReport report) {
        if (!report.call().operation().asksModel()) {
            return;
        }
        Spending spent = account.spent(report, facts);
        boolean answered = report.answered() && report.status() < 400;
        if (answered || spent.tokens() > 0) {
            UsageRow row = new UsageRow(
                    today(),
                    report.call().caller().key(),
                    names.label(report.call().model()),
                    1,
                    spent);
            add(row);
            files.ifPresent(one -> one.add(row));
        }
    }

    private void add(UsageRow row) {
        NavigableMap<LocalDate, Map<String, UsageRow>> all =
                byKey.computeIfAbsent(row.key(), key -> new ConcurrentSkipListMap<>());
        Map<String, UsageRow> today = all.get(row.day());
        if (today == null) {
            all.headMap(oldest()).clear();
            today = all.computeIfAbsent(row.day(), day -> new ConcurrentHashMap<>());
        }
        today.merge(row.model(), row, UsageRow::plus);
    }

    /** The first day that is kept. */
    private LocalDate oldest() {
        return today().minusDays(days);
    }

    /** Today, in UTC. */
    LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    @Override
    public Spending since(String key, LocalDate day) {
        NavigableMap<LocalDate, Map<String, UsageRow>> all = byKey.get(key);
        Spending sum = Spending.NONE;
        if (all != null) {
            // Not what a clock that was wrong has put into the future.
            LocalDate today = today();
            LocalDate last = today.isBefore(day) ? day : today;
            for (Map<String, UsageRow> models :
                    all.subMap(day, true, last, true).values()) {
                for (UsageRow row : models.values()) {
                    sum = sum.plus(row.spent());
                }
            }
        }
        return sum;
    }

    /** The rows that a question is about, by day, key and model. */
    List<UsageRow> rows(UsageQuery query) {
        List<UsageRow> rows = new ArrayList<>();
        LocalDate oldest = oldest();
        byKey.values()
                .forEach(all -> all.tailMap(oldest)
                        .values()
                        .forEach(
                                models -> models.values().stream().filter(query).forEach(rows::add)));
        rows.sort(
                Comparator.comparing(UsageRow::day).thenComparing(UsageRow::key).thenComparing(UsageRow::model));
        return rows;
    }
}
