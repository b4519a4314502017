package dev.foundrygateway.upstream;

import dev.foundrygateway.openai.HeaderValue;
import dev.foundrygateway.openai.sse.Frame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;

/** Reads a reply's body and says when its opening may be handed outward; until then it keeps what came. Confined to the exchange's event loop. */
public interface Opening {
    /** How many bytes of a plain answer are gathered before it is handed on in pieces. */
    int PIECES_UNHURT = 16 << 20;

    static Opening of(UpstreamCall call, HttpClientResponse reply) {
        if (!isStream(reply)) {
            return new PlainOpening(call, reply, PIECES_UNHURT);
        }
        return call.repairs().gathered() ? new GatheringOpening(call) : new StreamOpening(call);
    }

    /** Whether a reply is a stream of events; all others are read as plain ones. */
    static boolean isStream(HttpClientResponse reply) {
        return reply.statusCode() / 100 == 2 && hasType(reply, "text/event-stream");
    }

    /** Whether a reply's media type is that one, parameters and case aside. */
    static boolean hasType(HttpClientResponse reply, String type) {
        return HeaderValue.isType(reply.getHeader(HttpHeaders.CONTENT_TYPE), type);
    }

    /**
     * The next bytes.
     *
     * @return the frame they complete, of use only once the opening was handed outward
     * @throws IllegalStateException when a piece is longer than the gateway takes
     */
    Frame read(Buffer bytes);

    /** The upstream is done. Gives what was still incomplete, of use only once the opening was handed outward. */
    Frame end();

    /** Whether the opening may be handed outward now. */
    boolean ready();

    /** All that came before it was ready. Asked for once. */
    Frame held();

    /** Whether output has come. */
    boolean hasToken();

    /** Whether the body is a stream of events. */
    boolean stream();

    /**
     * What to answer instead of the upstream's reply: its "200 and then an error" as a status, its stream gathered, its errors repaired. Known before
     * anything was handed outward.
     */
    Optional<PlainAnswer> instead();

    /** Whether the answer is whole although the upstream goes on; nothing more is read then. */
    boolean complete();

    /** Whether the upstream itself has ended its answer, by {@code [DONE]} or an error: nothing that follows counts. */
    boolean done();

    /** Whether the upstream's body ended before its answer did, or in the middle of an event. */
    boolean cutShort();
}
