package dev.foundrygateway.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.Calls;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.LegReport;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Route;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.StreamEnd;
import dev.foundrygateway.exchange.Tally;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.exchange.Troubles;
import dev.foundrygateway.exchange.Trust;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.Usage;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered beyond a restart, and how much of what was asked and answered. */
class LiveExchangesTest {
    private static final NanoClock CLOCK = () -> 7_000_000;
    private static final ModelFacts FACTS = model -> ModelFacts.Facts.UNKNOWN;
    private static final Query ALL = Query.of(Map.of());

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatEndedIsFoundAgainAfterARestart() {
        LiveExchanges first = live(Map.of());
        for (int i = 0; i < 3; i++) {
            chat(first, "id-" + i, "alice", "why?", "because");
        }
        JsonArray before = first.json(ALL, 0).getJsonArray("finished");
        first.close();
        LiveExchanges second = live(Map.of("size", "2"));
        JsonObject after = second.json(ALL, 0);
        assertEquals(0, after.getLong("ended"));
        assertEquals(
                before.getJsonObject(0).encode(),
                after.getJsonArray("finished").getJsonObject(0).encode());
        assertEquals(2, after.getJsonArray("finished").size());
        chat(second, "id-3", "", "why?", "because");
        JsonObject more = second.json(ALL, after.getLong("next"));
        assertEquals(1, more.getLong("ended"));
        assertEquals("id-3", more.getJsonArray("finished").getJsonObject(0).getString("id"));
        second.close();
    }

    @Test
    void nothingIsKeptOnDiskWhereThatIsNotWanted() throws IOException {
        LiveExchanges live = live(Map.of("keep", "false", "content", "true"));
        chat(live, "id", "", "why?", "because");
        live.close();
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
        assertEquals(1, live.json(ALL, 0).getJsonArray("finished").size());
    }

    @Test
    void whatWasSaidIsNeverRecordedUnlessThatIsSwitchedOn() throws IOException {
        LiveExchanges live = live(Map.of());
        chat(live, "id", "", "my question", "my answer");
        live.close();
        JsonObject one = live.json("id", "").orElseThrow();
        assertFalse(one.containsKey("content") || one.containsKey("content_recorded"), one::encode);
        assertFalse(live.json(ALL, 0).getBoolean("content_recorded"));
        String written = Files.readString(folder.resolve("exchanges-1.jsonl"));
        assertTrue(written.contains("\"id\":\"id\"") && !written.contains("my "), written);
        assertFalse(Files.exists(folder.resolve("contents-1.jsonl")));
    }

    @Test
    void questionAndAnswerAreCutMarkedAndForgotten() {
        Map<String, String> settings = Map.of("content", "true", "content-length", "10", "content-retention", "1h");
        LiveExchanges live = live(settings);
        chat(live, "id", "alice", "a question that is long", "an answer that is long");
        chat(live, "id", "bob", "bob's", "own");
        assertTrue(live.json(ALL, 0).getBoolean("content_recorded"));
        live.close();
        LiveExchanges again = live(settings);
        JsonObject told = again.json("id", "alice").orElseThrow();
        assertTrue(told.getBoolean("content_recorded"));
        assertEquals(
                new JsonObject().put("question", "a question").put("answer", "an answer "),
                told.getJsonObject("content"));
        JsonObject listed = again.json(ALL, 0).getJsonArray("finished").getJsonObject(1);
        assertTrue(listed.getBoolean("content_recorded") && !listed.containsKey("content"), listed::encode);
        // The same id, and another's key.
        assertEquals(
                "own",
                again.json("id", "bob").orElseThrow().getJsonObject("content").getString("answer"));
        assertTrue(again.json("id", "eve").isEmpty());
        now.updateAndGet(before -> Objects.requireNonNull(before).plus(Duration.ofMinutes(61)));
        JsonObject later = again.json("id", "alice").orElseThrow();
        assertTrue(later.getBoolean("content_recorded") && !later.containsKey("content"), later::encode);
        again.close();
        LiveExchanges late = live(settings);
        assertFalse(late.json("id", "alice").orElseThrow().containsKey("content"));
        late.close();
    }

