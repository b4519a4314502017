package dev.foundrygateway.practice;

import java.time.Duration;

/**
 * A model of the practice upstream.
 *
 * @param alias the name by which it is loaded
 * @param id the name by which it answers (in Foundry Local often {@code something-generic-cpu:1}); may be the alias
 * @param loadedInitially whether it answers without being loaded first
 * @param firstToken from the request to the first token
 * @param perToken from one token to the next
 * @param answerTokens about how many tokens its answers have, at least one
 */
public record PracticeModel(
        String alias, String id, boolean loadedInitially, Duration firstToken, Duration perToken, int answerTokens) {
    /** Checks the values. */
    public PracticeModel {
        if (alias.isEmpty() || id.isEmpty()) {
            throw new IllegalArgumentException("a practice model needs an alias and an id");
        }
        if (firstToken.isNegative() || perToken.isNegative()) {
            throw new IllegalArgumentException("model " + id + ": delays must not be negative");
        }
        if (answerTokens < 1) {
            throw new IllegalArgumentException(
                    "model " + id + ": answers need at least one token, not " + answerTokens);
        }
    }

    /** A loaded model whose alias is its id, without delays, with answers of about 30 tokens. */
    public static PracticeModel named(String id) {
        return new PracticeModel(id, id, true, Duration.ZERO, Duration.ZERO, 30);
    }

    /** The same model under another alias. */
    public PracticeModel withAlias(String newAlias) {
        return new PracticeModel(newAlias, id, loadedInitially, firstToken, perToken, answerTokens);
    }

    /** The same model, to be loaded before it answers. */
    public PracticeModel notLoaded() {
        return new PracticeModel(alias, id, false, firstToken, perToken, answerTokens);
    }

    /** The same model with these delays. */
    public PracticeModel withDelays(Duration newFirstToken, Duration newPerToken) {
        return new PracticeModel(alias, id, loadedInitially, newFirstToken, newPerToken, answerTokens);
    }

    /** The same model with answers of about so many tokens. */
    public PracticeModel withAnswerTokens(int tokens) {
        return new PracticeModel(alias, id, loadedInitially, firstToken, perToken, tokens);
    }
}
