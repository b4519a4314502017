package dev.foundrygateway.hybrid.learn;

import dev.foundrygateway.exchange.SafeFiles;
import dev.foundrygateway.hybrid.Calibration;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * One virtual model's folder: its labels, a line for each, and its learnt calibrations, a file for each. A line or file that is damaged costs itself alone.
 * The calibration with the highest number is in use; to go back to the one before it, delete it. Thread-safe; blocks.
 */
public final class Notebook {
    private static final Logger LOG = Logger.getLogger(Notebook.class);
    private static final String OF = "of";
    private static final int MOST_LABELS = 5_000;
    /** Beyond the most, so that the file is not written anew for each label. */
    private static final int SPARE_LABELS = 500;

    private static final int MOST_CALIBRATIONS = 5;
    private static final int FIRST_REFIT = 100;
    private static final int NEXT_REFIT = 50;
    private static final Pattern CALIBRATION = Pattern.compile("calibration-(\\d{1,18})\\.json");

    private final Path folder;
    private final Path labels;
    private final Path spending;
    private final Origin origin;
    private final Consumer<String> trouble;
    private String spentDay = "";
    private long spent;
    private boolean told;
    private int count;
    private boolean opened;

    /**
     * Of what labels and calibrations are. What another pair of models, another teacher or another score taught is left out, and stays on disk as long as there is room.
     *
     * @param models who is judged, by whom and how
     * @param base the score that fits begin at, as {@link Calibration#json}
     */
    public record Origin(String models, String base) {
        /** Of whatever stands there. */
        static final Origin ANY = new Origin("", "");

        private String calibration() {
            return models.isEmpty() ? "" : models + ", from " + Integer.toHexString(base.hashCode());
        }
    }

    /** Takes whatever stands there. */
    public Notebook(Path directory, String model, Consumer<String> trouble) {
        this(directory, model, Origin.ANY, trouble);
    }

    /**
     * That of a virtual model below a directory; made when its first label comes.
     *
     * @param trouble is told what can't be read
     */
    public Notebook(Path directory, String model, Origin origin, Consumer<String> trouble) {
        this.origin = origin;
        this.folder = directory.resolve(
                URLEncoder.encode(model, StandardCharsets.UTF_8).replace(".", "%2E"));
        this.labels = folder.resolve("labels.jsonl");
        this.spending = folder.resolve("spent.json");
        this.trouble = trouble;
    }

    /** The newest learnt calibration that can be read. */
    public synchronized Optional<Refit.Learnt> newest() {
        List<Path> files;
        try {
            files = calibrations();
        } catch (IOException | UncheckedIOException e) {
            trouble.accept("the folder " + folder + " can't be listed, so no learnt calibration is used: " + e);
            return Optional.empty();
        }
        for (Path file : files) {
            try {
                Calibration calibration = Calibration.read(file);
                if (isOf(origin.calibration(), new JsonObject(Files.readString(file)))) {
                    return Optional.of(new Refit.Learnt(calibration, number(file)));
                }
            } catch (IOException | RuntimeException e) {
                trouble.accept(e.getMessage() + "; the one before it is used. Delete the file");
            }
        }
        return Optional.empty();
    }

    /** Whether that was learnt of the same models; what does not say of which, is. */
    private boolean isOf(String own, JsonObject json) {
        String other = json.getString(OF, own);
        boolean same = own.isEmpty() || other.equals(own);
        if (!same && !told) {
            told = true;
            LOG.warnf("%s has what was learnt of %s; it is left out, since now it is %s", folder, other, own);
        }
        return same;
    }

    /** The tokens that labels of that moment and later cost. */
    public synchronized long tokensSince(long millis) {
        return read().stream()
                .filter(label -> label.millis() >= millis)
                .mapToLong(Label::tokens)
                .sum();
    }

    /** The tokens that were spent on that day. */
    public synchronized long spentOn(LocalDate day) {
        long labelled = tokensSince(day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli());
        try {
            JsonObject json = Files.exists(spending) ? new JsonObject(Files.readString(spending)) : new JsonObject();
            boolean same = day.toString().equals(json.getString("day", ""));
            return Math.max(labelled, same ? json.getLong("tokens", 0L) : 0);
        } catch (IOException | RuntimeException e) {
            trouble.accept("what was spent today can't be read from " + spending + ", so labels alone count: " + e);
            return labelled;
        }
    }

