package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Follows one call from its sending to the end of its reply's body, whichever way it ends, and reports once to all who want to know: one tap, however many
 * they are. The call carries it inward, so that a stage further in can join. Confined to the exchange's event loop, but for a
 * cancellation that comes from elsewhere, which the guard against a second end makes harmless.
 */
public final class Account implements TappedBody.Tap {
    private static final Logger LOG = Logger.getLogger(Account.class);
    private static final Served NOBODY = Served.direct("", "none", Timeline.NONE);

    private final Call call;
    private final NanoClock clock;
    private final List<Reader> readers = new ArrayList<>(3);
    private final Tally tally;
    /** Read from other threads, too, while it runs. */
    private volatile Served served = NOBODY;

    private volatile boolean answered;
    private volatile boolean stopped;
    private int status;
    private boolean stream;
    private boolean ended;
    private Optional<Spending> spent = Optional.empty();
    private Optional<List<LegReport>> legs = Optional.empty();
    private Optional<Consumer<Frame>> copy = Optional.empty();

    /** Who wants to know. What it throws at the end is logged, and the others are told all the same. */
    public interface Reader {
        /** It has been asked. */
        default void began(Account account) {}

        /** The reply has come, nothing of its body yet. */
        default void replied(ChatReply reply) {}

        default void firstToken() {}

        /** All is over; told once. */
        void ended(ExchangeReport report);
    }

    private Account(Call call, NanoClock clock) {
        this.call = call;
        this.clock = clock;
        this.tally = new Tally(clock);
    }

    /** Sends the call, and has its reader hear of the exchange that it belongs to; of the call itself where it belongs to none yet. */
    public static Uni<ChatReply> join(Call call, ChatService next, NanoClock clock, Reader reader) {
        if (call.account().isEmpty()) {
            return follow(call, next, clock, reader);
        }
        call.account().get().add(reader);
        return next.send(call);
    }

    /** Sends the call, and follows the reply to it alone. To be made once for each subscription. */
    public static Uni<ChatReply> follow(Call call, ChatService next, NanoClock clock, Reader reader) {
        Account account = new Account(call, clock);
        account.add(reader);
        Call followed = call.in(account);
        return Uni.createFrom()
                .deferred(() -> next.send(followed))
                .onItem()
                .transform(account::replied)
                .onFailure()
                .invoke(account::failed)
                .onCancellation()
                .invoke(() -> account.ended(StreamEnd.CANCELLED));
    }

    private void add(Reader reader) {
        readers.add(reader);
        reader.began(this);
    }

    private void failed(Throwable cause) {
        if (cause instanceof GatewayException known) {
            tally.spent(known.spent());
        }
        ended(StreamEnd.failed(cause));
    }

    /** What was asked, and by whom. */
    public Call call() {
        return call;
    }

    /** Gives what passes of the body to that one, too; for those who hear that it begins. */
    public void copyTo(Consumer<Frame> reader) {
        copy = Optional.of(reader);
    }

    /** Whether a reply has come. From any thread. */
    public boolean answered() {
        return answered;
    }

    /** How the answer comes about; of nobody as long as there is none. From any thread. */
    public Served served() {
        return served;
    }

    /** What has passed so far. Another thread may see a little less than that. */
    public Tally tally() {
        return tally;
    }

    /** What it has used, reckoned once for all who want to know; for those who hear of its end. */
    public Spending spent(ExchangeReport report, ModelFacts facts) {
        Spending known = spent.orElseGet(() -> Spending.of(report, facts));
        spent = Optional.of(known);
        return known;
    }

    /** Each model's part of it, as {@link ExchangeReport#legs}; made once for all who want to know, as {@link #spent} is. */
    public List<LegReport> legs(ExchangeReport report, ModelFacts facts) {
        List<LegReport> known = legs.orElseGet(() -> report.legs(facts));
        legs = Optional.of(known);
        return known;
    }

    /** Ends the exchange for an operator; the client is told. From any thread. */
    public void stop() {
        stopped = true;
        call.caller().stop().run();
    }

    private ChatReply replied(ChatReply reply) {
        served = reply.served();
        answered = true;
        status = reply.status();
        stream = reply.stream();
        readers.forEach(reader -> reader.replied(reply));
        return reply.withBody(new TappedBody(reply.body(), this));
    }

    @Override
    public void passed(Frame frame) {
        if (copy.isPresent()) {
            copy.get().accept(frame);
        }
        if (tally.add(frame)) {
            readers.forEach(Reader::firstToken);
        }
    }

    @Override
    public void ended(StreamEnd end) {
        if (ended) {
            return;
        }
        ended = true;
        StreamEnd how = stopped && end instanceof StreamEnd.Cancelled ? new StreamEnd.Failed(ErrorCode.CANCELLED) : end;
        if (status == 0 && how instanceof StreamEnd.Failed failed) {
            status = failed.code().status();
        }
        long total = call.timeline().since(clock.nanos());
        ExchangeReport report = new ExchangeReport(
                call,
                status,
                answered,
                stream,
                served,
                tally,
                total,
                how,
                served.legs().get());
        for (Reader reader : readers) {
            try {
                reader.ended(report);
            } catch (RuntimeException broken) {
                // The client's last byte waits for us.
                LOG.error("the usage of an exchange could not be counted", broken);
            }
        }
    }
}
