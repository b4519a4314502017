package dev.foundrygateway.retrieval.api;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.api.Views.Deleted;
import dev.foundrygateway.retrieval.api.Views.FileExpiry;
import dev.foundrygateway.retrieval.api.Views.FileView;
import dev.foundrygateway.retrieval.store.Authority;
import dev.foundrygateway.retrieval.store.FileRecord;
import dev.foundrygateway.retrieval.store.UploadedFiles;
import dev.foundrygateway.retrieval.store.VectorStores;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/**
 * Uploaded files.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/files">Files</a>
 */
@Path("/v1/files")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class FilesResource {
    private final UploadedFiles files;
    private final VectorStores stores;
    private final Caller.Current callers;

    FilesResource(UploadedFiles files, VectorStores stores, Caller.Current callers) {
        this.files = files;
        this.stores = stores;
        this.callers = callers;
    }

    /** Takes a file. */
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public FileView upload(
            @RestForm("file") @Nullable FileUpload file,
            @RestForm @Nullable String purpose,
            @RestForm @Nullable String shared,
            @RestForm("expires_after[anchor]") @Nullable String anchor,
            @RestForm("expires_after[seconds]") @Nullable String seconds,
            @RestHeader("anthropic-version") @Nullable String anthropic) {
        Caller caller = callers.get();
        Authority.check(caller);
        if (file == null) {
            throw new GatewayException(ErrorCode.INVALID_REQUEST, "file is missing from the form", "file");
        }
        return FileView.of(files.add(
                file.uploadedFile(),
                FormFileName.of(file),
                // Anthropic's clients know no purposes.
                Bodies.purpose(purpose == null && anthropic != null ? "user_data" : purpose),
                caller.key(),
                "true".equals(shared),
                anchor == null && seconds == null ? 0 : expiry(anchor, seconds).lifetime()));
    }

    private static FileExpiry expiry(@Nullable String anchor, @Nullable String seconds) {
        try {
            return new FileExpiry(anchor, seconds == null ? null : Long.valueOf(seconds.strip()));
        } catch (NumberFormatException e) {
            return new FileExpiry(anchor, null);
        }
    }

    /** Lists the files. */
    @GET
    public Page<FileView> list(
            @RestQuery @Nullable String purpose,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String order,
            @RestQuery @Nullable String after) {
        int most = Page.limit(limit, 10_000, 10_000);
        Caller caller = callers.get();
        List<FileRecord> some = files.some(
                caller,
                stores.held(caller),
                Page.newestFirst(order),
                Optional.ofNullable(after),
                Optional.ofNullable(purpose),
                most + 1);
        return Page.cut(some, FileRecord::id, most, FileView::of);
    }

    /** Describes a file. */
    @GET
    @Path("/{id}")
    public FileView get(@RestPath String id) {
        return FileView.of(seen(id));
    }

    /** The file's bytes. */
    @GET
    @Path("/{id}/content")
    @Produces(MediaType.WILDCARD) // the official client accepts application/binary only
    public Response content(@RestPath String id) {
        FileRecord file = seen(id);
        return Response.ok(files.content(file.id()), MediaType.APPLICATION_OCTET_STREAM_TYPE)
                // A page that was uploaded shall not run in a browser under the gateway's origin.
                .header("Content-Disposition", "attachment")
                .header("X-Content-Type-Options", "nosniff")
                .build();
    }

    private FileRecord seen(String id) {
        Caller caller = callers.get();
        return stores.held(caller).test(id) ? files.get(id) : files.get(id, caller);
    }

    /** Deletes a file, and takes it out of all stores. */
    @DELETE
    @Path("/{id}")
    public Deleted delete(@RestPath String id) {
        files.own(id, callers.get());
        stores.removeEverywhere(id);
        files.delete(id);
        return new Deleted(id, "file", true);
    }
}
