package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Reads each file on a thread of its own, which is interrupted when its time is over or nobody wants the file any more. One that does not heed that is left
 * behind; while {@value #MOST_LEFT} of them run, no other file is read. Thread-safe.
 */
public final class BoundedReading {
    private static final int MOST_LEFT = 4;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final List<Thread> left = new ArrayList<>();

    /** Reads a file. */
    @FunctionalInterface
    public interface Work<T> {
        T read() throws IOException, UnreadableFileException;
    }

    /**
     * The result of the work.
     *
     * @param allowed how long it may take
     * @param wanted asked every second whether its result is still wanted
     * @param slow run once when it has taken a second
     * @throws UnreadableFileException when it took too long
     * @throws GatewayException when too many are left behind, which is not this file's fault
     * @throws CancellationException when it is not wanted any more
     * @throws InterruptedException when the caller shall end
     */
    public <T> T within(Duration allowed, BooleanSupplier wanted, Runnable slow, Work<T> work)
            throws IOException, UnreadableFileException, InterruptedException {
        if (leftBehind() >= MOST_LEFT) {
            throw new GatewayException(
                    ErrorCode.RETRIEVAL_UNAVAILABLE,
                    "the gateway is still reading " + MOST_LEFT
                            + " other files that have no end; ask again later, or restart it");
        }
        FutureTask<T> task = new FutureTask<>(work::read);
        Thread thread = new Thread(task, "retrieval-read");
        thread.setDaemon(true);
        thread.start();
        boolean ended = false;
        try {
            T result = awaited(task, allowed, wanted, slow);
            ended = true;
            return result;
        } catch (ExecutionException e) {
            ended = true;
            throw rethrown(e.getCause() == null ? e : e.getCause());
        } finally {
            if (!ended) {
                stop(task, thread);
            }
        }
    }

    private static <T> T awaited(FutureTask<T> task, Duration allowed, BooleanSupplier wanted, Runnable slow)
            throws ExecutionException, InterruptedException, UnreadableFileException {
        long left = allowed.toNanos();
        boolean told = false;
        while (left > 0) {
            long look = Math.min(left, LOOK.toNanos());
            try {
                return task.get(look, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                left -= look;
            }
            if (!told) {
                told = true;
                slow.run();
            }
            if (!wanted.getAsBoolean()) {
                throw new CancellationException("the file is not wanted any more");
            }
        }
        throw new UnreadableFileException("reading the file took longer than " + allowed.toSeconds()
                + " s (gateway.retrieval.read-timeout and a second for each megabyte)");
    }

    private void stop(FutureTask<?> task, Thread thread) throws InterruptedException {
        task.cancel(true);
        thread.join(GRACE.toMillis());
        if (thread.isAlive()) {
            synchronized (left) {
                left.add(thread);
            }
        }
    }

    private int leftBehind() {
        synchronized (left) {
            left.removeIf(thread -> !thread.isAlive());
            return left.size();
        }
    }

    private static RuntimeException rethrown(Throwable cause) throws IOException, UnreadableFileException {
        if (cause instanceof IOException disk) {
            throw disk;
        } else if (cause instanceof UnreadableFileException unreadable) {
            throw unreadable;
        } else if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }

    /** Ends the reading of a file whose time is over: asked by the readers between their steps. */
    static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the reading was stopped");
        }
    }
}
