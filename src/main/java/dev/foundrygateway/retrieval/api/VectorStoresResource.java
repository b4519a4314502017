package dev.foundrygateway.retrieval.api;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.openai.RankingOptions;
import dev.foundrygateway.openai.json.Said;
import dev.foundrygateway.retrieval.Deadline;
import dev.foundrygateway.retrieval.Findings;
import dev.foundrygateway.retrieval.InputLimits;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.api.Views.Deleted;
import dev.foundrygateway.retrieval.api.Views.Found;
import dev.foundrygateway.retrieval.api.Views.ResultPage;
import dev.foundrygateway.retrieval.api.Views.StoreView;
import dev.foundrygateway.retrieval.index.Hit;
import dev.foundrygateway.retrieval.index.Question;
import dev.foundrygateway.retrieval.store.Authority;
import dev.foundrygateway.retrieval.store.StoreRecord;
import dev.foundrygateway.retrieval.store.StoreSearch;
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
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final Bodies.Store NOTHING = new Bodies.Store(null, null, Said.nothing(), null, null, null, null);

    private final VectorStores stores;
    private final UploadedFiles files;
    private final StoreSearch search;
    private final InputLimits limits;
    private final Duration searchTimeout;
    private final NanoClock clock;
    private final Caller.Current callers;

    VectorStoresResource(
            VectorStores stores,
            UploadedFiles files,
            StoreSearch search,
            RetrievalConfig config,
            NanoClock clock,
            Caller.Current callers) {
        this.stores = stores;
        this.files = files;
        this.search = search;
        this.limits = config.inputLimits();
        this.searchTimeout = config.searchTimeout();
        this.clock = clock;
        this.callers = callers;
    }

    /** Makes a store, with files if some are named. */
    @POST
    public StoreView create(Bodies.@Nullable Store body) {
        Bodies.Store wanted = body == null ? NOTHING : body;
        List<Addition> additions = wanted.additions();
        Caller caller = callers.get();
        Authority.checkMakes(caller);
        additions.forEach(addition -> files.get(addition.fileId(), caller));
        StoreRecord store = stores.create(
                limits.title(wanted.name() == null ? "" : wanted.name(), "name"),
                wanted.days(0),
                wanted.notes().orElse(Map.of()),
                wanted.words(""),
                caller.key(),
                Boolean.TRUE.equals(wanted.shared()));
        return view(additions.isEmpty() ? store : stores.add(store.id(), additions));
    }

    /** Lists the stores. */
    @GET
    public Page<StoreView> list(
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String order,
            @RestQuery @Nullable String after,
            @RestQuery @Nullable String before) {
        Caller caller = callers.get();
        List<StoreRecord> all = stores.all(caller);
        return Page.of(
                new Page.Listed<>(
                        all,
                        StoreRecord::id,
                        one -> true,
                        id -> stores.deleted().before(id, all, caller)),
                Page.limit(limit, 20, 100),
                order,
                after,
                before,
                this::view);
    }

    /** Describes a store. */
    @GET
    @Path("/{id}")
    public StoreView get(@RestPath String id) {
        return view(stores.open(id, callers.get()).record());
    }

    /** Changes a store's own notes. */
    @POST
    @Path("/{id}")
    public StoreView update(@RestPath String id, Bodies.@Nullable Store body) {
        Bodies.Store wanted = body == null ? NOTHING : body;
        stores.own(id, callers.get());
        return view(stores.describe(
                id,
                store -> store.described(
                                wanted.name() == null ? store.name() : limits.title(wanted.name(), "name"),
                                wanted.days(store.expiresAfterDays()),
                                wanted.notes().orElse(store.metadata()))
                        .describedAs(wanted.words(store.description()))
                        .shared(wanted.shared() == null ? store.shared() : wanted.shared())));
    }

    /** Deletes a store. */
    @DELETE
    @Path("/{id}")
    public Deleted delete(@RestPath String id) {
        stores.own(id, callers.get());
        stores.delete(id);
        return new Deleted(id, "vector_store.deleted", true);
    }

    /** Searches a store; of several questions each passage's best score counts. */
    @POST
    @Path("/{id}/search")
    public Uni<ResultPage<Found>> search(@RestPath String id, Bodies.@Nullable Search body) {
        Bodies.Search wanted = body == null ? new Bodies.Search(null, null, null, null, null) : body;
        List<String> queries = limits.queries(wanted.queries(), "query");
        Caller caller = callers.get();
        Deadline deadline = new Deadline(clock, searchTimeout);
        // A client that leaves cancels: what is left of its queries is not searched.
        return Uni.createFrom()
                .item(() -> found(id, caller, wanted, queries, deadline))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onCancellation()
                .invoke(deadline::cancel);
    }

    private ResultPage<Found> found(
            String id, Caller caller, Bodies.Search wanted, List<String> queries, Deadline deadline) {
        RankingOptions ranking = wanted.rank();
        boolean wordsOnly = false;
        double vectors = 1;
        Map<String, Hit> best = new LinkedHashMap<>();
        for (String query : queries) {
            Findings found = search.search(
                    List.of(id),
                    caller,
                    new Question(List.of(query), ranking.denseShare()),
                    wanted.limit(),
                    wanted.condition(),
                    ranking.threshold(),
                    deadline);
            wordsOnly |= found.wordsOnly();
            vectors = Math.min(vectors, found.vectors());
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
                "vector_store.search_results.page", queries, results, false, null, Views.Notes.of(wordsOnly, vectors));
    }

    private StoreView view(StoreRecord store) {
        return StoreView.of(store, stores.expired(store));
    }
}
