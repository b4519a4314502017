package dev.foundrygateway.ledger;

import dev.foundrygateway.exchange.LineLog;
import dev.foundrygateway.exchange.SafeFiles;
import dev.foundrygateway.exchange.Troubles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The account on disk: a line for each exchange that has ended, so that a program that is killed loses only what was under way. When a file has grown or is a
 * day old the next one is begun, and {@code usage-N.sums}, with one line for each day, key and model, takes the place of all files before
 * {@code usage-N.jsonl}. Thread-safe.
 */
final class LedgerFiles implements LineLog.Owner {
    private static final Logger LOG = Logger.getLogger(LedgerFiles.class);
    private static final Pattern SUMS = Pattern.compile("usage-(\\d{1,9})\\.sums");

    private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");

    private final Path folder;
    private final LineLog log;
    private final Supplier<LocalDate> oldest;
    private final Map<UsageRow.Cell, UsageRow> unsaved = new ConcurrentHashMap<>();
    private final Troubles.Passing unwritable;

    /**
     * Files that may be there.
     *
     * @param mostBytes how large one grows before the next is begun
     * @param every how often they are forced to the disk and looked after
     * @param oldest the first day that is kept, as things stand
     */
    LedgerFiles(
            Path folder,
            long mostBytes,
            Duration every,
            InstantSource clock,
            Supplier<LocalDate> oldest,
            Troubles troubles) {
        this.folder = folder;
        this.unwritable = troubles.passing(LOG, "account of usage");
        this.oldest = oldest;
        this.log = new LineLog(folder, "usage", new LineLog.Bounds(mostBytes, Duration.ofDays(1), every), clock, this);
    }

    /** The id of the account in that folder, made when it is first asked for: its sums are told under it, before a restart and after. */
    static String id(Path folder) {
        Path file = folder.resolve("usage.id");
        try {
            if (Files.exists(file)) {
                String known = Files.readString(file).strip();
                if (ID.matcher(known).matches()) {
                    return known;
                }
            }
            String made = newId();
            Files.createDirectories(folder);
            SafeFiles.write(file, made + "\n");
            return made;
        } catch (IOException e) {
            LOG.warnf(
                    "%s can't be read or written (%s): after a restart the other gateways may count this one's usage twice; make gateway.usage.directory writable",
                    file, e);
            return newId();
        }
    }

    /** One that no other account has. */
    static String newId() {
        return UUID.randomUUID().toString();
    }

    /** Reads what is there and is ready for more; a line that is torn or is none is left out. To be called once. */
    List<UsageRow> start() throws IOException {
        Map<UsageRow.Cell, UsageRow> rows = new HashMap<>();
        int from = 0;
        try {
            from = newestSums();
            for (int n : log.numbers()) {
                if (n >= from) {
                    read(log.file(n), rows);
                }
            }
            if (from > 0) {
                read(sums(from), rows);
            }
        } finally {
            log.start(from);
        }
        return new ArrayList<>(rows.values());
    }

    /** Adds a line; it is in the system's hands when this returns. */
    void add(UsageRow row) {
        if (unwritable.present()) {
            unsaved.merge(row.cell(), row, UsageRow::plus);
            return;
        }
        try {
            log.add(row.line());
        } catch (IOException e) {
            failed(e);
            unsaved.merge(row.cell(), row, UsageRow::plus);
        }
    }

    @Override
    public void tick() throws IOException {
        if (unsaved.isEmpty()) {
            return;
        }
        for (UsageRow.Cell cell : List.copyOf(unsaved.keySet())) {
            UsageRow row = unsaved.remove(cell);
            if (row != null) {
                try {
                    log.add(row.line());
                } catch (IOException e) {
                    unsaved.merge(cell, row, UsageRow::plus);
                    throw e;
                }
            }
        }
        unwritable.over("the account of usage in " + folder + " is written again");
    }

    /** Writes the sums of all files before that one. */
    @Override
    public void rolled(int first) throws IOException {
        Map<UsageRow.Cell, UsageRow> all = new HashMap<>();
        int from = newestSums();
        if (from > 0) {
            read(sums(from), all);
        }
        for (int n : log.numbers()) {
            if (n >= from && n < first) {
                read(log.file(n), all);
            }
        }
        StringBuilder text = new StringBuilder();
        all.values().forEach(row -> text.append(row.line()).append('\n'));
        SafeFiles.write(sums(first), text.toString());
        // From here on those before it are not read any more.
        for (int n : log.numbers()) {
            if (n < first) {
                Files.deleteIfExists(log.file(n));
            }
        }
        for (int n : LineLog.numbers(folder, SUMS)) {
            if (n < first) {
                Files.deleteIfExists(sums(n));
            }
        }
    }

    /** Forces what was written, and ends. */
    void close() {
        log.close();
    }

    private void read(Path path, Map<UsageRow.Cell, UsageRow> sums) throws IOException {
        LocalDate first = oldest.get();
        LineLog.read(path, "account of usage", line -> {
            UsageRow row = UsageRow.of(line);
            if (!row.day().isBefore(first)) {
                sums.merge(row.cell(), row, UsageRow::plus);
            }
        });
    }

    private Path sums(int n) {
        return folder.resolve("usage-" + n + ".sums");
    }

    /** The number of the newest sums; 0 if there are none. */
    private int newestSums() throws IOException {
        return LineLog.numbers(folder, SUMS).stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }

    @Override
    public void failed(Throwable cause) {
        unwritable.began(
                "the account of usage can't be written to " + folder
                        + ": it is kept in memory until it can; free the disk, or set gateway.usage.directory",
                cause);
    }
}
