package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Calls;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.Loop;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.ServerLoad;
import dev.foundrygateway.exchange.Troubles;
import dev.foundrygateway.openai.sse.Frame;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A hybrid filter over two models in memory, with a clock and alarms that the test moves. */
final class Bench {
    final FakeModels models = new FakeModels();
    final List<Observation> observed = new ArrayList<>();
    private final Map<String, ModelFacts.Facts> facts = new HashMap<>();
    private final List<Pending> alarms = new ArrayList<>();
    private final HybridFilter filter;
    /** Whether the models are loaded. */
    boolean loaded = true;

    final Troubles troubles = new Troubles();
    final VirtualModel model;
    /** What the next draft to be learnt from is drawn with. */
    double chance;
    /** How often somebody asked how busy a server is. */
    int loadsAsked;

    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private final Lessons lessons;
    private long now = 1_000_000_000;

    private record Pending(long due, Runnable then) {}

    /** Settings as name and value, below {@code gateway.hybrid.hybrid.}. */
    Bench(String... settings) {
        HybridModels virtual = new HybridModels(config(settings));
        Surroundings around = new Surroundings(facts(), name -> loaded, () -> now, this::alarm, observed::add);
        filter = new HybridFilter(virtual, around);
        model = virtual.find("hybrid").orElseThrow().model();
        lessons = new Lessons(
                virtual, around, new Learner.Means(this::load, Runnable::run, wall(), () -> chance), troubles);
        lessons.start(new StartupEvent());
    }

    private ServerLoad.Load load(String name) {
        loadsAsked++;
        return new ServerLoad.Load(models.sent(name), models.open(name));
    }

    private Clock wall() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return NOON.plusNanos(now);
            }
        };
    }

    /** As at the program's end. */
    void stop() {
        lessons.stop(new ShutdownEvent());
    }

    static HybridConfig config(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "gateway.hybrid.hybrid.draft", FakeModels.SMALL, "gateway.hybrid.hybrid.escalation", FakeModels.LARGE));
        for (int i = 0; i < settings.length; i += 2) {
            all.put("gateway.hybrid.hybrid." + settings[i], settings[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .withMapping(HybridConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build()
                .getConfigMapping(HybridConfig.class);
    }

    Bench priced(double small, double large) {
        facts.put(
                FakeModels.SMALL,
                new ModelFacts.Facts(OptionalLong.empty(), Optional.of(new ModelFacts.Price(small, small))));
        facts.put(
                FakeModels.LARGE,
                new ModelFacts.Facts(OptionalLong.empty(), Optional.of(new ModelFacts.Price(large, large))));
        return this;
    }

    Bench context(long length) {
        facts.put(FakeModels.SMALL, new ModelFacts.Facts(OptionalLong.of(length), Optional.empty()));
        return this;
    }

    private Loop.Alarm alarm(Duration after, Runnable then) {
        Pending pending = new Pending(now + after.toNanos(), then);
        alarms.add(pending);
        return () -> alarms.remove(pending);
    }

    /** Lets time pass, alarms ringing in order. */
    void pass(Duration time) {
        long until = now + time.toNanos();
        while (true) {
            Optional<Pending> next =
                    alarms.stream().filter(one -> one.due() <= until).min((a, b) -> Long.compare(a.due(), b.due()));
            if (next.isEmpty()) {
                break;
            }
            now = next.get().due();
            alarms.remove(next.get());
            next.get().then().run();
        }
        now = until;
    }

    /** How many alarms are still set. */
    int alarms() {
        return alarms.size();
    }

    ModelFacts facts() {
        return model -> facts.getOrDefault(model, ModelFacts.Facts.UNKNOWN);
    }

    /** A plain question's reply, for those who follow it themselves. */
    Uni<ChatReply> send(String question) {
        return filter.apply(Calls.chat(request(question).encode(), now), models);
    }

    Answer stream(String question) {
        return ask(request(question).put("stream", true));
    }

    Answer plain(String question) {
        return ask(request(question));
    }

    static JsonObject request(String question) {
        return new JsonObject()
                .put("model", "hybrid")
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", question)));
    }

    Answer ask(JsonObject request, String... headers) {
        return new Answer(Calls.chat(request.encode(), now, headers));
    }

    /** What a client sees of one answer. */
    final class Answer {
        final AssertSubscriber<Frame> frames = AssertSubscriber.create(Long.MAX_VALUE);
        private final Cancellable exchange;
        private @Nullable ChatReply reply;
        private @Nullable Throwable failure;

        Answer(Call call) {
            exchange = filter.apply(call, models).subscribe().with(this::replied, cause -> failure = cause);
        }

        private void replied(ChatReply came) {
            reply = came;
            came.body().subscribe().withSubscriber(frames);
        }

        void hangUp() {
            if (reply == null) {
                exchange.cancel();
            } else {
                frames.cancel();
            }
        }

        boolean replied() {
            return reply != null;
        }

        ChatReply reply() {
            if (reply == null) {
                throw new AssertionError("there is no reply yet", failure);
            }
            return reply;
        }

        Throwable failure() {
            if (failure == null) {
                throw new AssertionError("it did not fail");
            }
            return failure;
        }

        Served served() {
            return reply().served();
        }

        String route() {
            return served().route().label() + " " + served().reason();
        }

        private List<JsonObject> events() {
            List<JsonObject> events = new ArrayList<>();
            for (Frame frame : frames.getItems()) {
                for (String part : frame.bytes().toString().split("\n\n", -1)) {
                    String json = part.replaceFirst("^data: ", "");
                    if (json.startsWith("{")) {
                        events.add(new JsonObject(json));
                    }
                }
            }
            return events;
        }

        /** All text that reached the client. */
        String text() {
            StringBuilder text = new StringBuilder();
            for (JsonObject event : events()) {
                for (Object one : event.getJsonArray("choices", new JsonArray())) {
                    JsonObject choice = (JsonObject) one;
                    JsonObject output = choice.getJsonObject("delta", choice.getJsonObject("message"));
                    text.append(output.getString("content", ""));
                }
            }
            return text.toString();
        }

        /** The reply's gateway object. */
        JsonObject gateway() {
            return events().stream()
                    .filter(event -> event.containsKey("gateway"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no gateway object came"))
                    .getJsonObject("gateway");
        }

        /** The usage that the client sees last. */
        JsonObject usage() {
            return events().stream()
                    .filter(event -> event.containsKey("usage"))
                    .reduce((first, second) -> second)
                    .orElseThrow()
                    .getJsonObject("usage");
        }

        boolean done() {
            return frames.getItems().stream()
                    .anyMatch(frame -> frame.bytes().toString().contains("[DONE]"));
        }
    }
}
