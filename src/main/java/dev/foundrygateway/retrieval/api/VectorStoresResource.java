package dev.foundrygateway.retrieval.api;

import dev.foundrygateway.retrieval.Findings;
import dev.foundrygateway.retrieval.api.Views.Deleted;
import dev.foundrygateway.retrieval.api.Views.Found;
import dev.foundrygateway.retrieval.api.Views.ResultPage;
import dev.foundrygateway.retrieval.api.Views.StoreView;
import dev.foundrygateway.retrieval.index.Hit;
import dev.foundrygateway.retrieval.store.StoreRecord;
import dev.foundrygateway.retrieval.store.StoreSearch;
import dev.foundrygateway.retrieval.store.UploadedFiles;
import dev.foundrygateway.retrieval.store.VectorStores;
import dev.foundrygateway.retrieval.store.VectorStores.Addition;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * Vector stores and their search.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/vector-stores">Vector stores</a>
 */
@Path("/v1/vector_stores")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class VectorStoresResource {
    private static final Bodies.Store NOTHING = new Bodies.Store(null, null, null, null, null);

    private final VectorStores stores;
    private final UploadedFiles files;
    private final StoreSearch search;

    VectorStoresResource(VectorStores stores, UploadedFiles files, StoreSearch search) {
        this.stores = stores;
        this.files = files;
        this.search = search;
    }

    /** Makes a store, with files if some are named. */
    @POST
    public StoreView create(Bodies.@Nullable Store body) {
        Bodies.Store wanted = body == null ? NOTHING : body;
        List<Addition> additions = wanted.fileIds() == null
                ? List.of()
                : wanted.fileIds().stream()
                        .map(id -> Bodies.addition(id, null, wanted.chunking()))
                        .toList();
        additions.forEach(addition -> files.get(addition.fileId()));
        StoreRecord store = stores.create(
                wanted.name() == null ? "" : wanted.name(),
                wanted.days(0),
                wanted.metadata() == null ? Map.of() : wanted.metadata());
        return view(additions.isEmpty() ? store : stores.add(store.id(), additions));
    }

    /** Lists the stores. */
    @GET
    public Page<StoreView> list(
            @RestQuery @DefaultValue("20") int limit,
            @RestQuery @Nullable String order,
            @RestQuery @Nullable String after,
            @RestQuery @Nullable String before) {
        return Page.of(stores.all().stream().map(this::view).toList(), StoreView::id, limit, 100, order, after, before);
    }

    /** Describes a store. */
    @GET
    @Path("/{id}")
    public StoreView get(@RestPath String id) {
        return view(stores.get(id));
    }

    /** Changes a store's own notes. */
    @POST
    @Path("/{id}")
    public StoreView update(@RestPath String id, Bodies.@Nullable Store body) {
        Bodies.Store wanted = body == null ? NOTHING : body;
        return view(stores.describe(
                id,
                store -> store.described(
                        wanted.name() == null ? store.name() : wanted.name(),
                        wanted.days(store.expiresAfterDays()),
                        wanted.metadata() == null ? store.metadata() : Map.copyOf(wanted.metadata()))));
    }

    /** Deletes a store. */
    @DELETE
    @Path("/{id}")
    public Deleted delete(@RestPath String id) {
        stores.delete(id);
        return new Deleted(id, "vector_store.deleted", true);
    }

    /** Searches a store; of several questions each passage's best score counts. */
    @POST
    @Path("/{id}/search")
    public ResultPage<Found> search(@RestPath String id, Bodies.@Nullable Search body) {
        Bodies.Search wanted = body == null ? new Bodies.Search(null, null, null, null, null) : body;
        List<String> queries = wanted.queries();
        boolean wordsOnly = false;
        Map<String, Hit> best = new LinkedHashMap<>();
        for (String query : queries) {
            Findings found = search.search(
                    List.of(id), query, wanted.limit(), Optional.ofNullable(wanted.filters()), wanted.threshold());
            wordsOnly |= found.wordsOnly();
            found.hits()
                    .forEach(hit -> best.merge(
                            hit.passage().id(), hit, (one, other) -> one.score() >= other.score() ? one : other));
        }
        StoreRecord store = stores.get(id);
        List<Found> results = best.values().stream()
                .sorted(Comparator.comparingDouble(Hit::score).reversed())
                .limit(wanted.limit())
                .map(hit -> Found.of(store, hit))
                .toList();
        return new ResultPage<>(
                "vector_store.search_results.page",
                queries,
                results,
                false,
                null,
                wordsOnly ? new Views.Notes(true) : null);
    }

    private StoreView view(StoreRecord store) {
        return StoreView.of(store, stores.expired(store));
    }
}
