package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Tally;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.TokenEstimate;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.Usage;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * One of the two calls behind a hybrid answer: sent, read frame by frame as asked for, counted, and cancelled when it has lost. What came is kept until
 * somebody takes it. Confined to the request's event loop.
 */
final class Leg implements MultiSubscriber<Frame> {
    /** Who is told what comes. */
    interface Listener {
        /** The reply is there; none of its body was asked for yet. */
        void opened(Leg leg);

        /** One frame, which was asked for. It was not kept. */
        void frame(Leg leg, Frame frame);

        /** The body has ended well. */
        void ended(Leg leg);

        /** The call failed, before or after its reply; {@link #failure} tells of what. */
        void failed(Leg leg);
    }

    /** Reads a leg to its end, and doesn't mind how it ends. */
    interface Whole extends Listener {
        @Override
        default void opened(Leg leg) {
            leg.request(Long.MAX_VALUE);
        }

        @Override
        default void frame(Leg leg, Frame frame) {
            leg.read(frame);
        }

        @Override
        default void failed(Leg leg) {
            ended(leg);
        }
    }

    /** As of a reply that is read whole; a model server need not heed {@code max_tokens}. */
    private static final long MOST_KEPT = 64L << 20;

    private final Side side;
    private final String role;
    private final String model;
    private final Call call;
    private final NanoClock clock;
    private final Listener listener;
    private final long startedNanos;

    private final Tally tally;
    private final List<Frame> kept = new ArrayList<>();
    private long keptBytes;
    private final Draft.Reader reader = new Draft.Reader();
    private @Nullable Cancellable sending;
    private @Nullable Subscription body;
    private @Nullable ChatReply reply;
    private boolean over;
    private boolean cancelled;
    private boolean broken;
    private long endNanos;
    private Optional<Throwable> failure = Optional.empty();

    /** Not sent yet; {@code role} is its name in the reply's {@code legs}. */
    Leg(Side side, String role, String model, Call call, NanoClock clock, Listener listener) {
        this.side = side;
        this.role = role;
        this.model = model;
        this.call = call;
        this.clock = clock;
        this.listener = listener;
        this.startedNanos = clock.nanos();
        this.tally = new Tally(clock);
    }

    void start(ChatService next) {
        Cancellable sent = next.send(call).subscribe().with(this::replied, this::onFailure);
        if (cancelled) {
            sent.cancel();
        } else {
            sending = sent;
        }
    }

    private void replied(ChatReply came) {
        if (over) {
            return;
        }
        reply = came;
        came.body().subscribe().withSubscriber(this);
        listener.opened(this);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        body = subscription;
    }

    /** Asks for so many more frames. */
    void request(long frames) {
        if (body != null && !over) {
            body.request(frames);
        }
    }

    @Override
    public void onItem(Frame frame) {
        if (over) {
            return;
        }
        if (keptBytes + frame.bytes().length() > MOST_KEPT) {
            if (body != null) {
                body.cancel();
            }
            onFailure(new GatewayException(
                    ErrorCode.UPSTREAM_ERROR,
                    "model " + model + " sent more than " + MOST_KEPT + " bytes that had to be held"));
            return;
        }
        tally.add(frame);
        listener.frame(this, frame);
    }

    @Override
    public void onFailure(Throwable cause) {
        if (!over) {
            over = true;
            broken = true;
            failure = Optional.of(cause);
            endNanos = clock.nanos();
            listener.failed(this);
        }
    }

    @Override
    public void onCompletion() {
        if (!over) {
            over = true;
            endNanos = clock.nanos();
            listener.ended(this);
        }
    }

    /** Resets the upstream call, if it is not over; nothing more is told. */
    void cancel() {
        if (over) {
            return;
        }
        over = true;
        cancelled = true;
        endNanos = clock.nanos();
        if (body != null) {
            body.cancel();
        } else if (sending != null) {
            sending.cancel();
        }
    }

    void keep(Frame frame) {
        kept.add(frame);
        keptBytes += frame.bytes().length();
    }

    /** How many bytes are kept now. */
    long keptBytes() {
        return keptBytes;
    }

    /** Keeps a frame that is to be judged. */
    void read(Frame frame) {
        keep(frame);
        reader.take(frame);
    }

    /** Reads a frame that goes on to the client at once, for those who learn from the draft. */
    void follow(Frame frame) {
        reader.take(frame);
    }

    /** What was kept, which is given away. */
    List<Frame> takeKept() {
        List<Frame> all = List.copyOf(kept);
        kept.clear();
        keptBytes = 0;
        return all;
    }

    /** What it answers, as far as it was read. */
    Draft draft() {
        return reader.draft(tally.finishReason());
    }

    /** The kept frames' bytes as text, for an error's message. */
    String keptText() {
        StringBuilder text = new StringBuilder();
        kept.forEach(frame -> text.append(frame.bytes()));
        return text.toString();
    }

    Side side() {
        return side;
    }

    String role() {
        return role;
    }

    /** What broke the call or its reply; empty if nothing did. */
    Optional<Throwable> failure() {
        return failure;
    }

    String model() {
        return model;
    }

    /** Its reply, which must have come. */
    ChatReply reply() {
        if (reply == null) {
            throw new IllegalStateException("the reply has not come");
        }
        return reply;
    }

    boolean replied() {
        return reply != null;
    }

    /** Whether it answers at all: its status is 200, and neither the call nor its stream has failed. */
    boolean sound() {
        return reply != null && reply.status() == 200 && !erred() && !cancelled;
    }

    boolean over() {
        return over;
    }

    boolean erred() {
        return broken || tally.erred();
    }

    /** Whether output has come: a token of a stream, or anything of a plain reply. */
    boolean hasOutput() {
        return firstNanos().isPresent();
    }

    /** Whether the model has said why it ended, or the body has ended. */
    boolean finished() {
        return !tally.finishReason().isEmpty() || over;
    }

    /** How many pieces of its answer were read. */
    long pieces() {
        return reader.pieces();
    }

    long startedNanos() {
        return startedNanos;
    }

    /** When its first token came; of a plain reply, when it came. */
    OptionalLong firstNanos() {
        return reply != null && !reply.stream() ? tally.firstFrame() : tally.firstToken();
    }

    /** When it was over; now, if it is not. */
    long endNanos() {
        return over ? endNanos : clock.nanos();
    }

    /** Whether the upstream counted its tokens. */
    boolean counted() {
        return tally.usage().known();
    }

    /** Its tokens as the upstream counted them, or else as they can be guessed. */
    Usage usage() {
        if (counted()) {
            return tally.usage();
        }
        if (!sent()) {
            return Usage.NONE;
        }
        boolean plain = reply != null && !reply.stream();
        long written = plain ? TokenEstimate.ofLength(reader.draft("").text()) : 0;
        return new Usage(TokenEstimate.ofLength(promptText()), Math.max(tally.pieces(), written));
    }

    /** Whether a server has the prompt to read, as far as is known: one that was not waited for has read it too. */
    boolean sent() {
        return replied() || (cancelled && sending != null);
    }

    private String promptText() {
        StringBuilder text = new StringBuilder();
        call.request()
                .conversation()
                .forEach(message -> text.append(message.text()).append('\n'));
        return text.toString();
    }
}