    @Test
    void whatWasSaidLeavesTheDiskOnceItIsNotWantedThere() {
        for (Map<String, String> without : List.of(
                Map.of("content", "false"),
                Map.of("content", "true", "keep", "false"),
                Map.of("content", "true", "size", "0"))) {
            LiveExchanges with = live(Map.of("content", "true"));
            chat(with, "id", "", "my question", "my answer");
            with.close();
            Path file = folder.resolve("contents-1.jsonl");
            assertTrue(Files.exists(file));
            LiveExchanges live = live(without);
            assertFalse(Files.exists(file), without::toString);
            chat(live, "id", "", "my question", "my answer");
            live.close();
            assertFalse(Files.exists(file), without::toString);
        }
    }

    @Test
    void chatsThatSayNothingAreBoundedInMemoryToo() {
        Contents contents = new Contents(10, Duration.ofHours(1), now::get);
        for (int i = 0; i < 50_000; i++) {
            contents.add(new Contents.Content("id-" + i, "", Objects.requireNonNull(now.get()), "", ""));
        }
        assertTrue(contents.find("id-0", "").isEmpty());
        assertTrue(contents.find("id-49999", "").isPresent());
    }

    @Test
    void anEntryIsReadAsItWasWritten() {
        Call call = Calls.chat("{\"model\":\"hybrid\",\"messages\":[]}", 0);
        Timeline timeline = Timeline.arrivedAt(0)
                .retrieved(2_000_000)
                .queued(3_000_000)
                .sentAt(9_000_000)
                .headAt(11_000_000)
                .held(4_000_000, 0)
                .tokenAt(15_000_000);
        Served served = Served.direct("gpt-oss-20b", "foundry", timeline);
        LegReport leg = new LegReport(
                "draft",
                "phi",
                "foundry",
                OptionalLong.of(1_000_000),
                OptionalLong.of(0),
                OptionalLong.empty(),
                5_000_000,
                new Usage(7, 2),
                OptionalDouble.of(0.5));
        Entry entry = Entry.ended(
                new ExchangeReport(
                        call,
                        200,
                        true,
                        false,
                        served,
                        new Tally(CLOCK),
                        21_000_000,
                        StreamEnd.COMPLETED,
                        List.of(leg)),
                LegReport.cost(List.of(leg)),
                Instant.ofEpochSecond(1_000),
                true);
        JsonObject json = entry.json();
        assertEquals(json.encode(), Entry.of(json).json().encode());
        assertEquals(1.0, json.getJsonArray("legs").getJsonObject(0).getDouble("start_ms"), 0);
        assertEquals(
                "{\"queue\":3.0,\"prep\":4.0,\"retrieval\":2.0,\"hold\":4.0,\"send\":2.0,\"first-token\":15.0}",
                json.getJsonObject("timing").encode());
        assertEquals(Route.DIRECT.label(), json.getString("route"));
    }

    private LiveExchanges live(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>();
        settings.put("gateway.records.directory", folder.toString());
        more.forEach((name, value) -> settings.put("gateway.records." + name, value));
        RecordsConfig config = ConfigUtils.emptyConfigBuilder()
                .withMapping(RecordsConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 900))
                .build()
                .getConfigMapping(RecordsConfig.class);
        return new LiveExchanges(config, CLOCK, now::get, Map::of, FACTS, new Troubles());
    }

    private static void chat(LiveExchanges live, String id, String key, String question, String answer) {
        Call chat = Calls.chat(
                "{\"model\":\"phi\",\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}]}", 0);
        Call call = new Call(
                chat.operation(),
                chat.payload(),
                chat.options(),
                chat.headers(),
                chat.timeline(),
                new Caller(id, key, Trust.PROGRAM),
                chat.retrieved(),
                chat.account(),
                "");
        AtomicReference<Account> followed = new AtomicReference<>();
        Frame body = Frame.answer(
                Buffer.buffer("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + answer
                        + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}"));
        Account.Reader reader = new Account.Reader() {
            @Override
            public void began(Account account) {
                followed.set(account);
                live.began(account);
            }

            @Override
            public void ended(ExchangeReport report) {
                live.ended(Objects.requireNonNull(followed.get()), report);
            }
        };
        Account.follow(
                        call,
                        asked -> Uni.createFrom()
                                .item(ChatReply.json(Buffer.buffer(), Served.direct("phi", "foundry", Timeline.NONE))
                                        .withBody(Multi.createFrom().item(body))),
                        CLOCK,
                        reader)
                .await()
                .indefinitely()
                .body()
                .collect()
                .asList()
                .await()
                .indefinitely();
    }
}
