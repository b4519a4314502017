package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.GatewayException;

/** Told how an exchange goes; once how it ended, when nothing more will come of it. A failure before the reply is the watcher's to hand on. */
interface ExchangeWatcher {
    /** Its reply has been handed outward; the body may go on. */
    void replied();

    /** So many bytes of its answer came. */
    void arrived(int bytes);

    /** The upstream's answer has ended, be it an error with a status; or its client left before. */
    void ended(int status);

    /** It was refused in the way that its kind of server has for streams: by a cut before the first event. That says nothing of the server's health. */
    void refused(GatewayException failure);

    /**
     * It failed.
     *
     * @param unanswered whether nothing at all had come back
     */
    void failed(GatewayException failure, boolean unanswered);
}
