package dev.foundrygateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.Calls;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Spending;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.exchange.Trust;
import dev.foundrygateway.exchange.VirtualModels;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.Usage;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A key's tokens a minute, on a clock that the test moves. */
class TokenChargeTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final VirtualModels HYBRID = new VirtualModels() {
        @Override
        public List<String> names() {
            return List.of("hybrid");
        }

        @Override
        public String nameOf(String model) {
            return model.equals("hybrid") ? model : "";
        }

        @Override
        public List<String> tiers(String model) {
            return model.equals("hybrid") ? List.of("small", "large") : List.of();
        }
    };

    private static final Budgets NO_BUDGETS =
            new Budgets(Map::of, new Allowances(0, 0), (key, day) -> Spending.NONE, () -> Instant.EPOCH);

    private final AtomicLong now = new AtomicLong();
    private final List<UnicastProcessor<Frame>> bodies = new ArrayList<>();
    private final List<Call> sent = new ArrayList<>();
    private final List<Throwable> refused = new ArrayList<>();
    private final ApiKeys keys = keys(100);
    private final TokenCharge charge = new TokenCharge(
            keys, NO_BUDGETS, RATES, HYBRID, model -> ModelFacts.Facts.UNKNOWN, now::get, () -> Instant.EPOCH);

    private record Key(String sha256, OptionalInt requestsPerMinute, OptionalInt tokensPerMinute)
            implements ApiKeysConfig.ApiKeyConfig {
        @Override
        public java.util.Optional<java.util.Set<ApiKeysConfig.KeyArea>> areas() {
            return java.util.Optional.empty();
        }

        @Override
        public BudgetsConfig.KeyBudgets budgets() {
            return new Allowances(0, 0);
        }

        @Override
        public java.util.Optional<java.util.Set<String>> models() {
            return java.util.Optional.empty();
        }

        @Override
        public java.util.Optional<java.util.Set<String>> stores() {
            return java.util.Optional.empty();
        }
    }

    private static final RatesConfig RATES = new RatesConfig() {
        @Override
        public OptionalInt requestsPerMinute() {
            return OptionalInt.empty();
        }

        @Override
        public OptionalInt tokensPerMinute() {
            return OptionalInt.empty();
        }

        @Override
        public int answerTokens() {
            return 2_048;
        }
    };

    @Test
    void twentyCallsAtOnceCannotSpendMoreThanTheLimit() {
        for (int i = 0; i < 20; i++) {
            ask(
                    "{\"model\":\"m\",\"stream\":true,\"max_tokens\":30,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}");
        }
        // One token for the prompt and thirty for the answer: three of them fit.
        assertEquals(3, sent.size());
        assertEquals(17, refused.size());
        GatewayException failure = (GatewayException) refused.get(0);
        assertEquals(ErrorCode.RATE_LIMIT_EXCEEDED, failure.code());
        assertTrue(failure.retryAfter().toSeconds() <= 60, failure.retryAfter()::toString);
        bodies.forEach(body -> finish(body, 1, 30));
        assertEquals(7, left());
        now.addAndGet(60 * SECOND);
        assertEquals(100, left());
    }

    @Test
    void withoutALimitOfItsOwnAnAnswerGetsWhatIsAllowed() {
        ask("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}");
        assertEquals(99, sent.get(0).request().maxTokens().orElse(0));
        ask("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}");
        assertEquals(1, sent.size());
        finish(bodies.get(0), 3, 17);
        assertEquals(80, left());
    }

    @Test
    void nobodyIsLockedOutForMinutesByAnAnswerThatWasLongerThanReserved() {
        ask("{\"model\":\"m\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}");
        finish(bodies.get(0), 5, 8_680);
        assertEquals(0, left());
        now.addAndGet(61 * SECOND);
        assertTrue(left() > 0);
    }

    @Test
    void aLeaverIsChargedForWhatItGot() {
        AssertSubscriber<Frame> client = ask(
                "{\"model\":\"m\",\"stream\":true,\"max_tokens\":50,\"messages\":[{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":\"why now\"}]}");
        assertEquals(46, left());
        for (int i = 0; i < 6; i++) {
            bodies.get(0).onNext(frame("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}"));
        }
        client.cancel();
        // Four words of history and question, and six pieces.
        assertEquals(90, left());
    }

    @Test
    void everyAnswerAndEveryTierIsReserved() {
        ask("{\"model\":\"m\",\"n\":3,\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}");
        assertEquals(39, left());
        ask("{\"model\":\"hybrid\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}");
        assertEquals(1, sent.size());
        finish(bodies.get(0), 1, 9);
        ask("{\"model\":\"hybrid\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}");
        assertEquals(48, left());
    }

    @Test
    void whatIsMoreThanAMinutesWorthIsRefusedByItsName() {
        ask("{\"model\":\"m\",\"max_tokens\":4000,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}");
        ask("{\"model\":\"m\",\"max_tokens\":9000000000000000,\"n\":1000000000,\"messages\":[]}");
        assertTrue(sent.isEmpty());
        assertTrue(String.valueOf(refused.get(0).getMessage()).contains("ask for less by max_tokens"));
        assertEquals(2, refused.size());
        assertEquals(100, left());
    }

    @Test
    void answersThatWereThrownAwayAreChargedThoughTheClientGotAnError() {
        GatewayException violated =
                new GatewayException(ErrorCode.SCHEMA_VIOLATION, "no answer keeps the form").after(new Usage(10, 30));
        ask(
                "{\"model\":\"m\",\"max_tokens\":40,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}",
                call -> Uni.createFrom().failure(violated));
        assertEquals(violated, refused.get(0));
        assertEquals(60, left());
    }

    @Test
    void aPromptThatWasTooLongAndIsSentAgainIsPaidOnce() {
        ChatReply tooLong = new ChatReply(
                400,
                MultiMap.caseInsensitiveMultiMap(),
                false,
                Multi.createFrom().empty(),
                Served.direct("m", "foundry", Timeline.NONE));
        String json =
                "{\"model\":\"m\",\"stream\":true,\"max_tokens\":60,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}";
        ask(json, call -> Uni.createFrom().item(tooLong));
        assertEquals(100, left());
        ask(json);
        assertEquals(1, sent.size());
    }

    @Test
    void theLargerOfTwoLimitsIsReservedAndBothAreBounded() {
        ask("{\"model\":\"m\",\"max_completion_tokens\":1,\"max_tokens\":60,\"messages\":[]}");
        assertEquals(40, left());
        now.addAndGet(60 * SECOND);
        ask("{\"model\":\"m\",\"max_completion_tokens\":-1,\"messages\":[]}");
        assertTrue(
                sent.get(1).request().member("max_completion_tokens").orElse("").matches("[0-9]+"));
    }

    @Test
    void keysWithoutALimitAreNotTouched() {
        String json = "{\"model\":\"m\",\"messages\":[]}";
        Call call = Calls.chat(json);
        charge.apply(call, one -> {
                    assertFalse(one.request().maxTokens().isPresent());
                    sent.add(one);
                    return Uni.createFrom().nothing();
                })
                .subscribe()
                .with(reply -> {});
        assertEquals(1, sent.size());
    }

    private long left() {
        return keys.named("alice").orElseThrow().tokens().remaining(now.get());
    }

    private AssertSubscriber<Frame> ask(String json) {
        return ask(json, this::model);
    }

    private AssertSubscriber<Frame> ask(String json, ChatService model) {
        Call plain = Calls.chat(json);
        Call call = new Call(
                plain.operation(),
                plain.payload(),
                plain.options(),
                plain.headers(),
                plain.timeline(),
                new Caller("req_1", "alice", Trust.PROGRAM),
                plain.retrieved(),
                plain.account(),
                plain.rule());
        AssertSubscriber<Frame> client = AssertSubscriber.create(100);
        charge.apply(call, model)
                .subscribe()
                .with(reply -> reply.body().subscribe().withSubscriber(client), refused::add);
        return client;
    }

    private Uni<ChatReply> model(Call call) {
        sent.add(call);
        UnicastProcessor<Frame> body = UnicastProcessor.create();
        bodies.add(body);
        return Uni.createFrom()
                .item(new ChatReply(
                        200,
                        MultiMap.caseInsensitiveMultiMap(),
                        true,
                        body,
                        Served.direct("m", "foundry", Timeline.NONE)));
    }

    private static void finish(UnicastProcessor<Frame> body, int prompt, int completion) {
        body.onNext(frame("{\"choices\":[],\"usage\":{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":"
                + completion + "}}"));
        body.onComplete();
    }

    private static Frame frame(String json) {
        return new EventScanner(10_000).feed(Buffer.buffer("data: " + json + "\n\n"));
    }

    private static ApiKeys keys(int tokens) {
        return new ApiKeys(
                () -> Map.of("alice", new Key(sha256("a"), OptionalInt.empty(), OptionalInt.of(tokens))), RATES);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
