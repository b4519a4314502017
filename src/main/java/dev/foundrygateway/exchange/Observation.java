package dev.foundrygateway.exchange;

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

    /**
     * A hybrid model's decision about one request.
     *
     * @param model the virtual model's configured name
     * @param reason the policy's word for it
     * @param outcome what came of it: {@code kept}, {@code fallback} (a draft, since the large model could not or must not answer),
     *     {@code escalated}, {@code refined} or {@code hedged} (the large model wrote it), or {@code error}
     */
    record Decision(String model, String reason, String outcome) implements Observation {}

    /** The escalation score of one draft, from 0 to 1. */
    record Score(double score) implements Observation {}

    /** How long a draft was held back before its verdict, in nanoseconds. */
    record Held(long nanos) implements Observation {}

    /** From a request's arrival to its first token that was handed outward, in nanoseconds. */
    record FirstReleased(long nanos) implements Observation {}

    /** Tokens that were written and that nobody got to read. */
    record Wasted(String tier, long tokens) implements Observation {}

    /** What one leg cost, in the currency of the configured prices. */
    record Spent(String tier, double cost) implements Observation {}

    /** What a draft that was kept saved against asking the large model. */
    record Saved(double cost) implements Observation {}

    /** What an answer of a hybrid model would have cost had the large model alone been asked: the same tokens at its price. */
    record AllLarge(double cost) implements Observation {}

    /**
     * The share of a hybrid model's requests that were escalated, so far.
     *
     * @param model the virtual model's configured name
     */
    record EscalatedShare(String model, double share) implements Observation {}

    /**
     * The share of a hybrid model's requests that shall be escalated at most; told once, where one is configured.
     *
     * @param model the virtual model's configured name
     */
    record EscalationTarget(String model, double share) implements Observation {}

    /**
     * The large model was asked, while nobody waited for it, about a draft that was kept.
     *
     * @param model the virtual model's configured name
     * @param outcome {@code labelled}, {@code unread}, {@code failed} or {@code cancelled}
     * @param tokens what it read and wrote, by guess where it was cancelled
     */
    record Shadow(String model, String outcome, long tokens) implements Observation {}

    /**
     * What the large model said of a draft that was kept.
     *
     * @param model the virtual model's configured name
     * @param wrong whether it is rather wrong than right
     */
    record Labelled(String model, boolean wrong) implements Observation {}

    /**
     * A score was fitted anew to the labels of one's own traffic.
     *
     * @param model the virtual model's configured name
     * @param outcome {@code accepted}, or {@code refused} since it was not better on labels that it had not seen
     */
    record Refit(String model, String outcome) implements Observation {}

    /**
     * How far the scores of late lie from those that the score was fitted to: the population stability index.
     *
     * @param model the virtual model's configured name
     */
    record Drift(String model, double index) implements Observation {}

    /**
     * How far a demand on an answer's form had to go.
     *
     * @param step the ladder's word for it
     */
    record FormKept(String step) implements Observation {}

    /**
     * A request was answered with an error and never became an exchange.
     *
     * @param code the error's code
     */
    record Refused(String code) implements Observation {}

    /** Something that is read while the program runs has changed, and was taken or refused. */
    record Reloaded(Kind kind, boolean taken) implements Observation {
        /** What it is. */
        public enum Kind {
            /** The file of the rules that choose a model. */
            RULES,
            /** The certificates of TLS. */
            CERTIFICATE
        }
    }
}
