package dev.foundrygateway.chat;

/** What a feature tells about its work. Every text in it comes from a closed set, so that it is safe as a metric label. */
public sealed interface Observation {
    /**
     * A model server was asked to load a model.
     *
     * @param model the upstream's id of it
     * @param outcome how it went
     */
    record ModelLoad(String model, Outcome outcome) implements Observation {
        /** How a load went. */
        public enum Outcome {
            LOADED,
            FAILED
        }
    }

    /**
     * A call has waited for a slot at its upstream.
     *
     * @param upstream the upstream's configured name
     * @param nanos how long
     */
    record Queued(String upstream, long nanos) implements Observation {}
}
