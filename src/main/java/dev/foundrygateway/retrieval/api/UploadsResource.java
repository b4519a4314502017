package dev.foundrygateway.retrieval.api;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.api.Views.FileView;
import dev.foundrygateway.retrieval.api.Views.PartView;
import dev.foundrygateway.retrieval.api.Views.UploadView;
import dev.foundrygateway.retrieval.store.PartialUploads;
import dev.foundrygateway.retrieval.store.PartialUploads.Upload;
import dev.foundrygateway.retrieval.store.UploadedFiles;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/**
 * Files that are sent in parts.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/uploads">Uploads</a>
 */
@Path("/v1/uploads")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class UploadsResource {
    private final PartialUploads uploads;
    private final UploadedFiles files;
    private final Caller.Current callers;

    UploadsResource(PartialUploads uploads, UploadedFiles files, Caller.Current callers) {
        this.uploads = uploads;
        this.files = files;
        this.callers = callers;
    }

    /** Begins an upload. */
    @POST
    public UploadView create(Bodies.@Nullable NewUpload body) {
        if (body == null || body.filename() == null || body.filename().isBlank()) {
            throw missing("filename");
        }
        if (body.bytes() == null) {
            throw missing("bytes");
        }
        Views.FileExpiry expiry = body.expiresAfter();
        Upload upload = uploads.create(
                body.filename(),
                body.bytes(),
                Bodies.purpose(body.purpose()),
                callers.get(),
                expiry == null ? 0 : expiry.lifetime());
        return UploadView.of(upload, null);
    }

    /** Takes a part. */
    @POST
    @Path("/{id}/parts")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public PartView add(@RestPath String id, @RestForm("data") @Nullable FileUpload data) {
        if (data == null) {
            throw missing("data");
        }
        String part = uploads.add(id, data.uploadedFile(), callers.get());
        return new PartView(part, "upload.part", Clock.systemUTC().instant().getEpochSecond(), id);
    }

    /** Makes the file of its parts, in the order in which they are named. */
    @POST
    @Path("/{id}/complete")
    public UploadView complete(@RestPath String id, Bodies.@Nullable WholeUpload body) {
        List<String> parts = body == null ? null : body.partIds();
        if (body == null || parts == null) {
            throw missing("part_ids");
        }
        String md5 = body.md5();
        Upload upload = uploads.complete(id, Bodies.listed(parts, "part_ids"), md5 == null ? "" : md5, callers.get());
        return UploadView.of(upload, FileView.of(files.get(upload.fileId())));
    }

    /** Cancels an upload. */
    @POST
    @Path("/{id}/cancel")
    @Consumes(MediaType.WILDCARD)
    public UploadView cancel(@RestPath String id) {
        return UploadView.of(uploads.cancel(id, callers.get()), null);
    }

    private static GatewayException missing(String field) {
        return new GatewayException(ErrorCode.INVALID_REQUEST, field + " is missing", field);
    }
}