    /** Keeps what was spent on that day so far: calls that gave no label cost too. */
    public synchronized void spent(LocalDate day, long tokens) {
        int order = day.toString().compareTo(spentDay);
        if (order < 0 || (order == 0 && tokens <= spent)) {
            return;
        }
        spentDay = day.toString();
        spent = tokens;
        try {
            Files.createDirectories(folder);
            SafeFiles.write(
                    spending,
                    new JsonObject().put("day", spentDay).put("tokens", tokens).encode() + "\n");
        } catch (IOException e) {
            LOG.warnf("%s can't be written, so a restart forgets what was spent: %s", spending, e);
        }
    }

    private String line(Label label) {
        JsonObject json = new JsonObject(label.line());
        return (origin.models().isEmpty() ? json : json.put(OF, origin.models())).encode() + "\n";
    }

    /**
     * Keeps a label.
     *
     * @return whether it is time to fit anew
     * @throws IOException when it can't be written
     */
    public synchronized boolean add(Label label) throws IOException {
        if (!opened) {
            count = read().size();
            Files.createDirectories(folder);
            mendEnd();
            opened = true;
        }
        Files.writeString(labels, line(label), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        count++;
        if (count > MOST_LABELS + SPARE_LABELS) {
            trim();
        }
        return count >= FIRST_REFIT && count % NEXT_REFIT == 0;
    }

    /** A line that a crash has torn is ended, so that the next one is a line of its own. */
    private void mendEnd() throws IOException {
        if (Files.exists(labels)) {
            try (FileChannel channel = FileChannel.open(labels, StandardOpenOption.READ)) {
                java.nio.ByteBuffer last = java.nio.ByteBuffer.allocate(1);
                if (channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n') {
                    Files.writeString(labels, "\n", StandardOpenOption.APPEND);
                }
            }
        }
    }

    private void trim() throws IOException {
        List<Label> all = read();
        StringBuilder text = new StringBuilder();
        all.subList(Math.max(0, all.size() - MOST_LABELS), all.size()).forEach(label -> text.append(line(label)));
        SafeFiles.write(labels, text.toString());
        count = Math.min(MOST_LABELS, all.size());
    }

    /** All labels, the oldest first. */
    public synchronized List<Label> read() {
        List<Label> all = new ArrayList<>();
        if (!Files.exists(labels)) {
            return all;
        }
        int damaged = 0;
        String text;
        try {
            // Bytes that are no text make a damaged line, and not a damaged file.
            text = new String(Files.readAllBytes(labels), StandardCharsets.UTF_8);
        } catch (IOException e) {
            trouble.accept("the labels in " + labels + " can't be read and are left out: " + e);
            return all;
        }
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (!lines[i].isBlank()) {
                try {
                    JsonObject json = new JsonObject(lines[i]);
                    if (isOf(origin.models(), json)) {
                        all.add(Label.read(json));
                    }
                } catch (RuntimeException e) {
                    damaged += i < lines.length - 1 ? 1 : 0;
                }
            }
        }
        if (damaged > 0) {
            trouble.accept(damaged + " lines of " + labels + " are not labels and are left out");
        }
        return all;
    }

    /**
     * Keeps a calibration as the newest one, and the four before it.
     *
     * @throws IOException when it can't be written
     */
    public synchronized void keep(Refit.Learnt learnt) throws IOException {
        Files.createDirectories(folder);
        JsonObject json = new JsonObject(learnt.calibration().json());
        if (!origin.models().isEmpty()) {
            json.put(OF, origin.calibration());
        }
        SafeFiles.write(folder.resolve("calibration-" + learnt.millis() + ".json"), json.encodePrettily() + "\n");
        List<Path> files = calibrations();
        for (Path old : files.subList(Math.min(MOST_CALIBRATIONS, files.size()), files.size())) {
            Files.deleteIfExists(old);
        }
    }

    /** The newest first. */
    private List<Path> calibrations() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> number(file) >= 0)
                    .sorted(Comparator.comparingLong(Notebook::number).reversed())
                    .toList();
        }
    }

    private static long number(Path file) {
        Matcher matcher = CALIBRATION.matcher(String.valueOf(file.getFileName()));
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
