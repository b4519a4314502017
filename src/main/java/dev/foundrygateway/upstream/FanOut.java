package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.MergedChoices;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.upstream.repair.Dialect;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;

/**
 * Several answers from a model server that gives one: as many calls, one after the other, since Foundry Local is slower at several at once than in sequence.
 *
 * @see <a href="https://github.com/microsoft/foundry-local/issues/637">foundry-local 637</a>
 */
final class FanOut {
    /** More would hold the model for minutes. */
    private static final int MOST = 16;

    private FanOut() {}

    /** Whether the call wants several answers that the dialect would not give. */
    static boolean needed(Call call, Dialect dialect) {
        return dialect.has(Dialect.Trait.IGNORES_N)
                && call.operation() == Operation.CHAT
                && call.request().answers() > 1;
    }

    /**
     * Asks for the answers.
     *
     * @param one answers a call for one answer
     * @return the answers as one reply; the first reply that is none of status 200, if there is one. A stream that has begun ends with an error instead
     * @throws GatewayException when there are too many
     */
    static Uni<ChatReply> send(Call call, ChatService one) {
        int answers = call.request().answers();
        if (answers > MOST) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST,
                    "n must be at most " + MOST + ": this model server gives one answer at a time",
                    "n");
        }
        Call single = call.with(call.request().withoutMember("n"));
        return call.request().streaming() ? stream(answers, single, one) : next(List.of(), answers, single, one);
    }

    /** Cancelling it cancels the answer that is under way, and no other begins. */
    private static Uni<ChatReply> stream(int answers, Call single, ChatService one) {
        return one.send(single).map(first -> {
            if (first.status() != 200 || !first.stream()) {
                return first;
            }
            MergedChoices.Streamed choices = new MergedChoices.Streamed(answers);
            Multi<Frame> later =
                    Multi.createFrom().deferred(() -> one.send(single).onItem().transformToMulti(FanOut::body));
            List<Multi<Frame>> bodies = new ArrayList<>();
            for (int i = 0; i < answers; i++) {
                Multi<Frame> body = i == 0 ? first.body() : later;
                bodies.add(body.map(choices::take)
                        .filter(frame -> !frame.events().isEmpty())
                        .onCompletion()
                        .invoke(choices::next));
            }
            return first.withBody(Multi.createBy().concatenating().streams(bodies));
        });
    }

    /** A refusal of a later answer comes when the status has left. */
    private static Multi<Frame> body(ChatReply later) {
        return later.status() == 200 && later.stream()
                ? later.body()
                : later.whole()
                        .onItem()
                        .transformToMulti(told -> Multi.createFrom()
                                .failure(new GatewayException(
                                        ErrorCode.UPSTREAM_ERROR,
                                        UpstreamError.read(told).body().message())));
    }

    private static Uni<ChatReply> next(List<Frame> before, int answers, Call single, ChatService one) {
        return one.send(single).chain(reply -> {
            if (reply.status() != 200) {
                return Uni.createFrom().item(reply);
            }
            return reply.body().collect().in(Whole::new, Whole::add).chain(whole -> {
                List<Frame> all = new ArrayList<>(before);
                all.add(whole.frame);
                return all.size() < answers
                        ? next(all, answers, single, one)
                        : Uni.createFrom()
                                .item(reply.withBody(Multi.createFrom().item(MergedChoices.of(all))));
            });
        });
    }

    /** The frames of one plain reply, joined. */
    private static final class Whole {
        private Frame frame = Frame.EMPTY;

        void add(Frame next) {
            frame = frame.join(next);
        }
    }
}
