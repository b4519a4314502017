package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Calls;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GenAiConventions;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Outcome;
import dev.foundrygateway.exchange.RetrievalObserver;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/** Every histogram that the gateway has, filled with values that are known: what a quantile of one is, its page must give back. */
@SuppressWarnings("deprecation")
public final class KnownValues {
    private static final int COUNT = 200;

    private final CollectorRegistry collectors = new CollectorRegistry(true);
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, collectors, Clock.SYSTEM);
    private final Map<String, double[]> values = new TreeMap<>();

    /** Fills them all. */
    public KnownValues() {
        EscalationMeters escalations = new EscalationMeters(registry, collectors);
        MeteredObserver observer = new MeteredObserver(registry, escalations);
        RetrievalMeters retrieval = new RetrievalMeters(registry, collectors);
        Series series = new Series(
                registry, new Labels(Operation.CHAT, "foundry", "m", "m", "none", "direct", true, Outcome.OK, ""));
        fill("gateway_escalation_score", .02, 1, score -> observer.observe(new Observation.Score(score)));
        fill("gateway_retrieval_support", .03, .98, retrieval::supported);
        fill("gateway_hold_seconds", .003, 40, seconds -> observer.observe(new Observation.Held(nanos(seconds))));
        fill(
                "gateway_first_released_token_seconds",
                .01,
                50,
                seconds -> observer.observe(new Observation.FirstReleased(nanos(seconds))));
        fill(
                "gateway_queue_seconds",
                .002,
                200,
                seconds -> observer.observe(new Observation.Queued("foundry", nanos(seconds))));
        fill(
                "gateway_retrieval_seconds",
                .0006,
                1.5,
                seconds -> retrieval.took(RetrievalObserver.Stage.SEARCH, nanos(seconds)));
        fill("gen_ai_server_request_duration_seconds", .02, 300, seconds -> series.total(nanos(seconds)));
        fill("gen_ai_server_time_to_first_token_seconds", .002, 55, seconds -> series.firstToken(nanos(seconds)));
        fill("gen_ai_server_time_per_output_token_seconds", .011, 2.4, seconds -> series.perToken(nanos(seconds)));
        fill("gateway_overhead_seconds", .00006, .9, seconds -> series.overhead(nanos(seconds)));
        fill(
                "gateway_upstream_first_token_seconds",
                .002,
                55,
                seconds -> series.stages(Timeline.arrivedAt(0).tokenAt(nanos(seconds))));
        fill("gen_ai_client_token_usage", 2, 60_000, tokens -> series.tokens(Math.round(tokens), Math.round(tokens)));
        inferences();
    }

    /** Four at once: a call's whole, its first token and its tokens. */
    private void inferences() {
        AtomicLong now = new AtomicLong();
        InferenceMeters meters = new InferenceMeters(registry, new GenAiConventions(true), model -> model, now::get);
        values.put("gen_ai_client_inference_operation_input_tokens", spread(2, 60_000));
        values.put("gen_ai_client_inference_operation_output_tokens", spread(2, 60_000));
        values.put("gen_ai_client_inference_time_to_first_chunk_seconds", spread(.02, 40));
        fill("gen_ai_client_inference_duration_seconds", .04, 80, seconds -> {
            long tokens = Math.round(spread(2, 60_000)[next(seconds, .04, 80)]);
            EventScanner scanner = new EventScanner(1_000);
            Multi<Frame> body = Multi.createFrom()
                    .items(
                            "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n",
                            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":" + tokens + ",\"completion_tokens\":"
                                    + tokens + "}}\n\n")
                    .map(piece -> scanner.feed(Buffer.buffer(piece)));
            ChatService service = call -> Uni.createFrom()
                    .item(new ChatReply(
                            200,
                            MultiMap.caseInsensitiveMultiMap(),
                            true,
                            body,
                            Served.direct("m", "foundry", Timeline.NONE)));
            long sent = now.get();
            Call call = Calls.chat("{\"model\":\"m\",\"stream\":true}", sent);
            AssertSubscriber<Frame> client = meters.ofModelCalls(service)
                    .send(call)
                    .await()
                    .indefinitely()
                    .body()
                    .subscribe()
                    .withSubscriber(AssertSubscriber.create(0));
            now.set(sent + nanos(seconds / 2));
            client.request(1);
            now.set(sent + nanos(seconds));
            client.request(10).assertCompleted();
        });
    }

    private void fill(String name, double least, double most, DoubleConsumer record) {
        double[] all = spread(least, most);
        values.put(name, all);
        for (double one : all) {
            record.accept(one);
        }
    }

    /** Rising, each by the same factor. */
    private static double[] spread(double least, double most) {
        return IntStream.range(0, COUNT)
                .mapToDouble(i -> least * Math.pow(most / least, i / (COUNT - 1.0)))
                .toArray();
    }

    private static int next(double value, double least, double most) {
        return (int) Math.round(Math.log(value / least) / Math.log(most / least) * (COUNT - 1));
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }

    /** The names of the histograms, as Prometheus has them. */
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /** The value below which that share of a histogram's values lies. */
    public double quantile(String name, double share) {
        double[] all = values.getOrDefault(name, new double[0]);
        return all[(int) Math.ceil(share * all.length) - 1];
    }

    /** The page that Prometheus reads. */
    public String page() {
        return new MetricsPage(collectors).text(TextFormat.CONTENT_TYPE_004, List.of());
    }

    /** How far a quantile may be off: as wide as the bucket that has it, since no more is known of a value. */
    public static double tolerance(List<Double> boundaries, double value) {
        double below = 0;
        for (double boundary : boundaries) {
            if (value <= boundary) {
                return boundary - below;
            }
            below = boundary;
        }
        return 0;
    }

    /** The boundaries of a histogram on a page, rising, without the last one that is endless. */
    public static List<Double> boundaries(String page, String name) {
        return page.lines()
                .filter(line -> line.startsWith(name + "_bucket{"))
                .map(line -> line.replaceAll(".*le=\"([^\"]+)\".*", "$1"))
                .filter(boundary -> !boundary.equals("+Inf"))
                .map(Double::valueOf)
                .distinct()
                .sorted()
                .toList();
    }
}
