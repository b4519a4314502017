package dev.foundrygateway.hybrid.learn;

import dev.foundrygateway.exchange.SafeFiles;
import dev.foundrygateway.hybrid.Calibration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One virtual model's folder: its labels, a line for each, and its learnt calibrations, a file for each. A line or file that is damaged costs itself alone.
 * The calibration with the highest number is in use; to go back to the one before it, delete it. Thread-safe; blocks.
 */
public final class Notebook {
    private static final int MOST_LABELS = 5_000;
    /** Beyond the most, so that the file is not written anew for each label. */
    private static final int SPARE_LABELS = 500;

    private static final int MOST_CALIBRATIONS = 5;
    private static final int FIRST_REFIT = 100;
    private static final int NEXT_REFIT = 50;
    private static final Pattern CALIBRATION = Pattern.compile("calibration-(\\d{1,18})\\.json");

    private final Path folder;
    private final Path labels;
    private final Consumer<String> trouble;
    private int count;
    private boolean opened;

    /**
     * That of a virtual model below a directory; made when its first label comes.
     *
     * @param trouble is told what can't be read
     */
    public Notebook(Path directory, String model, Consumer<String> trouble) {
        this.folder = directory.resolve(
                URLEncoder.encode(model, StandardCharsets.UTF_8).replace(".", "%2E"));
        this.labels = folder.resolve("labels.jsonl");
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
                return Optional.of(new Refit.Learnt(Calibration.read(file), number(file)));
            } catch (IllegalArgumentException e) {
                trouble.accept(e.getMessage() + "; the one before it is used. Delete the file");
            }
        }
        return Optional.empty();
    }

    /** The tokens that labels of that moment and later cost. */
    public synchronized long tokensSince(long millis) {
        return read().stream()
                .filter(label -> label.millis() >= millis)
                .mapToLong(Label::tokens)
                .sum();
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
        Files.writeString(labels, label.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
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
        all.subList(Math.max(0, all.size() - MOST_LABELS), all.size())
                .forEach(label -> text.append(label.line()).append('\n'));
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
                    all.add(Label.read(lines[i]));
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
        SafeFiles.write(
                folder.resolve("calibration-" + learnt.millis() + ".json"),
                learnt.calibration().json());
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
