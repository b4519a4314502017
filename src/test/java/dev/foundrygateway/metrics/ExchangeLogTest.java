package dev.foundrygateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Calls;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Route;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.Frame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The line that each exchange leaves in the log. */
class ExchangeLogTest {
    private static final long MILLI = 1_000_000;

    private final List<String> lines = new ArrayList<>();
    private final Logger logger = Logger.getLogger("dev.foundrygateway.exchange");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final MetricsFilter filter = new MetricsFilter(
            () -> 5 * MILLI,
            model -> model,
            new GenAiMeters(new SimpleMeterRegistry(), List::of),
            new ExchangeLog(),
            List.of());

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void leave() {
        logger.removeHandler(handler);
    }

    @Test
    void itNamesRouteReasonAndScoreAndLeavesOutWhatIsNotKnown() {
        Served served = Served.direct(
                        "gpt-oss-20b",
                        "foundry",
                        Timeline.arrivedAt(0).sentAt(MILLI).headAt(2 * MILLI))
                .decided(
                        "escalation",
                        Route.ESCALATED,
                        "score",
                        OptionalDouble.of(.123456),
                        Timeline.arrivedAt(0).sentAt(MILLI).headAt(2 * MILLI));
        ask(call -> Uni.createFrom()
                .item(new ChatReply(
                        200,
                        MultiMap.caseInsensitiveMultiMap(),
                        false,
                        Multi.createFrom().item(Frame.plain(Buffer.buffer("{}"))),
                        served)));
        assertEquals(
                "id=req_1 operation=chat model=hybrid upstream=foundry route=escalated reason=score score=0.1235 status=200"
                        + " outcome=ok stream=false queue_ms=0.000 prep_ms=1.000 send_ms=1.000 total_ms=5.000",
                lines.get(0));
    }

    @Test
    void aFailureHasNoRouteAndNoParts() {
        ask(call -> Uni.createFrom().failure(new GatewayException(ErrorCode.MODEL_NOT_FOUND, "no such model")));
        assertTrue(
                lines.get(0)
                        .endsWith(
                                "model=hybrid upstream=none status=404 outcome=client_error error=model_not_found stream=false total_ms=5.000"),
                lines.get(0));
    }

    private void ask(ChatService model) {
        filter.apply(Calls.chat("{\"model\":\"hybrid\"}"), model)
                .onItem()
                .transformToMulti(ChatReply::body)
                .subscribe()
                .with(frame -> {}, failure -> {});
    }
}
