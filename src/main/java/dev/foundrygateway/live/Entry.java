package dev.foundrygateway.live;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.GatewayObject;
import dev.foundrygateway.exchange.Millis;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.sse.Usage;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One exchange as an operator sees it, running or ended: names, numbers and words of closed sets, never what was asked or answered, and nothing that keeps a body alive.
 * What {@link #json} wrote is read again by {@link #of}.
 *
 * @param id the request's id
 * @param key the configured name of the API key; empty without one
 * @param client where the request came from, and with which program: its address and its User-Agent, shortened
 * @param operation what was asked for, such as {@code chat}
 * @param model the model that was asked for
 * @param answeredBy the upstream's id of the model that answers; empty as long as nobody does
 * @param upstream its configured name; empty as long as nobody answers
 * @param tier {@code draft} or {@code escalation} of a hybrid model, else {@code none}
 * @param route the way to the answer; empty as long as there is none
 * @param reason why that way; empty if there was nothing to decide
 * @param rule the rule of the catalogue that chose the model; empty where none did
 * @param score the escalation score
 * @param stream whether a stream was asked for
 * @param arrived when the request came
 * @param state {@code queued}, {@code waiting} (for the model), {@code answering} or {@code ended}
 * @param place in the queue of its model, 1 for the next; empty if it doesn't wait there
 * @param nanos from the arrival until now or the end
 * @param firstToken from the arrival to the first token
 * @param pieces events with output so far: about as many as tokens
 * @param usage the tokens as the model server counted them
 * @param cost in the currency of the prices; empty as long as it runs, or without a price
 * @param status the reply's status; 0 as long as there is none
 * @param outcome how it ended; empty as long as it runs
 * @param error the error's code; empty if it went well
 * @param timeline where its time went
 * @param legs each model's part as JSON, where more than one could answer; else empty
 * @param content whether what was asked and answered is recorded elsewhere
 */
public record Entry(
        String id,
        String key,
        String client,
        String operation,
        String model,
        String answeredBy,
        String upstream,
        String tier,
        String route,
        String reason,
        String rule,
        OptionalDouble score,
        boolean stream,
        Instant arrived,
        String state,
        OptionalInt place,
        long nanos,
        OptionalLong firstToken,
        long pieces,
        Usage usage,
        OptionalDouble cost,
        int status,
        String outcome,
        String error,
        Timeline timeline,
        String legs,
        boolean content)
        implements RecordFiles.Line {
    private static final int LONGEST_AGENT = 60;
    private static final double SECOND = Duration.ofSeconds(1).toNanos();

    /** Of one that runs now. */
    static Entry running(Account account, OptionalInt place, long nowNanos, Instant now) {
        Call call = account.call();
        boolean answered = account.answered();
        Served served = account.served();
        long age = call.timeline().since(nowNanos);
        OptionalLong first = account.tally().firstToken();
        return new Entry(
                call.requestId(),
                call.caller().key(),
                client(call),
                call.operation().metricName(),
                call.model(),
                served.model(),
                answered ? served.upstream() : "",
                served.tier(),
                answered ? served.route().label() : "",
                served.reason(),
                call.rule(),
                served.score(),
                call.streaming(),
                now.minusNanos(age),
                answered ? "answering" : place.isPresent() ? "queued" : "waiting",
                place,
                age,
                first.isPresent() ? OptionalLong.of(call.timeline().since(first.getAsLong())) : first,
                account.tally().pieces(),
                account.tally().usage(),
                OptionalDouble.empty(),
                0,
                "",
                "",
                served.timeline(),
                "",
                false);
    }

    private static String client(Call call) {
        String agent = call.headers().get(HttpHeaders.USER_AGENT);
        String program = agent == null ? "" : agent.substring(0, Math.min(LONGEST_AGENT, agent.length()));
        return (call.caller().address().get() + " " + program).strip();
    }

    /** Of one that has ended now. */
    static Entry ended(ExchangeReport report, OptionalDouble cost, Instant now, boolean content) {
        Call call = report.call();
        Served served = report.served();
        return new Entry(
                call.requestId(),
                call.caller().key(),
                client(call),
                call.operation().metricName(),
                call.model(),
                served.model(),
                report.answered() ? served.upstream() : "",
                served.tier(),
                report.answered() ? served.route().label() : "",
                served.reason(),
                call.rule(),
                served.score(),
                call.streaming(),
                now.minusNanos(report.totalNanos()),
                "ended",
                OptionalInt.empty(),
                report.totalNanos(),
                report.firstToken(),
                report.tally().pieces(),
                report.tally().usage(),
                cost,
                report.status(),
                report.outcome().label(),
                report.error(),
                served.timeline(),
                report.parts().isEmpty()
                        ? ""
                        : GatewayObject.legs(report.parts()).encode(),
                content);
    }

    /**
     * One that has ended before.
     *
     * @throws RuntimeException if it is none
     */
    static Entry of(JsonObject json) {
        long tokens = json.getLong("tokens");
        return new Entry(
                Objects.requireNonNull(json.getString("id")),
                json.getString("key", ""),
                json.getString("client", ""),
                json.getString("operation"),
                json.getString("model"),
                json.getString("answered_by", ""),
                json.getString("upstream", ""),
                json.getString("tier", ""),
                json.getString("route", ""),
                json.getString("reason", ""),
                json.getString("rule", ""),
                number(json, "score"),
                json.getBoolean("stream"),
                instant(json.getDouble("created_at")),
                "ended",
                OptionalInt.empty(),
                nanos(json.getDouble("total_ms")),
                json.containsKey("first_token_ms")
                        ? OptionalLong.of(nanos(json.getDouble("first_token_ms")))
                        : OptionalLong.empty(),
                tokens,
                json.getBoolean("tokens_estimated") ? Usage.NONE : new Usage(json.getLong("prompt_tokens"), tokens),
                number(json, "cost"),
                json.getInteger("status", 0),
                json.getString("outcome", ""),
                json.getString("error", ""),
                Timeline.of(json.getJsonObject("timing")),
                json.containsKey("legs") ? json.getJsonArray("legs").encode() : "",
                json.getBoolean("content_recorded", false));
    }

    private static OptionalDouble number(JsonObject json, String name) {
        return json.containsKey(name) ? OptionalDouble.of(json.getDouble(name)) : OptionalDouble.empty();
    }

    private static long nanos(double millis) {
        return Math.round(millis * 1e6);
    }

    /** Of seconds since 1970. */
    static Instant instant(double seconds) {
        return Instant.ofEpochMilli(Math.round(seconds * 1e3));
    }

    /** Tokens written so far: as the model server counted them, or the pieces that came. */
    long tokens() {
        return usage.known() ? usage.completionTokens() : pieces;
    }

    /** As its reader gets it; what is not known is left out. */
    @Override
    public JsonObject json() {
        JsonObject json =
                new JsonObject().put("id", id).put("object", "gateway.exchange").put("state", state);
        put(json, "key", key);
        put(json, "client", client);
        json.put("operation", operation).put("model", model);
        put(json, "answered_by", answeredBy);
        put(json, "upstream", upstream);
        json.put("tier", tier);
        put(json, "route", route);
        put(json, "reason", reason);
        put(json, "rule", rule);
        score.ifPresent(value -> json.put("score", Math.round(value * 1e4) / 1e4));
        json.put("stream", stream).put("created_at", arrived.toEpochMilli() / 1e3);
        place.ifPresent(value -> json.put("queue_place", value));
        json.put("total_ms", Millis.of(nanos));
        firstToken.ifPresent(value -> json.put("first_token_ms", Millis.of(value)));
        json.put("tokens", tokens()).put("tokens_estimated", !usage.known());
        if (firstToken.isPresent() && tokens() > 1 && nanos > firstToken.getAsLong()) {
            double perSecond = (tokens() - 1) * SECOND / (nanos - firstToken.getAsLong());
            json.put("tokens_per_second", Math.round(perSecond * 10) / 10.0);
        }
        if (usage.known()) {
            json.put("prompt_tokens", usage.promptTokens());
        }
        cost.ifPresent(value -> json.put("cost", Math.round(value * 1e8) / 1e8));
        if (status > 0) {
            json.put("status", status);
        }
        put(json, "outcome", outcome);
        put(json, "error", error);
        if (content) {
            json.put("content_recorded", true);
        }
        json.put("timing", timeline.parts());
        return legs.isEmpty() ? json : json.put("legs", new JsonArray(legs));
    }

    @Override
    public long characters() {
        return 500L + id.length() + client.length() + model.length() + legs.length();
    }

    private static void put(JsonObject json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }
}
