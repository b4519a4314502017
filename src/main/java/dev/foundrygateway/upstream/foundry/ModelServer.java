package dev.foundrygateway.upstream.foundry;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * What a model server is asked about itself. Each kind has some of these calls, which {@link ServerKind} knows; of any other it answers 404.
 *
 * @see ModelServers
 */
@Path("")
public interface ModelServer {
    /** The state of 1.x and 2.x. */
    @GET
    @Path("/status")
    Uni<Response> status();

    /** The state of 0.x. */
    @GET
    @Path("/openai/status")
    Uni<Response> oldStatus();

    /** OpenAI's list of models. */
    @GET
    @Path("/v1/models")
    Uni<Response> models();

    /** What llama.cpp, vLLM and others tell about themselves. */
    @GET
    @Path("/metrics")
    Uni<Response> metrics();

    /** The ids that 0.x has on its disk. */
    @GET
    @Path("/openai/models")
    Uni<Response> oldModels();

    /** 0.x's catalogue. */
    @GET
    @Path("/foundry/list")
    Uni<Response> catalogue();

    @GET
    @Path("/models/loaded")
    Uni<Response> loaded();

    @GET
    @Path("/openai/loadedmodels")
    Uni<Response> oldLoaded();

    /** Answers when the model is loaded. */
    @GET
    @Path("/models/load/{name}")
    Uni<Response> load(@PathParam("name") String name);

    /**
     * Answers when the model is loaded.
     *
     * @param seconds after which 0.x unloads it by itself
     */
    @GET
    @Path("/openai/load/{name}")
    Uni<Response> oldLoad(@PathParam("name") String name, @QueryParam("ttl") int seconds);

    @GET
    @Path("/models/unload/{name}")
    Uni<Response> unload(@PathParam("name") String name);

    @GET
    @Path("/openai/unload/{name}")
    Uni<Response> oldUnload(@PathParam("name") String name);

    /** Ends a 2.x as a process. */
    @POST
    @Path("/shutdown")
    Uni<Response> shutdown();

    /**
     * Counts a prompt's tokens, at 0.x.
     *
     * @param chat a chat request
     */
    @POST
    @Path("/v1/chat/completions/tokenizer/encode/count")
    @Consumes(MediaType.APPLICATION_JSON)
    Uni<Response> countTokens(byte[] chat);
}
