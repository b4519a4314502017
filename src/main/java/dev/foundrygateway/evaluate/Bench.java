package dev.foundrygateway.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Asks models the same prompts at temperature 0, round by round, so that whatever disturbs the machine disturbs all of them.
 *
 * @param chat whom to ask
 * @param models the models
 * @param prompts what each is asked in each round
 * @param rounds how often
 * @param maxTokens the longest answer
 * @param meter the processes to watch
 * @param progress gets a line for each step
 */
record Bench(
        TimedChat chat,
        List<String> models,
        List<String> prompts,
        int rounds,
        int maxTokens,
        ProcessMeter meter,
        Consumer<String> progress) {
    /** What is asked where no prompt is given: short and long, facts and reasoning and code. */
    static final List<String> PROMPTS = List.of(
            "Explain retrieval-augmented generation in two sentences.",
            "Name three reasons to run a language model on one's own machine.",
            "A train leaves at 9:40 and arrives at 13:05. How long is the journey?",
            "Write a Python function that tells whether a word is a palindrome.",
            "Summarise in one sentence: a cache keeps what was asked lately, so that asking again is quick.");

    private static final String WARM_UP = "Say hello.";
    private static final int WARM_UP_TOKENS = 8;

    /** One model's measurements while they grow. */
    private static final class Tally {
        private final List<TimedChat.Answer> answers = new ArrayList<>();
        private final List<String> errors = new ArrayList<>();
        private OptionalDouble cpu = OptionalDouble.empty();
        private OptionalDouble memory = OptionalDouble.empty();
    }

    /** Runs it: each model is asked something short first, which loads it. */
    List<BenchResult> run() throws InterruptedException {
        List<Tally> tallies = new ArrayList<>();
        for (String model : models) {
            tallies.add(new Tally());
            try {
                progress.accept("warming up " + model);
                chat.ask(model, WARM_UP, WARM_UP_TOKENS, 0);
            } catch (IOException e) {
                progress.accept("  " + e.getMessage());
            }
        }
        for (int round = 1; round <= rounds; round++) {
            for (int model = 0; model < models.size(); model++) {
                for (String prompt : prompts) {
                    ask(models.get(model), prompt, tallies.get(model));
                }
                progress.accept("round " + round + " of " + rounds + ": " + models.get(model));
            }
        }
        List<BenchResult> results = new ArrayList<>();
        for (int model = 0; model < models.size(); model++) {
            Tally tally = tallies.get(model);
            results.add(
                    new BenchResult(models.get(model), rounds, tally.answers, tally.errors, tally.cpu, tally.memory));
        }
        return results;
    }

    private void ask(String model, String prompt, Tally tally) throws InterruptedException {
        OptionalDouble before = meter.cpuSeconds();
        try {
            tally.answers.add(chat.ask(model, prompt, maxTokens, 0));
        } catch (IOException e) {
            tally.errors.add(String.valueOf(e.getMessage()));
        }
        meter.cpuSeconds()
                .ifPresent(after -> tally.cpu = OptionalDouble.of(tally.cpu.orElse(0) + after - before.orElse(after)));
        meter.memoryMib().ifPresent(now -> tally.memory = OptionalDouble.of(Math.max(tally.memory.orElse(0), now)));
    }
}
