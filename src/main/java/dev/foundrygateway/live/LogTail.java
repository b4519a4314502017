package dev.foundrygateway.live;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** The last lines of the log, for those who can't look at the console. Thread-safe. */
@Singleton
public class LogTail {
    private static final int MOST_LINES = 1_000;
    private static final int LONGEST = 2_000;

    private final Tail tail = new Tail();

    /**
     * One line.
     *
     * @param millis when, since 1970
     * @param level such as {@code WARN}
     * @param logger who says it
     * @param message what, cut
     */
    private record Line(long millis, String level, String logger, String message) {
        JsonObject json() {
            return new JsonObject()
                    .put("at", millis / 1e3)
                    .put("level", level)
                    .put("logger", logger)
                    .put("message", message);
        }
    }

    /** Keeps what is logged. */
    private static final class Tail extends Handler {
        /** The message alone. Java's own formatter knows nothing of the printf style that most of ours have. */
        private final Formatter words = new PatternFormatter("%s");

        private final Deque<Line> lines = new ArrayDeque<>();
        private long count;

        @Override
        public void publish(LogRecord entry) {
            String message = words.format(entry);
            if (entry.getThrown() != null) {
                message += ": " + entry.getThrown();
            }
            Line line = new Line(
                    entry.getMillis(),
                    String.valueOf(entry.getLevel()),
                    String.valueOf(entry.getLoggerName()),
                    Contents.cut(message, LONGEST));
            synchronized (lines) {
                count++;
                lines.addLast(line);
                if (lines.size() > MOST_LINES) {
                    lines.removeFirst();
                }
            }
        }

        JsonObject since(long seen) {
            JsonArray told = new JsonArray();
            synchronized (lines) {
                long number = count - lines.size();
                for (Line line : lines) {
                    if (number++ >= seen) {
                        told.add(line.json());
                    }
                }
                return new JsonObject()
                        .put("object", "gateway.log")
                        .put("next", count)
                        .put("lines", told);
            }
        }

        @Override
        public void flush() {
            // Nothing waits.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    void start(@Observes StartupEvent event) {
        Logger.getLogger("").addHandler(tail);
    }

    @PreDestroy
    void stop() {
        Logger.getLogger("").removeHandler(tail);
    }

    /**
     * The last thousand lines, the oldest first, and {@code next}, from where one goes on.
     *
     * @param seen leaves out so many of the first since the start
     */
    public JsonObject since(long seen) {
        return tail.since(seen);
    }
}
