package dev.foundrygateway.retrieval;

import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Worker;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.NamedIds;
import dev.foundrygateway.openai.json.BytePattern;
import dev.foundrygateway.retrieval.read.FileKind;
import dev.foundrygateway.retrieval.read.Section;
import dev.foundrygateway.retrieval.store.Authority;
import dev.foundrygateway.retrieval.store.FileRecord;
import dev.foundrygateway.retrieval.store.UploadedFiles;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files that requests in other protocols bring along or name: a document of Messages, an {@code input_file} of Responses. The model reads their whole text, within the limits of a
 * request's own documents. Thread-safe.
 */
@Singleton
public class RequestFiles {
    /** The largest stored file that is read into a request, in bytes. */
    private static final int MOST_BYTES = 32 << 20;

    private static final Map<String, String> ENDINGS = Map.of(
            "application/pdf", "pdf",
            "text/plain", "txt",
            "text/markdown", "md",
            "text/html", "html",
            "text/csv", "csv",
            "application/json", "json",
            "application/rtf", "rtf",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx");

    /** What is said of an id that names no file of the caller's. */
    private static final Set<ErrorCode> UNKNOWN = EnumSet.of(ErrorCode.FILE_NOT_FOUND, ErrorCode.INVALID_REQUEST);

    /** One of them stands in every request that has such a file, and in few others; letters may be written as escapes. */
    private static final BytePattern[] MARKS = Stream.of("\"input_file\"", "\"document\"", "\\u00")
            .map(mark -> new BytePattern(mark.getBytes(StandardCharsets.US_ASCII)))
            .toArray(BytePattern[]::new);

    private final UploadedFiles uploaded;
    private final NanoClock clock;
    private final FileReading reading;
    private final Duration time;
    private final int maxLength;
    private final int maxFiles;

    RequestFiles(RetrievalConfig config, UploadedFiles uploaded, NanoClock clock) {
        this.uploaded = uploaded;
        this.clock = clock;
        this.reading = new FileReading(config.maxDocumentsLength());
        this.time = config.searchTimeout();
        this.maxLength = config.maxDocumentsLength();
        this.maxFiles = config.maxDocuments();
    }

    /** Whether a request may have a file, so that it is not read on an event loop, however short it is. Of a long one that is not looked for. */
    public static boolean mayBeIn(Buffer body) {
        if (body.length() > Worker.LITTLE) {
            return true;
        }
        return Stream.of(MARKS).anyMatch(mark -> mark.isIn(body));
    }

    /**
     * Whether a Responses request names a file of {@code /v1/files} that the caller sees: no model server knows it. For worker threads.
     *
     * @throws GatewayException when the files can't be read now
     */
    public boolean areNamedIn(ChatRequest request, Caller caller) {
        return caller.trust().opensStores()
                && NamedIds.ofResponses(request).stream()
                        .filter(named ->
                                named.what().equals("file_id") && named.param().startsWith("input"))
                        .map(NamedIds.Named::id)
                        .distinct()
                        .anyMatch(id -> isSeen(id, caller));
    }

    private boolean isSeen(String id, Caller caller) {
        try {
            uploaded.get(id, caller);
            return true;
        } catch (GatewayException e) {
            if (UNKNOWN.contains(e.code())) {
                return false;
            }
            throw e;
        }
    }

    /** Those of one request, from now on. */
    public Reading of(Caller caller) {
        return new Reading(caller, new Deadline(clock, time));
    }

    /** The files of one request: bounded in number, time, and characters together. */
    public final class Reading implements AttachedFiles {
        private final Caller caller;
        private final Deadline deadline;
        private long length;
        private int files;

        private Reading(Caller caller, Deadline deadline) {
            this.caller = caller;
            this.deadline = deadline;
        }

        /** The client has left: what is being read ends. */
        public void cancel() {
            deadline.cancel();
        }

        @Override
        public String text(String data, String name, String mediaType, String field) {
            return read(FileReading.bytes(data, field), called(data, name, mediaType, field), field);
        }

        @Override
        public String stored(String id, String field) {
            Authority.check(caller);
            FileRecord file;
            try {
                file = uploaded.get(id, caller);
            } catch (GatewayException unknown) {
                if (!UNKNOWN.contains(unknown.code())) {
                    throw unknown;
                }
                throw new GatewayException(
                        ErrorCode.INVALID_REQUEST,
                        field + " names no file that is here: " + unknown.getMessage(),
                        field);
            }
            if (file.bytes() > MOST_BYTES) {
                throw new GatewayException(
                        ErrorCode.BODY_TOO_LARGE,
                        field + " names a file of more than " + MOST_BYTES + " bytes; add it to a vector store",
                        field);
            }
            try (InputStream content = uploaded.content(file.id())) {
                return PromptText.line(file.filename()) + "\n"
                        + read(content.readNBytes(MOST_BYTES), file.filename(), field);
            } catch (IOException e) {
                throw unreadable(field);
            }
        }

        /** The name with an ending that tells its kind, where one is known: {@code Contract v1.2} has none. */
        private static String called(String data, String name, String mediaType, String field) {
            if (FileKind.isKnown(name)) {
                return name;
            }
            int end = data.startsWith("data:") ? data.indexOf(';') : -1;
            String type = !mediaType.isEmpty() || end < 0 ? mediaType : data.substring("data:".length(), end);
            String ending = ENDINGS.get(type);
            if (name.contains(".")) {
                return ending == null ? name : name + "." + ending;
            }
            if (ending == null) {
                throw new GatewayException(
                        ErrorCode.INVALID_REQUEST,
                        field + " is of a type that is not read; name it with its ending, or send one of "
                                + String.join(
                                        ", ", ENDINGS.keySet().stream().sorted().toList()),
                        field);
            }
            return "file." + ending;
        }

        private String read(byte[] file, String name, String field) {
            deadline.check();
            if (++files > maxFiles) {
                throw new GatewayException(
                        ErrorCode.INVALID_REQUEST,
                        field + " is one file too many (gateway.retrieval.max-documents is " + maxFiles + ")",
                        field);
            }
            StringBuilder text = new StringBuilder();
            try {
                String heading = "";
                for (Section section : reading.read(file, name, field, deadline).sections()) {
                    text.append(text.isEmpty() ? "" : "\n\n");
                    if (!section.heading().isEmpty() && !section.heading().equals(heading)) {
                        text.append(section.heading()).append('\n');
                    }
                    heading = section.heading();
                    text.append(section.text());
                }
            } catch (IOException e) {
                throw unreadable(field);
            }
            length += text.length();
            if (length > maxLength) {
                throw new GatewayException(
                        ErrorCode.BODY_TOO_LARGE,
                        field + ": the request's files have more than " + maxLength
                                + " characters together (gateway.retrieval.max-documents-length); use a vector store",
                        field);
            }
            return PromptText.clean(text.toString());
        }

        @Override
        public String harmless(String text) {
            return PromptText.clean(text);
        }

        private GatewayException unreadable(String field) {
            return new GatewayException(
                    ErrorCode.RETRIEVAL_UNAVAILABLE, field + ": the disk failed while it was read; try again", field);
        }
    }
}
