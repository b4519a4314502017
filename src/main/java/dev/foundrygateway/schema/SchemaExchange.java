package dev.foundrygateway.schema;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Route;
import dev.foundrygateway.exchange.SchemaRules;
import dev.foundrygateway.exchange.SchemaRules.Rule;
import dev.foundrygateway.exchange.SchemaRules.Support;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.FormRequests;
import dev.foundrygateway.openai.StreamedCalls;
import dev.foundrygateway.openai.WholeAnswer;
import dev.foundrygateway.openai.schema.Demand;
import dev.foundrygateway.openai.schema.Demand.Choice;
import dev.foundrygateway.openai.schema.Demand.Format;
import dev.foundrygateway.openai.schema.Violation;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.Usage;
import dev.foundrygateway.schema.Ladder.Move;
import dev.foundrygateway.schema.SchemaFilter.Tools;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.Set;

/**
 * One demand on its way up the ladder: asks, judges, and does what {@link Ladder} says. The account of the exchange sees the tokens of all tries; the client sees the usage of the answer
 * it gets. Cancelling ends the try under way, and no other begins. Confined to the exchange's event loop.
 */
final class SchemaExchange {
    static final String HEADER = "X-Gateway-Schema";

    /** Errors of a server that may be about the tool: those of the caller, of too much work and of a missing model are not. */
    private static final Set<Integer> MAY_MEAN_THE_TOOL = Set.of(400, 422, 500, 501, 502);

    private final Call call;
    private final ChatService next;
    private final SchemaRules rules;
    private final Rule rule;
    private final Terms terms;
    private final Tools tools;
    private final long startedNanos;
    private Usage spent = Usage.NONE;

    SchemaExchange(Call call, ChatService next, SchemaRules rules, Rule rule, Terms terms, Tools tools) {
        this.call = call;
        this.next = next;
        this.rules = rules;
        this.rule = rule;
        this.terms = terms;
        this.tools = tools;
        this.startedNanos = tools.clock().nanos();
    }

    /**
     * A request to one model.
     *
     * @param ladder where the demand stands
     * @param request what is sent
     * @param wrapped whether a tool stands for the form in it
     * @param startedNanos when it began, on the clock
     */
    private record Try(Ladder ladder, ChatRequest request, boolean wrapped, long startedNanos) {}

    Uni<ChatReply> answer() {
        Try first = form(call.request(), rule.support(), Rung.CHECKED);
        if (call.streaming() && terms.demand().noCallAlone()) {
            return next.send(call.with(first.request()))
                    .map(reply -> withoutCalls(reply, first.ladder().rung()));
        }
        if (first.ladder().rung() == Rung.NATIVE && call.streaming()) {
            return next.send(call).map(this::checkedAtTheEnd);
        }
        return send(first);
    }

    /** A request in the form that the model's server honours. */
    private Try form(ChatRequest came, Support support, Rung rung) {
        ChatRequest request = offered(came, support);
        boolean tool = support == Support.TOOL_CALL
                && terms.demand().formAlone(request)
                && !tools.refusals().expected(request.model());
        if (tool) {
            return first(Rung.TOOL_CALL, FormRequests.asTool(request, terms.demand()), true);
        }
        boolean told = support == Support.TOOL_CALL && terms.demand().format() != Format.ANY;
        return first(
                support == Support.NATIVE ? Rung.NATIVE : rung,
                told ? FormRequests.told(request, terms.demand()) : request,
                false);
    }

    /** The request with the tools that the server should see: most servers don't read a choice that says that none may be called. */
    private ChatRequest offered(ChatRequest request, Support support) {
        return terms.demand().choice() == Choice.NONE && support != Support.NATIVE ? request.withoutTools() : request;
    }

    private Try first(Rung rung, ChatRequest request, boolean wrapped) {
        Ladder.Rules allowed =
                new Ladder.Rules(tools.config().retries(), rule.fallback().isPresent());
        return new Try(Ladder.first(allowed, rung), request, wrapped, startedNanos);
    }

    private Uni<ChatReply> send(Try one) {
        boolean first = one.ladder().violation().isEmpty();
        return next.send(call.with(one.request()))
                .chain(reply -> new Gathering(reply, tools.clock()).all())
                .map(Optional::of)
                .onFailure(failure -> !first || mayMeanTheTool(one, failure))
                .recoverWithItem(Optional.empty())
                .chain(whole -> whole.isPresent() ? judge(one, whole.get()) : after(one, new Verdict.Refused(), ""));
    }

