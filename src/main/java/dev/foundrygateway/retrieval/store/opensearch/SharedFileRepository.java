package dev.foundrygateway.retrieval.store.opensearch;

import org.jboss.logging.Logger;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.read.UnreadableFileException;
import dev.foundrygateway.retrieval.store.FileRecord;
import dev.foundrygateway.retrieval.store.FileRepository;
import dev.foundrygateway.retrieval.store.opensearch.Answers.FileHits;
import dev.foundrygateway.retrieval.store.opensearch.Answers.FileReply;
import dev.foundrygateway.retrieval.store.opensearch.Answers.Piece;
import dev.foundrygateway.retrieval.store.opensearch.Answers.PieceReply;
import dev.foundrygateway.retrieval.store.opensearch.OpenSearchClient.Reply;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.AbstractList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Uploaded files in OpenSearch: each its content in pieces and, written last, its record. */
final class SharedFileRepository implements FileRepository {
    private static final Logger LOG = Logger.getLogger(SharedFileRepository.class);
    private static final Pattern ID = Pattern.compile("file-[0-9a-f]{24}");
    private static final int PIECE = 4 << 20;
    /** As many as OpenSearch lists in one go. */
    private static final int MOST = 10_000;

    private final OpenSearchClient client;
    private final Indices indices;

    SharedFileRepository(OpenSearchClient client, Indices indices) {
        this.client = client;
        this.indices = indices;
    }

    @Override
    public void add(FileRecord record, Path content) throws IOException {
        indices.ensure();
        int pieces = 0;
        try {
        try (InputStream in = Files.newInputStream(content)) {
            for (byte[] data = in.readNBytes(PIECE); data.length > 0; data = in.readNBytes(PIECE)) {
                kept(client.put(
                        piece(record.id(), pieces++),
                        new Piece(Base64.getEncoder().encodeToString(data))));
            }
        }
            kept(client.put(path(record.id()), new FileDocument(record, pieces)));
        } catch (IOException | GatewayException e) {
            for (int i = 0; i < pieces; i++) {
                forget(piece(record.id(), i));
            }
            throw e;
        }
    }

    private void forget(String path) {
        try {
            client.delete(path);
        } catch (GatewayException e) {
            LOG.debugf("a piece of a refused upload stays: %s", e.getMessage());
        }
    }

    private static void kept(Reply reply) {
        if (!reply.ok()) {
            throw new GatewayException(
                    ErrorCode.RETRIEVAL_UNAVAILABLE, "OpenSearch does not keep the file: " + Indices.reason(reply));
        }
    }

    private String path(String id) {
        return indices.files() + "/_doc/" + id;
    }

    private String piece(String id, int number) {
        return indices.content() + "/_doc/" + id + "-" + number;
    }

    @Override
    public Optional<FileRecord> find(String id) {
        return document(id).map(FileDocument::record);
    }

    private Optional<FileDocument> document(String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        Reply reply = client.get(path(id));
        return reply.missing()
                ? Optional.empty()
                : Optional.ofNullable(reply.as(FileReply.class).source());
    }

    @Override
    public List<FileRecord> all() {
        if (client.write(indices.files() + "/_refresh", "").missing()) {
            return List.of();
        }
        return client.post(indices.files() + "/_search", Map.of("size", MOST)).as(FileHits.class).hits().hits().stream()
                .flatMap(hit -> Optional.ofNullable(hit.source()).stream())
                .map(FileDocument::record)
                .toList();
    }

    @Override
    public void delete(String id) {
        int pieces = document(id).map(FileDocument::pieces).orElse(0);
        client.delete(path(id));
        for (int i = 0; i < pieces; i++) {
            client.delete(piece(id, i));
        }
    }

    @Override
    public InputStream content(String id) throws IOException {
        int pieces =
                document(id).map(FileDocument::pieces).orElseThrow(() -> new FileNotFoundException("the file is gone"));
        // Each piece is fetched when the one before it has been read.
        return new SequenceInputStream(Collections.enumeration(new AbstractList<InputStream>() {
            @Override
            public int size() {
                return pieces;
            }

            @Override
            public InputStream get(int number) {
                Piece data = client.get(piece(id, number)).as(PieceReply.class).source();
                if (data == null) {
                    throw new GatewayException(ErrorCode.FILE_NOT_FOUND, "the file was deleted meanwhile", "file_id");
                }
                return new ByteArrayInputStream(Base64.getDecoder().decode(data.data()));
            }
        }));
    }

    @Override
    public <T> T read(String id, Reader<T> reader) throws IOException, UnreadableFileException, InterruptedException {
        Path copy = Files.createTempFile("retrieval", ".file");
        try {
            try (InputStream in = content(id)) {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            } catch (FileNotFoundException e) {
                throw new UnreadableFileException("the file is gone");
            }
            return reader.from(copy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }
}
