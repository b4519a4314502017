package dev.foundrygateway.edge;

import dev.foundrygateway.access.ApiKeys;
import dev.foundrygateway.access.Budgets;
import dev.foundrygateway.access.ModelAccess;
import dev.foundrygateway.access.ResponseOwners;
import dev.foundrygateway.access.TokenCharge;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.hybrid.HybridFilter;
import dev.foundrygateway.metrics.InferenceMeters;
import dev.foundrygateway.metrics.MetricsFilter;
import dev.foundrygateway.report.ReportFilter;
import dev.foundrygateway.retrieval.RetrievalFilter;
import dev.foundrygateway.routing.RouteFilter;
import dev.foundrygateway.schema.SchemaFilter;
import dev.foundrygateway.tracing.Tracing;
import dev.foundrygateway.upstream.UpstreamClient;
import jakarta.inject.Singleton;

/** The one place that knows the stages and their order. */
@Singleton
public class GatewayPipeline {
    private final ChatService service;

    GatewayPipeline(
            Tracing tracing,
            MetricsFilter metrics,
            InferenceMeters inference,
            ReportFilter report,
            ApiKeys keys,
            Budgets budgets,
            TokenCharge charge,
            ModelAccess access,
            ResponseOwners owners,
            RouteFilter routes,
            RetrievalFilter retrieval,
            HybridFilter hybrid,
            SchemaFilter schema,
            UpstreamClient upstream) {
        ChatService counted =
                inference.ofModelCalls(upstream); // each call of a model, where the newest names are asked for
        ChatService calls = tracing.ofModelCalls(counted); // each call of a model is a span, a hybrid answer's are two
        ChatService held = schema.around(calls); // innermost: a model's answer holds before anything judges or shows it
        ChatService models =
                hybrid.around(held); // outside of it: a draft that can't be made to hold is what the large model is for
        boolean limited = keys.limitsTokens() || budgets.any();
        ChatService charged = limited ? charge.around(models) : models; // the tokens of all models together
        ChatService told = report.around(charged); // outside the model that answers, which it describes
        ChatService grounded = retrieval.around(told); // before any choice of a model: both get the same sources
        ChatService owned = owners.around(grounded); // what a model server has stored is its maker's alone
        ChatService allowed =
                access.around(owned); // the model that is asked for by name, before anything is done for it
        ChatService measured = metrics.around(allowed); // it measures what the client sees, later stages included
        ChatService traced = tracing.ofExchanges(measured); // log line and exemplars name its span
        service =
                routes.around(traced); // outermost: all that follows sees the model that was chosen, and by which rule
    }

    ChatService service() {
        return service;
    }
}