    private static boolean mayMeanTheTool(Try one, Throwable failure) {
        return one.ladder().rung() == Rung.TOOL_CALL
                && failure instanceof GatewayException known
                && known.code() == ErrorCode.UPSTREAM_ERROR;
    }

    private Uni<ChatReply> judge(Try one, Gathering whole) {
        int status = whole.reply().status();
        spent = spent.plus(whole.usage());
        if (status != 200) {
            boolean relayed = one.ladder().violation().isEmpty()
                    && (one.ladder().rung() != Rung.TOOL_CALL || !MAY_MEAN_THE_TOOL.contains(status));
            return relayed
                    ? Uni.createFrom().item(() -> whole.reply().withBody(one(Frame.plain(whole.json()))))
                    : after(one, new Verdict.Refused(), "");
        }
        return tools.worker()
                .run(() -> judged(one.wrapped(), whole))
                .chain(judged -> judged.answer()
                        .filter(answer -> judged.verdict() instanceof Verdict.Holds)
                        .map(answer -> Uni.createFrom().item(() -> deliver(one, judged.verdict(), whole, answer)))
                        .orElseGet(() -> after(one, judged.verdict(), judged.said())));
    }

    /** What a worker says of an answer; the answer is empty where it was too long to be read. */
    private record Judged(Verdict verdict, Optional<WholeAnswer> answer, String said) {}

    /** Prints, reads and checks an answer. On a worker: none of it is little work. */
    private Judged judged(boolean wrapped, Gathering whole) {
        Buffer json = whole.json();
        if (json.length() > tools.config().answerLimit().asLongValue()) {
            return new Judged(tooLong(), Optional.empty(), "");
        }
        WholeAnswer answer = whole.answer(json);
        if (wrapped) {
            Judge.unwrap(
                    answer,
                    FormRequests.toolName(terms.demand()),
                    terms.demand().schema());
        }
        String said = said(answer);
        return new Judged(Judge.judge(terms, answer), Optional.of(answer), said);
    }

    private static Verdict tooLong() {
        return new Verdict.Breaks(
                new Violation("", "length", "the answer is longer than gateway.schemas.answer-limit"), true);
    }

    private static String said(WholeAnswer answer) {
        WholeAnswer.Choice choice = answer.choices().get(0);
        StringBuilder said = new StringBuilder(choice.text());
        choice.calls()
                .forEach(call -> said.append(call.name())
                        .append(' ')
                        .append(call.arguments())
                        .append('\n'));
        return said.toString();
    }

    /** What follows a try that gave no answer. */
    private Uni<ChatReply> after(Try one, Verdict verdict, String said) {
        if (one.ladder().rung() == Rung.TOOL_CALL && verdict instanceof Verdict.Refused) {
            tools.refusals().refused(one.request().model());
        }
        boolean late =
                tools.clock().nanos() - startedNanos > tools.config().time().toNanos();
        Move move = one.ladder().after(verdict, late);
        if (move instanceof Move.Ask ask) {
            return send(next(one, ask.next(), said));
        }
        Violation broken =
                move instanceof Move.GiveUp giveUp ? giveUp.violation() : Violation.json("there is no answer");
        tools.observer().observe(new Observation.FormKept(Rung.VIOLATED.label()));
        return Uni.createFrom().failure(violated(broken).after(spent));
    }

    private Try next(Try before, Ladder ladder, String said) {
        long now = tools.clock().nanos();
        Demand demand = terms.demand();
        return switch (ladder.rung()) {
            case AGAIN ->
                new Try(
                        ladder,
                        FormRequests.again(
                                before.request(),
                                demand,
                                said,
                                ladder.violation().map(Violation::toString).orElse("")),
                        before.wrapped(),
                        now);
            case FALLBACK -> {
                String model = rule.fallback().orElseThrow();
                Try fallback =
                        form(call.request().withModel(model), rules.of(model).support(), Rung.FALLBACK);
                yield new Try(ladder, fallback.request(), fallback.wrapped(), now);
            }
            default -> new Try(ladder, FormRequests.told(offered(call.request(), rule.support()), demand), false, now);
        };
    }

