package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Observer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/** Sends calls to their upstreams: in turn, unless its breaker is open, and once more where nothing came back. Thread-safe. */
@Singleton
public class Dispatcher {
    private final Vertx vertx;
    private final Connections connections;
    private final Admission admission;
    private final ModelCatalog catalog;
    private final Observer observer;
    private final NanoClock clock;

    Dispatcher(
            Vertx vertx,
            Connections connections,
            Admission admission,
            ModelCatalog catalog,
            Observer observer,
            NanoClock clock) {
        this.vertx = vertx;
        this.connections = connections;
        this.admission = admission;
        this.catalog = catalog;
        this.observer = observer;
        this.clock = clock;
    }

    /** Sends the call when subscribed to. The reply comes on the event loop that subscribed, if one did. */
    Uni<ChatReply> dispatch(Upstream upstream, UpstreamCall call) {
        return Uni.createFrom().emitter(reply -> {
            ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
            Runnable start = () -> new Dispatch(this, upstream, call, context, reply).start();
            if (context.inThread()) {
                start.run();
            } else {
                context.runOnContext(ignored -> start.run());
            }
        });
    }

    /** The queue that a call has to pass; none for a call that no model runs for, or where the upstream isn't limited. */
    Optional<ModelQueue> queue(Upstream upstream, UpstreamCall call) {
        if (call.model().isEmpty() || !admission.limits(upstream)) {
            return Optional.empty();
        }
        return Optional.of(admission.queue(upstream, catalog.label(call.model())));
    }

    /** How many calls wait for a slot of an upstream's models. */
    int waiting(Upstream upstream) {
        return admission.waiting(upstream);
    }

    /** How many calls of each model of an upstream that was called may run at a time now; empty where nothing limits them. */
    Map<String, Integer> slotsByModel(Upstream upstream) {
        return admission.slotsByModel(upstream);
    }

    Connections connections() {
        return connections;
    }

    Observer observer() {
        return observer;
    }

    NanoClock clock() {
        return clock;
    }
}
