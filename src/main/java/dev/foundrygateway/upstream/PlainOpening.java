package dev.foundrygateway.upstream;

import dev.foundrygateway.openai.ModelList;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.upstream.repair.AnswerShape;
import dev.foundrygateway.upstream.repair.ErrorRepairs;
import dev.foundrygateway.upstream.repair.PlainRepair;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A plain answer: gathered whole, so that a connection that breaks in its middle is still a status; past a limit handed on in pieces. */
final class PlainOpening implements Opening {
    private final UpstreamCall call;
    private final HttpClientResponse response;
    private final int limit;
    private Buffer gathered = Buffer.buffer(0);
    private @Nullable Frame whole;
    private final LateUsage usage = new LateUsage();
    private boolean ended;
    private boolean handedOn;

    /**
     * An answer.
     *
     * @param limit how many bytes are gathered at most
     */
    PlainOpening(UpstreamCall call, HttpClientResponse response, int limit) {
        this.call = call;
        this.response = response;
        this.limit = limit;
    }

    @Override
    public Frame read(Buffer bytes) {
        if (handedOn) {
            usage.take(bytes);
            return Frame.plain(bytes);
        }
        gathered = gathered.length() == 0 ? bytes : gathered.appendBuffer(bytes);
        return Frame.EMPTY;
    }

    @Override
    public Frame end() {
        ended = true;
        return handedOn && json() ? usage.told() : Frame.EMPTY;
    }

    @Override
    public boolean ready() {
        return ended || gathered.length() > limit;
    }

    @Override
    public Frame held() {
        handedOn = true;
        usage.take(gathered);
        return json() && ended ? whole() : Frame.plain(gathered);
    }

    @Override
    public boolean hasToken() {
        return false;
    }

    @Override
    public boolean stream() {
        return false;
    }

    /** An error or an answer that its dialect is known to break is repaired; an empty error is given a body in any case. */
    @Override
    public Optional<PlainAnswer> instead() {
        if (!ended) {
            return Optional.empty();
        }
        int status = response.statusCode();
        Optional<PlainAnswer> error = ErrorRepairs.ofReply(status, json(), gathered, call);
        if (error.isPresent()) {
            return error;
        }
        if (status / 100 != 2) {
            return Optional.empty();
        }
        Optional<UpstreamError> flaw =
                isChat() ? Optional.empty() : call.repairs().shape().flaw(type(), gathered);
        if (flaw.isPresent()) {
            UpstreamError told = ErrorRepairs.of(flaw.get(), call);
            return Optional.of(new PlainAnswer(told.status(), told.body().json()));
        }
        if (call.repairs().shape() == AnswerShape.MODELS) {
            return ModelList.repaired(gathered).map(list -> new PlainAnswer(200, list));
        }
        return json() ? PlainRepair.of(gathered, call) : Optional.empty();
    }

    @Override
    public boolean complete() {
        return false;
    }

    @Override
    public boolean done() {
        return false;
    }

    @Override
    public boolean cutShort() {
        return false;
    }

    /** What nearly every answer is, told by what is read of it in any case. */
    private boolean isChat() {
        return call.repairs().shape() == AnswerShape.CHOICES
                && json()
                && whole().events().stream().anyMatch(event -> event.kind() == Kind.CHUNK && event.choices());
    }

    /** The answer with what it means; once it has ended. */
    private Frame whole() {
        Frame known = whole;
        if (known == null) {
            known = Frame.answer(gathered);
            whole = known;
        }
        return known;
    }

    private boolean json() {
        return Opening.hasType(response, "application/json");
    }

    private String type() {
        String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
        return type == null ? "" : type;
    }

    /** The counts at the end of a reply too long to be read whole: only its last bytes are kept. */
    static final class LateUsage {
        private static final int KEPT = 2_048;
        private static final Pattern USAGE = Pattern.compile(
                "\"usage\"\\s{0,9}:\\s{0,9}(\\{[^{}]{1,1024}(?:\\{[^{}]{0,512}\\}[^{}]{0,512}){0,4}\\})");

        private Buffer tail = Buffer.buffer();

        void take(Buffer bytes) {
            Buffer both = bytes.length() >= KEPT ? bytes : tail.appendBuffer(bytes);
            tail = both.length() <= KEPT ? both.copy() : both.getBuffer(both.length() - KEPT, both.length());
        }

        /** A frame of no bytes that says them; empty if the reply doesn't end with them. */
        Frame told() {
            Matcher found = USAGE.matcher(tail.toString(StandardCharsets.ISO_8859_1));
            String counts = "";
            while (found.find()) {
                counts = found.group(1);
            }
            if (counts.isEmpty()) {
                return Frame.EMPTY;
            }
            StreamEvent event = Frame.answer(Buffer.buffer("{\"usage\":" + counts + "}"))
                    .events()
                    .get(0);
            return new Frame(Buffer.buffer(), List.of(event.at(0, 0)));
        }
    }
}
