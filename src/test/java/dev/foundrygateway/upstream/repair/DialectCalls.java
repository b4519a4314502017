package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Calls;
import dev.foundrygateway.upstream.ConfiguredUpstreams;
import dev.foundrygateway.upstream.Preparation;
import dev.foundrygateway.upstream.Upstream;
import dev.foundrygateway.upstream.UpstreamCall;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;

/** Chat calls made ready for an upstream of some dialect, for tests. */
public final class DialectCalls {
    public static final String MODEL = "tiny-instruct-generic-cpu:1";

    private DialectCalls() {}

    public static UpstreamCall chat(Dialect dialect, String request, String... settings) {
        String[] all = new String[settings.length + 2];
        System.arraycopy(settings, 0, all, 0, settings.length);
        all[settings.length] = "dialect";
        all[settings.length + 1] = setting(dialect);
        return chat(ConfiguredUpstreams.foundry("http://127.0.0.1:1", all), request);
    }

    public static UpstreamCall chat(Upstream upstream, String request) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set(HttpHeaders.CONTENT_TYPE, "application/json");
        Call call = Calls.chat(request);
        Preparation prepared = Preparation.of(call, upstream, MODEL);
        return new UpstreamCall(
                HttpMethod.POST,
                "/v1/chat/completions",
                headers,
                prepared.request().bytes(),
                MODEL,
                prepared.request().streaming(),
                prepared.chunked(),
                prepared.usageWithheld(),
                call.timeline(),
                prepared.repairs());
    }

    /** The dialect as the configuration names it. */
    public static String setting(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> "openai";
            case FOUNDRY_0X -> "foundry-0x";
            case FOUNDRY_1X -> "foundry-1x";
            case FOUNDRY_2X -> "foundry-2x";
        };
    }
}
