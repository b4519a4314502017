package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.netty.channel.ConnectTimeoutException;
import java.net.SocketException;
import java.net.UnknownHostException;

/** What went wrong on the way to a model server, in words that name the setting to look at. */
public final class Failures {
    private Failures() {}

    /** An answer that is none: what goes behind the upstream's name. */
    static GatewayException ofAnswer(Upstream upstream, String what) {
        return new GatewayException(ErrorCode.UPSTREAM_ERROR, "upstream " + upstream.name() + what);
    }

    /** A status that is no answer to a client: one before the answer, or one that sends it to an address that is not the client's to know. */
    static GatewayException ofStatus(Upstream upstream, int status) {
        return new GatewayException(
                ErrorCode.UPSTREAM_ERROR,
                "upstream " + upstream.name() + " answered " + status
                        + (status < 300
                                ? ", which is no answer"
                                : ", a redirect, which the gateway does not follow; set " + addressSetting(upstream)
                                        + " to the address that answers"));
    }

    public static GatewayException ofConnecting(Upstream upstream, Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return ofTimeout(upstream, "connect");
        }
        String what = cause instanceof UnknownHostException ? "its host name is unknown" : "nothing answers";
        return new GatewayException(
                ErrorCode.UPSTREAM_UNREACHABLE,
                "upstream " + upstream.name() + " is unreachable: " + what + " at " + upstream.address()
                        + "; start the model server, or set " + addressSetting(upstream));
    }

    /** Whether nothing listens at an address, which says nothing of the name's other ones. */
    static boolean isNobodyThere(Throwable cause) {
        return cause instanceof SocketException && !(cause instanceof ConnectTimeoutException);
    }

    static GatewayException ofExchange(Upstream upstream, Throwable cause) {
        if (cause instanceof GatewayException known) {
            return known;
        }
        return new GatewayException(
                ErrorCode.UPSTREAM_ERROR,
                "upstream " + upstream.name() + " broke the connection before its answer ended");
    }

    /** A wait that ended: {@code connect}, {@code first-token}, {@code idle} or {@code total}. */
    static GatewayException ofTimeout(Upstream upstream, String wait) {
        return new GatewayException(
                ErrorCode.UPSTREAM_TIMEOUT,
                "upstream " + upstream.name() + " took longer than " + upstream.key("timeouts." + wait)
                        + "; raise that setting if the model is only slow");
    }

    private static String addressSetting(Upstream upstream) {
        return upstream.name().equals(Upstreams.FOUNDRY) ? "FOUNDRY_LOCAL_ENDPOINT" : upstream.key("url");
    }
}
