package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import io.vertx.core.http.HttpClientOptions;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;

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
                                ? ", which is not an answer"
                                : ", a redirect, which the gateway does not follow; set " + addressSetting(upstream)
                                        + " to the address that answers"));
    }

    public static GatewayException ofConnecting(Upstream upstream, Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return ofTimeout(upstream, "connect");
        }
        Optional<String> tls = tls(upstream, cause);
        if (tls.isPresent()) {
            return unreachable(upstream, tls.get());
        }
        String what = cause instanceof UnknownHostException ? "its host name is unknown" : "nothing answers";
        return unreachable(
                upstream,
                what + " at " + upstream.address() + "; start the model server, or set " + addressSetting(upstream));
    }

    private static GatewayException unreachable(Upstream upstream, String why) {
        return new GatewayException(
                ErrorCode.UPSTREAM_UNREACHABLE, "upstream " + upstream.name() + " is unreachable: " + why);
    }

    /** What TLS found wrong; empty if it was something else. */
    private static Optional<String> tls(Upstream upstream, Throwable cause) {
        boolean encrypted = false;
        String issuer = "";
        String told = "";
        for (Throwable at = cause; at != null; at = at.getCause()) {
            encrypted |= at instanceof SSLException || at instanceof CertificateException;
            if (at instanceof UpstreamTls.Untrusted untrusted) {
                issuer = " (" + untrusted.issuer() + ")";
            }
            if (at instanceof CertPathBuilderException) {
                return Optional.of("the certificate at " + upstream.address()
                        + " comes from a certificate authority" + issuer + " that is not known here; set "
                        + tlsSetting(upstream, "trust-store.pem.certs") + " to the authority's certificate");
            }
            if (at instanceof NotSslRecordException) {
                return Optional.of("the server at " + upstream.address() + " does not speak TLS; set "
                        + addressSetting(upstream) + " to its http address");
            }
            if (at instanceof CertificateException || at instanceof SSLException) {
                told = String.valueOf(at.getMessage());
            }
        }
        if (!encrypted) {
            return Optional.empty();
        }
        if (told.contains("alert") && told.contains("certificate")) {
            return Optional.of("the server at " + upstream.address() + " wants a client certificate that it knows; set "
                    + tlsSetting(upstream, "key-store.p12.path") + " to the key store that holds it");
        }
        return Optional.of("no TLS connection can be made to " + upstream.address() + " (" + told + "); set "
                + addressSetting(upstream) + " to the name that the server's certificate has");
    }

    private static String tlsSetting(Upstream upstream, String setting) {
        Optional<String> name = upstream.config().tlsConfiguration();
        return name.isPresent()
                ? "quarkus.tls." + name.get() + "." + setting
                : upstream.key("tls-configuration") + " to a name, and quarkus.tls.<name>." + setting;
    }

    /** Whether nothing listens at an address, which says nothing of the name's other ones. */
    static boolean isNobodyThere(Throwable cause) {
        return cause instanceof SocketException && !(cause instanceof ConnectTimeoutException);
    }

    /** A reply in an encoding that the gateway asked not to be given: {@code Accept-Encoding: identity}. */
    static GatewayException ofPacking(Upstream upstream, String encoding) {
        String shown = encoding.length() > 40 ? encoding.substring(0, 40) + "…" : encoding;
        return ofAnswer(
                upstream,
                " sent its reply packed (Content-Encoding: " + shown
                        + "), which the gateway had not asked for; switch compression off there, or in the proxy before it");
    }

    /** Whether a reply's head has come, and is none that can be read. */
    static boolean isUnreadableHead(Throwable cause) {
        return cause instanceof TooLongFrameException
                || cause instanceof DecoderException
                || cause instanceof IllegalArgumentException;
    }

    static GatewayException ofExchange(Upstream upstream, Throwable cause) {
        if (cause instanceof GatewayException known) {
            return known;
        }
        // TLS 1.3 tells a client only with its first answer that it should have shown a certificate.
        Optional<String> tls = tls(upstream, cause);
        if (tls.isPresent()) {
            return unreachable(upstream, tls.get());
        }
        if (cause instanceof TooLongFrameException) {
            return ofAnswer(
                    upstream,
                    " sent a reply whose head is too long; the gateway takes "
                            + HttpClientOptions.DEFAULT_MAX_HEADER_SIZE
                            + " bytes of headers and a status line of "
                            + HttpClientOptions.DEFAULT_MAX_INITIAL_LINE_LENGTH);
        }
        return ofAnswer(
                upstream,
                isUnreadableHead(cause)
                        ? " sent a reply whose head is no HTTP"
                        : " broke the connection before its answer ended");
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
