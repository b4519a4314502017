package dev.foundrygateway.retrieval;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.read.BoundedReading;
import dev.foundrygateway.retrieval.read.DocumentReader;
import dev.foundrygateway.retrieval.read.Extraction;
import dev.foundrygateway.retrieval.read.UnreadableFileException;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CancellationException;

/** Reads files that come with a request, in the time that the request has. Thread-safe; for worker threads. */
final class FileReading {
    /** A call's own deadline ends it sooner. */
    private static final Duration READING = Duration.ofSeconds(30);

    private final DocumentReader reader;
    private final BoundedReading reading = new BoundedReading();

    /**
     * Reads files.
     *
     * @param maxLength the most characters that one may give
     */
    FileReading(int maxLength) {
        this.reader = new DocumentReader(maxLength);
    }

    /** The bytes that base64 stands for, alone or behind the head of a {@code data:} address. */
    static byte[] bytes(String data, String field) {
        int head = data.startsWith("data:") ? data.indexOf(',') + 1 : 0;
        try {
            return Base64.getMimeDecoder().decode(data.substring(head));
        } catch (IllegalArgumentException e) {
            throw new GatewayException(ErrorCode.INVALID_REQUEST, field + " is not base64", field);
        }
    }

    Extraction read(byte[] file, String name, String field, Deadline deadline) throws IOException {
        try {
            return reading.within(READING, () -> !deadline.isOver(), () -> {}, () -> reader.read(file, name));
        } catch (UnreadableFileException e) {
            throw new GatewayException(ErrorCode.INVALID_REQUEST, field + ": " + e.getMessage(), field);
        } catch (CancellationException e) {
            deadline.check();
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GatewayException(ErrorCode.RETRIEVAL_UNAVAILABLE, "the gateway is ending");
        }
    }
}
