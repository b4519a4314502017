package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Context;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Budgets and usage on the wire. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
@TestProfile(UsageQuarkusTest.Budgeted.class)
class UsageQuarkusTest {
    private static final String PATH = "/v1/gateway/usage";
    private static final String ANSWER =
            "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"phi-4-mini\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"sky\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":30,\"total_tokens\":70,\"prompt_tokens_details\":{\"cached_tokens\":8}}}";

    /** The SHA-256 of "free", "few" and "short": an operator, one with 150 tokens a day, one with money for a month. */
    public static class Budgeted implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>();
            String keys = "gateway.access.api-keys.";
            settings.put("gateway.usage.keep", "false");
            settings.put("gateway.upstreams.foundry.metrics", "true");
            settings.put(keys + "free.sha256", "ad95d5fa651ba86d8923fe1238d24a4f1988a752acfe426ac72ac7c04471bc17");
            settings.put(keys + "free.areas", "operate");
            settings.put(keys + "free.budgets.week.tokens", "1000000");
            settings.put(keys + "few.sha256", "fa95e5080882f52bd40ccab2dee9c88c4d1fad7ad1093f93a0edcd8fb42d2bee");
            settings.put("gateway.access.budgets.day.tokens", "150");
            settings.put(keys + "free.budgets.day.tokens", "900000");
            settings.put(keys + "short.budgets.day.tokens", "900000");
            settings.put(keys + "short.sha256", "f9b0078b5df596d2ea19010c001bbd009e651de2c57e8fb7e355f31eb9d3f739");
            settings.put(keys + "short.budgets.month.cost", "0.002");
            settings.put("gateway.models.phi-4-mini.price.input", "20");
            settings.put("gateway.models.phi-4-mini.price.output", "20");
            settings.put(keys + "ids.sha256", "23466067f626bf8a3ae1a39cdf81f31303220b331b5064c6e00662dcc34deaaf");
            settings.put(keys + "ids.models", "phi-4-mini,dear");
            settings.put("gateway.models.dear.id", "gpt-oss-20b");
            settings.put("gateway.models.dear.upstream", "foundry");
            settings.put("gateway.models.dear.price.input", "10");
            settings.put("gateway.models.dear.price.output", "10");
            return settings;
        }
    }

    final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Inject
    CollectorRegistry registry;

    @BeforeEach
    void begin() {
        upstream.clear();
        upstream.script(request -> request.path().endsWith("/chat/completions")
                ? Optional.of(Script.start().json(200, ANSWER))
                : Optional.empty());
    }

    @Test
    void aKeyHasItsTokensADayAndThenToldWhenTheNextBegins() {
        Reply first = chat("few", 10);
        assertEquals(200, first.status(), first::body);
        assertEquals("", first.header("x-gateway-budget"));
        settled("few", 70);
        Reply second = chat("few", 10);
        assertEquals(200, second.status(), second::body);
        settled("few", 140);
        Reply third = chat("few", 40);
        assertEquals(429, third.status(), third::body);
        JsonObject error = new JsonObject(third.body()).getJsonObject("error");
        assertEquals("budget_exceeded", error.getString("code"));
        assertEquals("insufficient_quota", error.getString("type"));
        assertTrue(error.getString("message").contains("150 tokens a day and has used 140"), error::encode);
        long wait = Long.parseLong(third.header("retry-after"));
        Instant midnight = LocalDate.now(ZoneOffset.UTC)
                .plusDays(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        assertTrue(Math.abs(Instant.now().plusSeconds(wait).getEpochSecond() - midnight.getEpochSecond()) < 60);
        assertTrue(
                third.header("x-gateway-budget").startsWith("period=day; unit=tokens; used=140; limit=150; reset="),
                () -> third.header("x-gateway-budget"));
        Reply never = chat("few", 400);
        assertEquals(429, never.status());
        assertTrue(never.body().contains("ask for less by max_tokens"), never::body);
        assertEquals("", never.header("retry-after"));
        String metrics = new GatewayClient(port).send("GET", "/metrics", "").body();
        assertTrue(
                metrics.contains("gateway_budget_used_ratio{key=\"few\",period=\"day\",unit=\"tokens\"} 0.93"),
                metrics);
        assertTrue(metrics.contains("gateway_key_tokens_total{gen_ai_token_type=\"input\",key=\"few\"} 80.0"), metrics);
        assertTrue(metrics.contains("gateway_key_cost_total{key=\"few\"} 0.0028"), metrics);
        String part =
                "gateway_model_tokens_total\\{gen_ai_response_model=\"phi-4-mini\",gen_ai_token_type=\"%s\",tier=\"none\"} [1-9].*";
        for (String kind : List.of("input", "output", "cached")) {
            assertTrue(metrics.lines().anyMatch(line -> line.matches(part.formatted(kind))), kind);
        }
    }

    @Test
    void theModelServersOwnMetricsAreAmongTheGateways() {
        upstream.script(request -> request.path().equals("/metrics")
                ? Optional.of(Script.start()
                        .text(200, "# TYPE vllm:running gauge\nvllm:running{model_name=\"phi-4-mini\"} 3\n"))
                : Optional.empty());
        String sample = "vllm:running{model_name=\"phi-4-mini\",upstream=\"foundry\",model=\"phi-4-mini\"} 3.0";
        // Left out where the server does not answer in time.
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> new GatewayClient(port)
                        .send("GET", "/metrics", "")
                        .body()
                        .lines()
                        .anyMatch(sample::equals));
    }

    @Test
    void aPageOfMetricsThatFailsIsAnErrorAndIsNotMadeOnTheEventLoop() {
        AtomicBoolean fails = new AtomicBoolean();
        AtomicBoolean onLoop = new AtomicBoolean();
        Collector broken = new Collector() {
            @Override
            public List<MetricFamilySamples> collect() {
                onLoop.compareAndSet(false, Context.isOnEventLoopThread());
                if (fails.get()) {
                    throw new IllegalStateException("broken on purpose");
                }
                return List.of();
            }
        };
        registry.register(broken);
        try {
            assertEquals(
                    200, new GatewayClient(port).send("GET", "/metrics", "").status());
            fails.set(true);
            assertEquals(
                    500, new GatewayClient(port).send("GET", "/metrics", "").status());
        } finally {
            registry.unregister(broken);
        }
        assertFalse(onLoop.get());
    }

    @Test
    void moneyIsABudgetToo() {
        assertEquals(200, chat("short", 10).status());
        Awaitility.await().until(() -> usage("short", "").getJsonObject("total").getDouble("cost") == 0.0014);
        Reply second = chat("short", 40);
        assertEquals(429, second.status());
        assertTrue(second.body().contains("0.002 in cost a month and has used 0.0014"), second::body);
    }

    @Test
    void aModelCostsTheSameByItsIdAsByItsAlias() {
        GatewayClient client = new GatewayClient(port);
        for (String name : new String[] {"dear", "gpt-oss-20b"}) {
            String body = "{\"model\":\"" + name
                    + "\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}";
            Reply reply = client.send(
                    "POST", "/v1/chat/completions", body, "Content-Type", "application/json", "x-api-key", "ids");
            assertEquals(200, reply.status(), reply::body);
        }
        Awaitility.await().until(() -> usage("ids", "").getJsonObject("total").getInteger("total_tokens") == 140);
        assertEquals(0.0014, usage("ids", "").getJsonObject("total").getDouble("cost"), 1e-9);
    }

    @Test
    void aKeyIsToldNoRulesAndNoModelsThatItMayNotSee() {
        GatewayClient client = new GatewayClient(port);
        String path = "/v1/gateway/explain";
        assertEquals(403, client.send("GET", path, "", "x-api-key", "short").status());
        assertEquals(200, client.send("GET", path, "", "x-api-key", "free").status());
        String body = "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}";
        String[] headers = {"Content-Type", "application/json", "x-api-key", "ids"};
        Reply own = client.send("POST", path, body.formatted("phi-4-mini"), headers);
        assertEquals("phi-4-mini", new JsonObject(own.body()).getString("model"));
        assertTrue(!own.body().contains("foundry") && !new JsonObject(own.body()).containsKey("rules"), own::body);
        Reply other = client.send("POST", path, body.formatted("hybrid"), headers);
        assertEquals(404, other.status(), other::body);
        assertTrue(!other.body().contains("little"), other::body);
    }

    @Test
    void usageIsToldInThreeFormsAndAKeySeesItsOwn() {
        assertEquals(200, chat("free", 10).status());
        settled("free", 70);
        JsonObject all = usage("free", "?key=free&model=PHI-4-mini");
        assertEquals("gateway.usage", all.getString("object"));
        JsonObject row = all.getJsonArray("data").getJsonObject(0);
        assertEquals(LocalDate.now(ZoneOffset.UTC).toString(), row.getString("day"));
        assertEquals("phi-4-mini", row.getString("model"));
        assertEquals(1, row.getInteger("requests"));
        assertEquals(8, row.getInteger("cached_tokens"));
        assertEquals(0.0014, row.getDouble("cost"));
        JsonObject day = all.getJsonArray("budgets").getJsonObject(0);
        assertEquals("day", day.getString("period"));
        assertEquals(899_930, day.getDouble("left"));
        Reply csv = get("free", "?key=free&format=csv");
        assertEquals("text/csv; charset=utf-8", csv.header("content-type"));
        String line = row.getString("day") + ",free,phi-4-mini,1,40,8,30,70,0.0014\n";
        assertEquals(
                "day,key,model,requests,input_tokens,cached_tokens,output_tokens,total_tokens,cost\n" + line,
                csv.body());
        assertTrue(new GatewayClient(port)
                .send("GET", PATH + "?key=free", "", "Accept", "text/csv", "x-api-key", "free")
                .body()
                .endsWith(line));
        long today = LocalDate.now(ZoneOffset.UTC).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        JsonObject page = new JsonObject(
                get("free", "?key=free&format=openai&start_time=" + today + "&end_time=" + (today + 86_400))
                        .body());
        assertEquals("page", page.getString("object"));
        assertEquals(1, page.getJsonArray("data").size());
        JsonObject bucket = page.getJsonArray("data").getJsonObject(0);
        assertEquals(today, bucket.getLong("start_time"));
        JsonObject result = bucket.getJsonArray("results").getJsonObject(0);
        assertEquals("organization.usage.completions.result", result.getString("object"));
        assertEquals(40, result.getInteger("input_tokens"));
        assertEquals(1, result.getInteger("num_model_requests"));
        // Split by nothing, as OpenAI's is.
        assertTrue(result.containsKey("api_key_id") && result.getString("api_key_id") == null, result::encode);
        assertTrue(result.containsKey("model") && result.getString("model") == null, result::encode);
        assertEquals(1, bucket.getJsonArray("results").size());
        assertFalse(page.getBoolean("has_more"));
        for (String groups :
                new String[] {"&group_by=model&group_by=api_key_id", "&group_by[]=api_key_id&group_by[]=model"}) {
            JsonObject split = new JsonObject(get("free", "?key=free&format=openai&start_time=" + today + groups)
                            .body())
                    .getJsonArray("data")
                    .getJsonObject(0)
                    .getJsonArray("results")
                    .getJsonObject(0);
            assertEquals("free", split.getString("api_key_id"));
            assertEquals("phi-4-mini", split.getString("model"));
        }
        String days = "?key=free&format=openai&limit=1&group_by=model&start_time=" + (today - 86_400) + "&end_time="
                + (today + 86_400);
        JsonObject before = new JsonObject(get("free", days).body());
        assertEquals(1, before.getJsonArray("data").size());
        assertTrue(before.getBoolean("has_more"));
        JsonObject last = new JsonObject(
                get("free", days + "&page=" + before.getString("next_page")).body());
        assertFalse(last.getBoolean("has_more"));
        assertTrue(last.containsKey("next_page") && last.getString("next_page") == null, last::encode);
        assertEquals(today, last.getJsonArray("data").getJsonObject(0).getLong("start_time"));
        JsonObject byModel = last.getJsonArray("data")
                .getJsonObject(0)
                .getJsonArray("results")
                .getJsonObject(0);
        assertEquals("phi-4-mini", byModel.getString("model"));
        assertEquals(40, byModel.getInteger("input_tokens"));
        String official = "/v1/organization/usage/completions?bucket_width=1d&start_time=" + today
                + "&group_by[]=api_key_id&api_key_ids[]=free&api_key_ids[]=nobody&models[]=PHI-4-mini";
        JsonArray chosen = results(official);
        assertEquals(1, chosen.size());
        assertEquals("free", chosen.getJsonObject(0).getString("api_key_id"));
        assertEquals(40, chosen.getJsonObject(0).getInteger("input_tokens"));
        assertEquals(0, results(official.replace("PHI-4-mini", "gpt-oss-20b")).size());
        assertEquals(0, results(official.replace("[]=free", "[]=other")).size());
        Reply refused = new GatewayClient(port).send("GET", official + "&project_ids[]=p", "", "x-api-key", "free");
        assertEquals(400, refused.status());
        assertTrue(refused.body().contains("project_ids"), refused::body);
        // A key without the area asks for another's, and gets its own.
        JsonArray own = usage("short", "?key=free").getJsonArray("data");
        assertTrue(
                own.stream().allMatch(one -> ((JsonObject) one).getString("key").equals("short")), own::encode);
        assertEquals(0, results(official, "short").size(), "another's");
        for (String wrong : new String[] {
            "?format=xml",
            "?from=today",
            "?start_time=-1",
            "?colour=red",
            "?format=openai&group_by=project_id",
            "?from=2026-02-02&to=2026-02-01",
            "?from=%2B999999999-12-31&to=%2B999999999-12-31&format=openai"
        }) {
            assertEquals(400, get("free", wrong).status(), wrong);
        }
        assertEquals(401, get("nobody", "").status());
        assertEquals(
                403,
                new GatewayClient(port)
                        .send("GET", PATH, "", "Origin", "https://evil.example", "x-api-key", "free")
                        .status());
    }

    private JsonArray results(String path) {
        return results(path, "free");
    }

    private JsonArray results(String path, String key) {
        Reply reply = new GatewayClient(port).send("GET", path, "", "x-api-key", key);
        assertEquals(200, reply.status(), reply::body);
        return new JsonObject(reply.body())
                .getJsonArray("data")
                .getJsonObject(0)
                .getJsonArray("results");
    }

    private void settled(String key, int tokens) {
        Awaitility.await().until(() -> usage(key, "").getJsonObject("total").getInteger("total_tokens") == tokens);
    }

    private JsonObject usage(String key, String query) {
        Reply reply = get(key, query.isEmpty() ? "?key=" + key : query);
        assertEquals(200, reply.status(), reply::body);
        return new JsonObject(reply.body());
    }

    private Reply get(String key, String query) {
        return new GatewayClient(port).send("GET", PATH + query, "", "x-api-key", key);
    }

    private Reply chat(String key, int maxTokens) {
        return new GatewayClient(port)
                .chat(
                        "{\"model\":\"phi-4-mini\",\"max_tokens\":" + maxTokens
                                + ",\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}",
                        "x-api-key",
                        key);
    }
}
