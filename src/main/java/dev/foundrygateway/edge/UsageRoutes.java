package dev.foundrygateway.edge;

import dev.foundrygateway.access.ApiKeys;
import dev.foundrygateway.ledger.UsageAnswer;
import dev.foundrygateway.ledger.UsageQuery;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;

/** {@code /v1/gateway/usage}, and OpenAI's path for the same: who has used how much. A key without the area sees its own alone. */
@Singleton
public class UsageRoutes {
    private final UsageAnswer answer;
    private final ApiKeys keys;

    UsageRoutes(UsageAnswer answer, ApiKeys keys) {
        this.answer = answer;
        this.keys = keys;
    }

    void usage(RoutingContext routing) {
        answer(routing, Map.of());
    }

    /** In OpenAI's form, at OpenAI's path. */
    void completions(RoutingContext routing) {
        answer(routing, Map.of("format", "openai"));
    }

    private void answer(RoutingContext routing, Map<String, String> fixed) {
        routing.request().resume();
        UsageQuery query = query(routing, fixed);
        Buffer body = Buffer.buffer(answer.to(query));
        routing.response()
                .putHeader(
                        HttpHeaders.CONTENT_TYPE,
                        query.format() == UsageQuery.Format.CSV ? "text/csv; charset=utf-8" : "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.VARY, "Accept");
        ReplyHead.end(routing, body);
    }

    private UsageQuery query(RoutingContext routing, Map<String, String> fixed) {
        Map<String, String> parameters = new HashMap<>();
        routing.queryParams().forEach(parameter -> {
            // A list is written models=a&models=b, or models[]=a&models[]=b, as OpenAI's clients do.
            String name = parameter.getKey().replaceFirst("\\[]$", "");
            if (UsageQuery.isList(name)) {
                parameters.merge(name, parameter.getValue(), (one, other) -> one + "," + other);
            } else {
                parameters.put(parameter.getKey(), parameter.getValue());
            }
        });
        parameters.putAll(fixed);
        String accept = routing.request().getHeader(HttpHeaders.ACCEPT);
        UsageQuery query = UsageQuery.of(parameters, accept == null ? "" : accept, answer.today());
        String key = Callers.of(routing, "").key();
        return keys.seesAll(key) ? query : query.ofKey(key);
    }
}
