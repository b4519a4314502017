package dev.foundrygateway.compare;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ChatRequest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Asks some models the same and reports how each did. Thread-safe. */
@ApplicationScoped
public class Comparison {
    private final NanoClock clock;
    private final ModelFacts facts;

    Comparison(NanoClock clock, ModelFacts facts) {
        this.clock = clock;
        this.facts = facts;
    }

    /**
     * Runs a comparison when subscribed to; cancelling it cancels what still runs.
     *
     * @param request whom and what to ask
     * @param headers the client's, for each of the calls
     * @param caller who asks; each call gets its id with a number behind
     * @param models the pipeline
     * @return the reply's body; a model that fails has an {@code error} in its entry, and the others are reported all the same
     */
    public Uni<JsonObject> run(CompareRequest request, MultiMap headers, Caller caller, ChatService models) {
        List<String> names = request.models();
        Multi<Uni<Answer>> calls = Multi.createFrom()
                .range(0, names.size())
                .map(index -> ask(
                        request.chat().withModel(names.get(index)),
                        names.get(index),
                        headers,
                        caller.as(caller.requestId() + "-" + (index + 1)),
                        models));
        Uni<List<Answer>> answers = calls.onItem()
                .transformToUni(call -> call)
                .merge(request.parallel() ? names.size() : 1)
                .collect()
                .asList();
        return answers.chain(list -> judged(request, list, headers, caller, models))
                .map(results -> new JsonObject()
                        .put("object", "gateway.comparison")
                        .put("prompt", request.prompt())
                        .put("mode", request.parallel() ? "parallel" : "sequential")
                        .put("results", results));
    }

    private Uni<Answer> ask(ChatRequest question, String alias, MultiMap headers, Caller caller, ChatService models) {
        return Uni.createFrom().deferred(() -> {
            ChatRequest request = question.withMember("stream", "true").withUsage();
            Answer.Collector collector = new Answer.Collector(alias, clock, facts);
            return models.send(Call.of(Operation.CHAT, request, headers, Timeline.arrivedAt(clock.nanos()), caller))
                    .chain(reply -> reply.body()
                            .onItem()
                            .invoke(collector::take)
                            .onItem()
                            .ignoreAsUni()
                            .map(ignored -> collector.complete(reply)))
                    .onFailure()
                    .recoverWithItem(collector::failed);
        });
    }

    /** The entries in the order of the request, scored by the judge one after the other. */
    private Uni<JsonArray> judged(
            CompareRequest request, List<Answer> answers, MultiMap headers, Caller caller, ChatService models) {
        List<Answer> ordered = request.models().stream()
                .flatMap(
                        name -> answers.stream().filter(answer -> answer.alias().equals(name)))
                .toList();
        return Multi.createFrom()
                .iterable(ordered)
                .onItem()
                .transformToUniAndConcatenate(
                        answer -> judged(request, answer, headers, caller.as(caller.requestId() + "-judge"), models))
                .collect()
                .asList()
                .map(JsonArray::new);
    }

    private Uni<JsonObject> judged(
            CompareRequest request, Answer answer, MultiMap headers, Caller caller, ChatService models) {
        JsonObject entry = answer.json();
        if (request.judge().isEmpty() || answer.text().isEmpty()) {
            return Uni.createFrom().item(entry);
        }
        ChatRequest question = ChatRequest.parse(Rubric.question(request.judge(), request.prompt(), answer.text())
                .toBuffer());
        return ask(question, request.judge(), headers, caller, models).map(verdict -> {
            entry.put("judge", request.judge());
            return Rubric.scores(verdict.text())
                    .map(scores -> entry.put("rubric", scores))
                    .orElseGet(() -> entry.put(
                            "judge_error",
                            verdict.error().isEmpty()
                                    ? "the judge's reply has no score from 1 to 5 for each of " + Rubric.CRITERIA
                                    : verdict.error()));
        });
    }
}
