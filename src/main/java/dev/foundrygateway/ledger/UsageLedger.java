package dev.foundrygateway.ledger;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.ExchangeWatch;
import dev.foundrygateway.exchange.KeyUsage;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.SharedUsage;
import dev.foundrygateway.exchange.Spending;
import dev.foundrygateway.exchange.Troubles;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Adds up what each exchange has used, by key, day and model. Thread-safe. */
@Singleton
public class UsageLedger implements ExchangeWatch, KeyUsage {
    /** Some 30,000 exchanges. */
    private static final long MOST_BYTES = 4 << 20;

    private static final Logger LOG = Logger.getLogger(UsageLedger.class);

    private final Sums own = new Sums();
    private final ModelFacts facts;
    private final ModelNames names;
    private final InstantSource clock;
    private final int days;
    private final Optional<LedgerFiles> files;
    private final Optional<SharedSums> shared;
    private boolean readable = true;

    UsageLedger(
            UsageConfig config,
            ModelFacts facts,
            ModelNames names,
            InstantSource clock,
            SharedUsage.Shared among,
            Troubles troubles) {
        this.facts = facts;
        this.names = names;
        this.clock = clock;
        this.days = config.days();
        this.files = config.keep() ? Optional.of(open(config, troubles)) : Optional.empty();
        this.shared = among.usage()
                .map(store -> new SharedSums(
                        store,
                        // One that can't read its own account begins anew under another name: what it has told stays
                        // told.
                        config.keep() && readable ? LedgerFiles.id(config.directory()) : LedgerFiles.newId(),
                        own,
                        this::oldest,
                        this::today,
                        troubles));
        shared.ifPresent(sums -> sums.start(config.shareEvery()));
    }

    private LedgerFiles open(UsageConfig config, Troubles troubles) {
        LedgerFiles opened =
                new LedgerFiles(config.directory(), MOST_BYTES, Duration.ofSeconds(1), clock, this::oldest, troubles);
        try {
            opened.start().forEach(row -> own.add(row, oldest()));
        } catch (IOException e) {
            readable = false;
            troubles.passing(LOG, "earlier usage")
                    .began(
                            "the account of usage can't be read, so budgets begin anew; mend or move its files, or set gateway.usage.directory",
                            e);
        }
        return opened;
    }

    @PreDestroy
    void close() {
        shared.ifPresent(SharedSums::close);
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
            own.add(row, oldest());
            shared.ifPresent(sums -> sums.counted(row.day()));
            files.ifPresent(one -> one.add(row));
        }
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
        // Not what a clock that was wrong has put into the future.
        LocalDate today = today();
        LocalDate last = today.isBefore(day) ? day : today;
        Spending mine = own.of(key, day, last);
        return shared.isPresent() ? mine.plus(shared.get().others().of(key, day, last)) : mine;
    }

    /** The rows that a question is about, of all gateways, by day, key and model. */
    List<UsageRow> rows(UsageQuery query) {
        Map<UsageRow.Cell, UsageRow> rows = new HashMap<>();
        Stream.concat(Stream.of(own), shared.map(SharedSums::others).stream())
                .flatMap(sums -> sums.rows(oldest(), LocalDate.MAX))
                .filter(query)
                .forEach(row -> rows.merge(row.cell(), row, UsageRow::plus));
        return rows.values().stream()
                .sorted(Comparator.comparing(UsageRow::day)
                        .thenComparing(UsageRow::key)
                        .thenComparing(UsageRow::model))
                .toList();
    }
}
