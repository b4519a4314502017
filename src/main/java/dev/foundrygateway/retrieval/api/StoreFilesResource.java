package dev.foundrygateway.retrieval.api;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.api.Views.BatchView;
import dev.foundrygateway.retrieval.api.Views.Content;
import dev.foundrygateway.retrieval.api.Views.Deleted;
import dev.foundrygateway.retrieval.api.Views.ResultPage;
import dev.foundrygateway.retrieval.api.Views.StoreFileView;
import dev.foundrygateway.retrieval.store.StoreFile;
import dev.foundrygateway.retrieval.store.StoreRecord;
import dev.foundrygateway.retrieval.store.StoreRecord.Batch;
import dev.foundrygateway.retrieval.store.UploadedFiles;
import dev.foundrygateway.retrieval.store.VectorStores;
import dev.foundrygateway.retrieval.store.VectorStores.Addition;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * The files of vector stores, one by one and in batches.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/vector-stores-files">Vector store files</a>
 */
@Path("/v1/vector_stores/{store}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class StoreFilesResource {
    private static final Bodies.Files NOTHING = new Bodies.Files(null, null, null, null, null);

    private final VectorStores stores;
    private final UploadedFiles uploads;
    private final Caller.Current callers;

    StoreFilesResource(VectorStores stores, UploadedFiles uploads, Caller.Current callers) {
        this.stores = stores;
        this.uploads = uploads;
        this.callers = callers;
    }

    /** Adds a file; its ingest goes on behind the reply. */
    @POST
    @Path("/files")
    public StoreFileView add(@RestPath String store, Bodies.@Nullable Files body) {
        Bodies.Files wanted = body == null ? NOTHING : body;
        Caller caller = callers.get();
        stores.own(store, caller);
        var addition = wanted.one();
        uploads.get(addition.fileId(), caller);
        return StoreFileView.of(store, stores.add(store, List.of(addition)).file(addition.fileId()));
    }

    /** Lists the files. */
    @GET
    @Path("/files")
    public Page<StoreFileView> list(
            @RestPath String store,
            @RestQuery @Nullable String filter,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String order,
            @RestQuery @Nullable String after,
            @RestQuery @Nullable String before) {
        return page(store, List.copyOf(seen(store).files().values()), filter, limit, order, after, before);
    }

    /** Describes a file of the store. */
    @GET
    @Path("/files/{file}")
    public StoreFileView get(@RestPath String store, @RestPath String file) {
        return StoreFileView.of(store, seen(store).file(file));
    }

    /** A file's text, a part for each of its sections; a client that leaves ends the reading. */
    @GET
    @Path("/files/{file}/content")
    public Uni<ResultPage<Content>> content(@RestPath String store, @RestPath String file) {
        seen(store);
        AtomicBoolean left = new AtomicBoolean();
        return Uni.createFrom()
                .item(() -> content(store, file, left))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onCancellation()
                .invoke(() -> left.set(true));
    }

    private ResultPage<Content> content(String store, String file, AtomicBoolean left) {
        List<Content> parts = stores.content(store, file, () -> !left.get()).stream()
                .map(section -> new Content("text", section.text()))
                .toList();
        return new ResultPage<>("vector_store.file_content.page", null, parts, false, null, null);
    }

    /** Changes a file's attributes. */
    @POST
    @Path("/files/{file}")
    public StoreFileView update(@RestPath String store, @RestPath String file, Bodies.@Nullable Files body) {
        Bodies.Files wanted = body == null ? NOTHING : body;
        stores.own(store, callers.get());
        return StoreFileView.of(store, stores.setAttributes(store, file, Bodies.checked(wanted.attributes())));
    }

    /** Takes a file out of the store. */
    @DELETE
    @Path("/files/{file}")
    public Deleted remove(@RestPath String store, @RestPath String file) {
        stores.own(store, callers.get());
        stores.remove(store, file);
        return new Deleted(file, "vector_store.file.deleted", true);
    }

    /** Adds files as a batch. */
    @POST
    @Path("/file_batches")
    public BatchView addBatch(@RestPath String store, Bodies.@Nullable Files body) {
        Caller caller = callers.get();
        stores.own(store, caller);
        List<Addition> additions = (body == null ? NOTHING : body).all();
        additions.forEach(addition -> uploads.get(addition.fileId(), caller));
        Batch batch = stores.addBatch(store, additions);
        return BatchView.of(seen(store), batch);
    }

    /** Describes a batch. */
    @GET
    @Path("/file_batches/{batch}")
    public BatchView batch(@RestPath String store, @RestPath String batch) {
        StoreRecord record = seen(store);
        return BatchView.of(record, record.batch(batch));
    }

    /** Cancels what of a batch has not been ingested yet. */
    @POST
    @Path("/file_batches/{batch}/cancel")
    @Consumes(MediaType.WILDCARD)
    public BatchView cancel(@RestPath String store, @RestPath String batch) {
        stores.own(store, callers.get());
        stores.cancelBatch(store, batch);
        return batch(store, batch);
    }

    /** Lists the files of a batch. */
    @GET
    @Path("/file_batches/{batch}/files")
    public Page<StoreFileView> batchFiles(
            @RestPath String store,
            @RestPath String batch,
            @RestQuery @Nullable String filter,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String order,
            @RestQuery @Nullable String after,
            @RestQuery @Nullable String before) {
        StoreRecord record = seen(store);
        return page(store, BatchView.files(record, record.batch(batch)), filter, limit, order, after, before);
    }

    private Page<StoreFileView> page(
            String store,
            List<StoreFile> files,
            @Nullable String filter,
            @Nullable String limit,
            @Nullable String order,
            @Nullable String after,
            @Nullable String before) {
        if (filter != null
                && !List.of("in_progress", "completed", "failed", "cancelled").contains(filter)) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST, "filter must be in_progress, completed, failed or cancelled", "filter");
        }
        Page.Listed<StoreFile> list = new Page.Listed<>(
                files,
                StoreFile::id,
                file -> filter == null || file.status().word().equals(filter),
                id -> stores.deleted().before(store, id, files));
        return Page.of(list, Page.limit(limit, 20, 100), order, after, before, file -> StoreFileView.of(store, file));
    }

    private StoreRecord seen(String store) {
        return stores.open(store, callers.get()).record();
    }
}
