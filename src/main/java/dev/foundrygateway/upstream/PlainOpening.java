package dev.foundrygateway.upstream;

import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.Frame;
import dev.foundrygateway.openai.PlainReply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;

/** A plain answer: gathered whole, so that a connection that breaks in its middle is still a status; past a limit handed on in pieces. */
final class PlainOpening implements Opening {
    private final HttpClientResponse response;
    private final int limit;
    private Buffer gathered = Buffer.buffer(0);
    private boolean ended;
    private boolean handedOn;

    /**
     * An answer.
     *
     * @param limit how many bytes are gathered at most
     */
    PlainOpening(HttpClientResponse response, int limit) {
        this.response = response;
        this.limit = limit;
    }

    @Override
    public Frame read(Buffer bytes) {
        if (handedOn) {
            return Frame.plain(bytes);
        }
        gathered = gathered.length() == 0 ? bytes : gathered.appendBuffer(bytes);
        return Frame.EMPTY;
    }

    @Override
    public Frame end() {
        ended = true;
        return Frame.EMPTY;
    }

    @Override
    public boolean ready() {
        return ended || gathered.length() > limit;
    }

    @Override
    public Frame held() {
        handedOn = true;
        boolean json =
                String.valueOf(response.getHeader(HttpHeaders.CONTENT_TYPE)).startsWith("application/json");
        return json && ended ? PlainReply.frame(gathered) : Frame.plain(gathered);
    }

    @Override
    public boolean hasToken() {
        return false;
    }

    @Override
    public boolean stream() {
        return false;
    }

    @Override
    public Optional<PlainAnswer> refusal() {
        if (ended && gathered.length() == 0 && response.statusCode() >= 400) {
            return Optional.of(new PlainAnswer(
                    response.statusCode(),
                    PlainAnswer.error(
                                    ErrorCode.UPSTREAM_ERROR,
                                    "the model server answered " + response.statusCode() + " without a word")
                            .body()));
        }
        return Optional.empty();
    }

    @Override
    public boolean cutShort() {
        return false;
    }
}
