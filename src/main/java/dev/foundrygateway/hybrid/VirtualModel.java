package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.ModelFacts.Price;
import dev.foundrygateway.hybrid.HybridConfig.VerdictMode;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import dev.foundrygateway.openai.DecisionQuestion;
import dev.foundrygateway.openai.Language;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** One virtual model as configured and checked, with what it remembers between requests. Thread-safe. */
final class VirtualModel {
    private static final double EVEN = 0.5;
    private static final int PERCENT = 100;
    private static final int MOST_SAMPLES = 8;
    /** Room for the thoughts of a model that has some before it says a word. */
    static final int THINKING_TOKENS = 256;

    private final String name;
    private final HybridConfig.ModelConfig config;
    private final String draft;
    private final String escalation;
    private final List<Pattern> flags = new ArrayList<>();
    private final Calibration calibration;
    private final EscalationPolicy policy;
    private final RefinePolicy refining;
    private final Optional<Stickiness> stickiness;
    private final Budget budget;
    private final Share[] shares = new Share[PERCENT + 1];
    private final Share unlimited;
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong escalations = new AtomicLong();
    private volatile Optional<Learner> learner = Optional.empty();

    /**
     * Checks one configuration.
     *
     * @throws IllegalArgumentException when a value is missing or wrong; the message names the key
     */
    VirtualModel(String name, HybridConfig.ModelConfig config) {
        this.name = name;
        this.config = config;
        this.draft = named("draft", config.draft().orElse(""));
        this.escalation = named("escalation", config.escalation().orElse(""));
        require(draft.equals(name) || escalation.equals(name), "draft", "must not be the virtual model itself");
        require(name.indexOf('@') >= 0, "draft", "stands under a name with an @, which asks for a share");
        within("threshold", config.threshold());
        within("target-share", config.targetShare());
        require(
                config.threshold().isPresent() && config.targetShare().isPresent(),
                "target-share",
                "contradicts threshold; set one of them");
        require(config.hold().tokens() < 1, "hold.tokens", "must be 1 or more");
        positive("hold.time", config.hold().time());
        positive("hold.paragraph-time", config.hold().paragraphTime());
        require(
                config.hold().paragraphTokens() != 0
                        && config.hold().paragraphTokens() <= config.hold().tokens(),
                "hold.paragraph-tokens",
                "must be more than hold.tokens, or 0 for off");
        require(
                judgesParagraphs() && refines(),
                "hold.paragraph-tokens",
                "needs mode=fallback: refine mode judges whole drafts");
        require(
                hears(Witness.DECISION) && decisionModel().isBlank(),
                "decision-model",
                "is missing: witnesses has decision; name a model");
        require(
                !hears(Witness.DECISION) && !decisionModel().isBlank(),
                "decision-model",
                "is not asked: add decision to witnesses");
        require(
                hears(Witness.DECISION) && refines(),
                "witnesses",
                "has decision, which needs mode=fallback: refine mode asks the large model alone");
        config.hedgeAfter().ifPresent(time -> positive("hedge-after", time));
        config.budget().deadline().ifPresent(time -> positive("budget.deadline", time));
        require(config.refineCharacters() < 1, "refine-characters", "must be 1 or more");
        require(config.minCharacters() < 0, "min-characters", "must not be negative");
        require(draftTokens() < 1, "draft-tokens", "must be 1 or more");
        require(refineTokens() < 1, "refine-tokens", "must be 1 or more");
        require(!refinePrompt().contains("{draft}"), "refine-prompt", "must have {draft} in it");
        require(!(config.undecided() >= 0 && config.undecided() <= 1), "undecided", "must be from 0 to 1");
        require(
                config.samples() < 1 || config.samples() > MOST_SAMPLES,
                "samples",
                "must be from 1 to " + MOST_SAMPLES);
        require(
                !(config.sampleTemperature() > 0 && config.sampleTemperature() <= 2),
                "sample-temperature",
                "must be above 0 and at most 2");
        positive("witness-time", config.witnessTime());
        require(config.verdictTokens().orElse(1) < 1, "verdict-tokens", "must be 1 or more");
        require(
                hears(Witness.VERDICT) && verdict() == VerdictMode.OFF,
                "verdict",
                "contradicts witnesses; take verdict out of that list");
        require(!(config.sticky() >= 0 && config.sticky() <= 1), "sticky", "must be from 0 to 1");
        require(
                config.sticky() > 0 && refines(),
                "sticky",
                "needs mode=fallback: refine mode has no score that could be undecided");
        stickiness = config.sticky() > 0 ? Optional.of(new Stickiness(config.sticky())) : Optional.empty();
        HybridConfig.Learn learn = config.learn();
        require(
                learn.enabled() && refines(),
                "learn.enabled",
                "needs mode=fallback: refine mode has no score to learn");
        require(learn.tokensPerDay() < 0, "learn.tokens-a-day", "must not be negative");
        require(!(learn.sample() >= 0 && learn.sample() <= 1), "learn.sample", "must be from 0 to 1");
        positive("learn.idle", learn.idle());
        config.flags().orElse(List.of()).forEach(flag -> flags.add(pattern(flag)));
        try {
            calibration = config.calibration()
                    .map(file -> Calibration.read(Path.of(file)))
                    .orElseGet(Calibration::builtIn);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key("calibration") + ": " + e.getMessage(), e);
        }
        policy = new EscalationPolicy(calibration);
        refining = new RefinePolicy(config.refineCharacters());
        budget = new Budget(
                config.budget().tokensPerMinute().orElse(Long.MAX_VALUE),
                config.budget().costPerMinute().orElse(Double.POSITIVE_INFINITY));
        unlimited = Share.unlimited(config.threshold().orElse(EVEN));
        for (int percent = 0; percent <= PERCENT; percent++) {
            double share = percent / (double) PERCENT;
            shares[percent] = Share.atMost(
                    share, stage -> policy.thresholdFor(stage == Stage.OPENING ? stage : Stage.WHOLE, share));
        }
    }

    String name() {
        return name;
    }

    String draft() {
        return draft;
    }

    String escalation() {
        return escalation;
    }

    HybridConfig.ModelConfig config() {
        return config;
    }

    boolean refines() {
        return config.mode() == HybridConfig.Mode.REFINE;
    }

    /** Whether the configured list has that witness. */
    boolean hears(Witness witness) {
        return config.witnesses().orElse(List.of()).contains(witness);
    }

    /** Whether an opening that was found good is judged once more at its paragraph's end. */
    boolean judgesParagraphs() {
        return config.hold().paragraphTokens() > 0;
    }

    /** Empty if there is none. */
    String decisionModel() {
        return config.decisionModel().orElse("");
    }

    /** How it is asked. */
    DecisionQuestion decisionForm() {
        return config.decisionApi();
    }

    /** When the large model is asked for its verdict. */
    VerdictMode verdict() {
        return config.verdict().orElse(hears(Witness.VERDICT) ? VerdictMode.AUTO : VerdictMode.OFF);
    }

    /** Whether the small model's server is asked for log-probabilities. */
    boolean logprobs() {
        return config.logprobs() || hears(Witness.LOGPROBS);
    }

    int verdictTokens() {
        return config.verdictTokens().orElse(VerdictQuestion.thinks(escalation) ? THINKING_TOKENS : 1);
    }

    EscalationPolicy policy() {
        return policy;
    }

    /** The one that is configured, which has learnt nothing. */
    Calibration calibration() {
        return calibration;
    }

    /** Judges by another calibration from now on; the shares' thresholds follow. */
    void use(Calibration other) {
        policy.use(other);
        for (Share share : shares) {
            share.renew();
        }
    }

    /** Who learns from its traffic; empty if nobody does. */
    Optional<Learner> learner() {
        return learner;
    }

    void learns(Learner one) {
        learner = Optional.of(one);
    }

    RefinePolicy refining() {
        return refining;
    }

    /** Who answered the conversations' last turns; empty if that does not count. */
    Optional<Stickiness> stickiness() {
        return stickiness;
    }

    Budget budget() {
        return budget;
    }

    /** The share that a request asks for, in whole percent; the configured one if it asks for none. */
    Share share(OptionalDouble asked) {
        OptionalDouble wanted = asked.isPresent() ? asked : config.targetShare();
        return wanted.isEmpty() ? unlimited : shares[(int) Math.floor(wanted.getAsDouble() * PERCENT + 1e-9)];
    }

    /** Counts an answer, and gives the share of those that the large model wrote. */
    double count(boolean byLarge) {
        long all = answers.incrementAndGet();
        return (double) (byLarge ? escalations.incrementAndGet() : escalations.get()) / all;
    }

    boolean flagged(String text) {
        return flags.stream().anyMatch(flag -> flag.matcher(text).find());
    }

    int draftTokens() {
        return config.draftTokens().orElse(config.preset().draftTokens);
    }

    OptionalDouble draftTemperature() {
        return config.draftTemperature().isPresent() ? config.draftTemperature() : config.preset().draftTemperature;
    }

    String refinePrompt() {
        return config.refinePrompt().orElse(config.preset().prompt);
    }

    int refineTokens() {
        return config.refineTokens().orElse(config.preset().refineTokens);
    }

    OptionalDouble refineTemperature() {
        return config.refineTemperature().isPresent() ? config.refineTemperature() : config.preset().refineTemperature;
    }

    Price cloudPrice(boolean large) {
        HybridConfig.Cloud cloud = config.cloudPrice();
        return large
                ? new Price(cloud.escalationInput(), cloud.escalationOutput())
                : new Price(cloud.draftInput(), cloud.draftOutput());
    }

    private Pattern pattern(String flag) {
        try {
            return flag.length() > 2 && flag.startsWith("/") && flag.endsWith("/")
                    ? Pattern.compile(flag.substring(1, flag.length() - 1))
                    : Language.word(flag.strip());
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    key("flags") + " has the pattern " + flag + ": " + e.getDescription(), e);
        }
    }

    private String named(String setting, String model) {
        require(model.isBlank(), setting, "is missing: name a model");
        return model;
    }

    private void within(String setting, OptionalDouble value) {
        value.ifPresent(one -> require(!(one >= 0 && one <= 1), setting, "must be from 0 to 1, and is " + one));
    }

    private void positive(String setting, Duration time) {
        require(time.isZero() || time.isNegative(), setting, "must be greater than zero");
    }

    private void require(boolean wrong, String setting, String what) {
        if (wrong) {
            throw new IllegalArgumentException(key(setting) + " " + what);
        }
    }

    private String key(String setting) {
        return HybridConfig.PREFIX + "." + name + "." + setting;
    }
}
