package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Within;
import dev.foundrygateway.openai.DecisionQuestion;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** {@code gateway.hybrid.<name>.…}: the virtual models, each a small and a large model behind one name. */
@ConfigMapping(prefix = HybridConfig.PREFIX)
public interface HybridConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.hybrid";

    /** The virtual models by name; {@code hybrid} exists by default. */
    @WithParentName
    Map<String, ModelConfig> byName();

    /** When the large model answers. */
    enum Mode {
        /** When the small model's answer won't do. */
        FALLBACK,
        /** To refine the small model's long drafts. */
        REFINE
    }

    /** The workshop's two ways to refine. */
    enum Preset {
        POLISH(280, OptionalDouble.empty(), "Refine and polish:\n{draft}", 220, OptionalDouble.empty()),
        CLARIFY(300, OptionalDouble.of(0.4), "Improve clarity but keep facts:\n{draft}", 220, OptionalDouble.of(0.3));

        final int draftTokens;
        final OptionalDouble draftTemperature;
        final String prompt;
        final int refineTokens;
        final OptionalDouble refineTemperature;

        Preset(
                int draftTokens,
                OptionalDouble draftTemperature,
                String prompt,
                int refineTokens,
                OptionalDouble refineTemperature) {
            this.draftTokens = draftTokens;
            this.draftTemperature = draftTemperature;
            this.prompt = prompt;
            this.refineTokens = refineTokens;
            this.refineTemperature = refineTemperature;
        }
    }

    /** When the large model is asked for its verdict about a draft whose score leaves it open. */
    enum VerdictMode {
        /** Where it is loaded, or on a server that is not told to load: so that no model is swapped for a question. */
        AUTO,
        /** Never. */
        OFF,
        /** Even if it must be loaded for it. */
        ALWAYS
    }

    /** What to do when the small model fails. */
    enum DraftDown {
        /** Ask the large one. */
        ESCALATE,
        /** Tell the client. */
        ERROR
    }

    /** One virtual model. */
    interface ModelConfig {
        /** The small model, which drafts: a name as in a request's {@code model}. */
        Optional<String> draft();

        /** The large model; it may be on another upstream. */
        Optional<String> escalation();

        /** When the large model answers. */
        @WithDefault("fallback")
        Mode mode();

        /** The score, from 0 to 1, from which on a draft is escalated; 0.5 if neither it nor {@code target-share} is set: more likely wrong than right. */
        @Within(max = 1)
        OptionalDouble threshold();

        /** The share of requests to escalate at most, from 0 to 1; its threshold comes from the calibration. */
        @Within(max = 1)
        OptionalDouble targetShare();

        /** A calibration file of one's own, as {@code calibrate} writes it; the built-in one if empty. */
        Optional<String> calibration();

        /** How much of a draft is held back until it is judged. */
        Hold hold();

        /** Fewer characters than these (Unicode code points) in a whole answer count as too short; off by default, since many good answers are short. */
        @WithDefault("0")
        int minCharacters();

        /** Refine mode: from how many characters (Unicode code points) on a draft is refined; the workshop's number. */
        @WithDefault("600")
        int refineCharacters();

        /** Words that make a topic flagged, compared without case as whole words; between slashes, regular expressions. */
        Optional<List<String>> flags();

        /** Refine mode: which defaults the settings below have. */
        @WithDefault("polish")
        Preset preset();

        /** Refine mode: the draft's {@code max_tokens}; if empty 280, with {@code preset=clarify} 300. */
        OptionalInt draftTokens();

        /** Refine mode: the draft's {@code temperature}; if empty the client's own, with {@code preset=clarify} 0.4. */
        OptionalDouble draftTemperature();

        /**
         * Refine mode: the large model's prompt, with {@code {draft}} and {@code {question}} filled in; if empty {@code "Refine and polish:\n{draft}"}, with
         * {@code preset=clarify} {@code "Improve clarity but keep facts:\n{draft}"}.
         */
        Optional<String> refinePrompt();

        /** Refine mode: the refinement's {@code max_tokens}; 220 if empty. */
        OptionalInt refineTokens();

        /** Refine mode: the refinement's {@code temperature}; if empty the client's own, with {@code preset=clarify} 0.3. */
        OptionalDouble refineTemperature();

        /** Start the large model too when the small one has given no token for so long; off by default, since it doubles the load. */
        Optional<Duration> hedgeAfter();

        /** What to do when the small model fails. */
        @WithDefault("escalate")
        DraftDown draftDown();

        /** Go on reading a rejected draft until the large model's first token, so that it is there if that fails. */
        @WithDefault("true")
        boolean keepDraft();

        /** Ask the small model's server for log-probabilities; off by default, since Foundry Local gives none and others charge time for them. */
        @WithDefault("false")
        boolean logprobs();

        /** Who is heard about a draft beside its text: {@code logprobs}, {@code agreement}, {@code decision}, {@code verdict}; nobody by default, since each costs tokens and time. */
        Optional<List<Witness>> witnesses();

        /** The decision model that the witness {@code decision} asks: a model as in {@code draft}, on a server that has one; it is not asked if it would have to be loaded. */
        Optional<String> decisionModel();

        /** Which of the two its server speaks: {@code system-one} ({@code /v1/systemone}, as llama.cpp) or {@code decisions} ({@code /v1/decisions}, as OpenAI). */
        @WithDefault("system-one")
        DecisionQuestion decisionApi();

        /** When the large model is asked for its verdict; {@code auto} where {@code witnesses} has it, {@code off} where not. */
        Optional<VerdictMode> verdict();

        /** How far from the threshold a score still leaves it open, so that witnesses are asked. A score of text alone is worth little on questions of another kind. */
        @WithDefault("0.3")
        double undecided();

        /**
         * How far from the threshold a score may be so that the model of the conversation's last turn answers again, since its cache has the conversation; from 0 to 1, 0 is
         * off. By default two models that take turns are asked by what they say.
         */
        @Within(max = 1)
        @WithDefault("0")
        double sticky();

        /** How long a witness may take; then the draft is judged without it. As long as an opening is held. */
        @WithDefault("2s")
        Duration witnessTime();

        /** How many further answers of the small model the draft is compared with. */
        @WithDefault("2")
        int samples();

        /** Their temperature; at 0 they would all be the draft. */
        @WithDefault("0.8")
        double sampleTemperature();

        /** How many tokens the verdict may have; 1 if empty, 256 for a model whose name tells that it thinks first. */
        OptionalInt verdictTokens();

        /** Ask the large model's server for the probabilities of its verdict; off by default, since Foundry Local gives none. */
        @WithDefault("false")
        boolean verdictLogprobs();

        /** Learning the score from one's own traffic. */
        Learn learn();

        /** What the large model may use. */
        Budget budget();

        /** Prices for {@code cost_hypothetical}: what the same tokens would have cost in a cloud. */
        Cloud cloudPrice();
    }

    /** How much of a draft is held back; whichever comes first. */
    interface Hold {
        /** How many pieces of text (tokens, as a rule) are held; the first of the two limits counts. About 200 characters: where the opening tells most of what it ever tells. */
        @WithDefault("48")
        int tokens();

        /** How long a draft is held, from its first token. */
        @WithDefault("2s")
        Duration time();

        /**
         * Judge a long draft once more where the paragraph ends in which its opening was judged, before it is released: so many pieces are held at most until then. Off (0)
         * by default, since the client waits for it.
         */
        @WithDefault("0")
        int paragraphTokens();

        /** How long the draft is held on for that, from its first judgement. */
        @WithDefault("5s")
        Duration paragraphTime();
    }

    /** Who says whether a draft that was kept was right. */
    enum Teacher {
        /** The large model's one word about it. */
        VERDICT,
        /** The large model's own answer, which says the same or not; for drafts of at most 200 characters. */
        AGREEMENT
    }

    /** Learning the score from one's own traffic: while the large model is idle, it is asked about drafts that were kept. */
    interface Learn {
        /** Whether to learn, and to use what was learnt. */
        @WithDefault("false")
        boolean enabled();

        /** How many tokens the large model may read and write for it in a day (UTC). */
        @WithName("tokens-a-day")
        @WithDefault("20000")
        long tokensPerDay();

        /** Of which share of the drafts kept the large model is asked, from 0 to 1; those that come while many wait push out the oldest. */
        @Within(max = 1)
        @WithDefault("0.2")
        double sample();

        /** How long the large model's server must have been without a call. */
        @WithDefault("60s")
        Duration idle();

        /** Who says whether a draft was right: {@code verdict} or {@code agreement}. */
        @WithDefault("verdict")
        Teacher label();

        /** Where labels and learnt calibrations are kept, in a folder for each virtual model; numbers alone, never text. */
        @WithDefault("${gateway.retrieval.directory}/hybrid")
        Path directory();
    }

    /** What the large model may use; when that is spent the draft is the answer. */
    interface Budget {
        /** From the request's arrival to the large model's first token; only its upstream's own timeouts if empty. */
        Optional<Duration> deadline();

        /** Tokens, read and written, in a minute. */
        OptionalLong tokensPerMinute();

        /** Cost in a minute, in the currency of {@code gateway.models.<alias>.price}. */
        OptionalDouble costPerMinute();
    }

    /** Cloud prices to compare with, per million tokens. Examples: they are nobody's price list. */
    interface Cloud {
        /** The small model's input. */
        @WithDefault("0.15")
        double draftInput();

        /** The small model's output. */
        @WithDefault("0.60")
        double draftOutput();

        /** The large model's input. */
        @WithDefault("2.50")
        double escalationInput();

        /** The large model's output. */
        @WithDefault("10.00")
        double escalationOutput();
    }
}
