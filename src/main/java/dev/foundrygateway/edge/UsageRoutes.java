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

/** {@code /v1/gateway/usage}: who has used how much. A key without the area sees its own alone. */
@Singleton
public class UsageRoutes {
    private final UsageAnswer answer;
    private final ApiKeys keys;

    UsageRoutes(UsageAnswer answer, ApiKeys keys) {
        this.answer = answer;
        this.keys = keys;
    }

    void usage(RoutingContext routing) {
        routing.request().resume();
        UsageQuery query = query(routing);
        Buffer body = Buffer.buffer(answer.to(query));
        routing.response()
                .putHeader(
                        HttpHeaders.CONTENT_TYPE,
                        query.format() == UsageQuery.Format.CSV ? "text/csv; charset=utf-8" : "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.VARY, "Accept");
        ReplyHead.end(routing, body);
    }

    private UsageQuery query(RoutingContext routing) {
        Map<String, String> parameters = new HashMap<>();
        routing.queryParams().forEach(parameter -> parameters.put(parameter.getKey(), parameter.getValue()));
        String accept = routing.request().getHeader(HttpHeaders.ACCEPT);
        UsageQuery query = UsageQuery.of(parameters, accept == null ? "" : accept, answer.today());
        String key = Callers.of(routing, "").key();
        return keys.seesAll(key) ? query : query.ofKey(key);
    }
}
