package dev.foundrygateway.exchange;

/** Takes what retrieval tells about its work: its way to the metrics, which it doesn't see. Thread-safe; never throws. */
public interface RetrievalObserver {
    /** Hears nothing. */
    RetrievalObserver NONE = new RetrievalObserver() {
        @Override
        public void took(Stage stage, long nanos) {}

        @Override
        public void supported(double support) {}

        @Override
        public void decided(Decision decision) {}
    };

    /** The parts of one retrieval. */
    enum Stage {
        /** The question's vector, from the upstream. */
        EMBED,
        /** The search in the stores or the request's own documents. */
        SEARCH,
        /** Fitting the passages into the prompt. */
        PROMPT,
        /** All of it, waiting for a worker included. */
        TOTAL
    }

    /** What came of one retrieval. */
    enum Decision {
        /** The model got the sources. */
        CONTEXT,
        /** The sources did not support an answer, and the model was asked without them. */
        PLAIN,
        /** The sources did not support an answer, and the gateway said so without asking a model. */
        INSUFFICIENT,
        NOTHING
    }

    /** One stage took so many nanoseconds. */
    void took(Stage stage, long nanos);

    /** The support of one retrieval, from 0 to 1. */
    void supported(double support);

    /** One retrieval ended so. */
    void decided(Decision decision);
}