    private GatewayException violated(Violation broken) {
        return new GatewayException(
                ErrorCode.SCHEMA_VIOLATION,
                "no answer of model " + call.model() + " keeps the form that was asked for: " + broken,
                terms.demand().noCallAlone()
                        ? "tool_choice"
                        : terms.demand().format() == Format.ANY ? "tools" : "response_format");
    }

    private ChatReply deliver(Try one, Verdict verdict, Gathering whole, WholeAnswer answer) {
        Move move = one.ladder().after(verdict, false);
        Rung rung = move instanceof Move.Deliver deliver
                ? deliver.rung()
                : one.ladder().rung();
        ChatReply reply = whole.reply();
        if (!terms.demand().binding() && rung == one.ladder().rung() && rung != Rung.AGAIN && rung != Rung.FALLBACK) {
            // Free calls that were right as they came.
            return reply.withBody(one(answer.plain(spent)));
        }
        if (call.options().report()) {
            answer.addGateway("{\"schema\":\"" + rung.label() + "\"}");
        }
        tools.observer().observe(new Observation.FormKept(rung.label()));
        Frame frame = reply.stream() ? answer.stream(spent, call.request().wantsUsage()) : answer.plain(spent);
        return new ChatReply(
                reply.status(), headers(reply, rung), reply.stream(), one(frame), served(one, whole, rung));
    }

    private static Multi<Frame> one(Frame frame) {
        return Multi.createFrom().item(frame);
    }

    private static MultiMap headers(ChatReply reply, Rung rung) {
        return MultiMap.caseInsensitiveMultiMap().setAll(reply.headers()).set(HEADER, rung.label());
    }

    /** Earlier tries and the time that the answer was held are no preparation and no overhead. */
    private Served served(Try one, Gathering whole, Rung rung) {
        long now = tools.clock().nanos();
        Served own = whole.reply().served();
        Timeline spentTime = own.timeline().held(now - whole.firstNanos(now), one.startedNanos() - startedNanos);
        return rung == Rung.FALLBACK
                ? own.decided(own.tier(), Route.FALLBACK, ErrorCode.SCHEMA_VIOLATION.code(), own.score(), spentTime)
                : own.decided(own.tier(), own.route(), own.reason(), own.score(), spentTime);
    }

    /** A stream that may call no tool: it passes up to a call. */
    private ChatReply withoutCalls(ChatReply reply, Rung rung) {
        if (reply.status() != 200 || !reply.stream()) {
            return reply;
        }
        Multi<Frame> body = reply.body()
                .onItem()
                .invoke(frame -> {
                    if (StreamedCalls.in(frame)) {
                        tools.observer().observe(new Observation.FormKept(Rung.VIOLATED.label()));
                        throw violated(Judge.UNASKED);
                    }
                })
                .onCompletion()
                .invoke(() -> tools.observer().observe(new Observation.FormKept(rung.label())));
        return new ChatReply(reply.status(), headers(reply, rung), true, body, reply.served());
    }

    /** A stream of a server that enforces the form: it passes, and its end waits for the check of the whole. */
    private ChatReply checkedAtTheEnd(ChatReply reply) {
        if (reply.status() != 200 || !reply.stream()) {
            return reply;
        }
        PassedStream stream = new PassedStream(new Gathering(reply, tools.clock()));
        Multi<Frame> end = Multi.createFrom()
                .uni(Uni.createFrom()
                        .deferred(() -> stream.whole()
                                .map(whole -> tools.worker()
                                        .run(() -> judged(false, whole))
                                        .map(judged -> ended(judged.verdict(), stream)))
                                // It has not come to its own end: nothing is known of its form.
                                .orElseGet(() -> Uni.createFrom().item(stream.held()))));
        Multi<Frame> body = Multi.createBy()
                .concatenating()
                .streams(reply.body().map(stream::pass), end)
                .select()
                .where(frame -> !frame.events().isEmpty() || frame.bytes().length() > 0);
        return new ChatReply(reply.status(), headers(reply, Rung.NATIVE), true, body, reply.served());
    }

    private Frame ended(Verdict verdict, PassedStream stream) {
        // What would have to be mended has left already.
        boolean holds = verdict instanceof Verdict.Holds whole && !whole.repaired();
        tools.observer().observe(new Observation.FormKept((holds ? Rung.NATIVE : Rung.VIOLATED).label()));
        if (holds) {
            return stream.held();
        }
        throw violated(
                verdict instanceof Verdict.Breaks breaks
                        ? breaks.violation()
                        : Violation.json("the text is not the JSON alone"));
    }
}
