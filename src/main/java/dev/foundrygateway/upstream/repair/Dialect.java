package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.OfferedTools;
import dev.foundrygateway.openai.Sampling;
import dev.foundrygateway.upstream.UpstreamsConfig.Cancel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What kind of model server an upstream is: what its generation does differently from OpenAI's API, as data, and the repairs that follow from it.
 *
 * @see <a href="https://github.com/microsoft/Foundry-Local">Foundry Local</a>
 */
public enum Dialect {
    /** Any OpenAI-compatible server: llama.cpp, vLLM, Ollama, LM Studio, a cloud. */
    OPENAI(),
    /** Foundry Local's service of the {@code foundry} command, up to 0.8. */
    FOUNDRY_0X(
            Trait.IGNORES_SCHEMAS,
            Trait.STRING_CONTENT,
            Trait.FOREIGN_MEMBERS,
            Trait.RAW_TOOL_CALLS,
            Trait.IGNORES_STOP,
            Trait.IGNORES_N,
            Trait.NO_FINISH,
            Trait.NO_USAGE),
    /** Foundry Local's core in C#. */
    FOUNDRY_1X(
            Trait.IGNORES_SCHEMAS,
            Trait.STRING_CONTENT,
            Trait.FOREIGN_MEMBERS,
            Trait.RUNNING_USAGE,
            Trait.RAW_TOOL_CALLS,
            Trait.IGNORES_STOP,
            Trait.IGNORES_N),
    /** Foundry Local's core in C++. */
    FOUNDRY_2X(Trait.IGNORES_SCHEMAS, Trait.ALWAYS_STREAM, Trait.SAYS_REFUSAL, Trait.RAW_TOOL_CALLS, Trait.IGNORES_N);

    /** One thing that a dialect does differently. */
    public enum Trait {
        /** Goes on generating an unstreamed answer for a client that has left. */
        ALWAYS_STREAM(1 << 0),
        /** Plain answers say {@code "refusal":null}, streamed ones don't. */
        SAYS_REFUSAL(1 << 1),
        /** Wants a message's content as a string. */
        STRING_CONTENT(1 << 2),
        /** Says things twice, and more than OpenAI's shape holds; one id for all answers. */
        FOREIGN_MEMBERS(1 << 3),
        /** Hands out tool calls as the model's raw text. */
        RAW_TOOL_CALLS(1 << 4),
        /** Ignores {@code stop}. */
        IGNORES_STOP(1 << 5),
        /** Ignores {@code n}. */
        IGNORES_N(1 << 6),
        /** Counts in every chunk. */
        RUNNING_USAGE(1 << 7),
        /** No finish reason, and perhaps no {@code [DONE]}. */
        NO_FINISH(1 << 8),
        /** No counts of tokens. */
        NO_USAGE(1 << 9),
        /** Ignores {@code response_format}, and has no custom tools; a schema is asked for as a function's. */
        IGNORES_SCHEMAS(1 << 10);

        private final int bit;

        Trait(int bit) {
            this.bit = bit;
        }
    }

    /** One bit for each trait. */
    private final int traits;

    Dialect(Trait... traits) {
        int bits = 0;
        for (Trait trait : traits) {
            bits |= trait.bit;
        }
        this.traits = bits;
    }

    /** Its name as a value of the setting {@code dialect}. */
    public String setting() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether its answers are repaired at all. */
    public boolean repaired() {
        return traits != 0;
    }

    public boolean has(Trait trait) {
        return (traits & trait.bit) != 0;
    }

    /** What happens to a call whose client has left, unless configured; closing was measured to stop a stream in every generation tried. */
    public Cancel cancel() {
        return Cancel.RESET;
    }

    /** The repairs of one answer's chunks that follow from the dialect and from what the request asks, in their order; {@code tools} gives the functions that are offered. */
    public EventRepairs repairs(
            String model, Sampling sampling, boolean usageWanted, long promptCharacters, Supplier<OfferedTools> tools) {
        List<EventRepairs.Repair> row = new ArrayList<>();
        if (has(Trait.RUNNING_USAGE)) {
            row.add(new UsageOnce());
        }
        row.add(new HarmonyMarkers());
        if (has(Trait.FOREIGN_MEMBERS)) {
            row.add(new ForeignMembers(model));
        }
        if (has(Trait.RAW_TOOL_CALLS) && sampling.tools()) {
            EventRepairs.addCalls(row, tools, sampling.oneCall());
        }
        if (has(Trait.IGNORES_STOP) && !sampling.stops().isEmpty()) {
            row.add(new StopStrings(sampling.stops()));
        }
        if (has(Trait.FOREIGN_MEMBERS)) {
            row.add(new OneFinish(has(Trait.NO_FINISH)));
        }
        if (has(Trait.NO_USAGE) && usageWanted) {
            row.add(new EstimatedUsage(promptCharacters));
        }
        // The markers alone are looked for at less cost, see RepairedStream.
        return row.size() == 1 ? EventRepairs.NONE : new EventRepairs(row);
    }
}
