package dev.foundrygateway.upstream;

/** What kind of model server an upstream is. */
enum Dialect {
    /** Any OpenAI-compatible server. */
    OPENAI,
    /** Foundry Local's service of the {@code foundry} command, up to 0.8. */
    FOUNDRY_0X,
    /** Foundry Local's core in C#. */
    FOUNDRY_1X,
    /** Foundry Local's core in C++. */
    FOUNDRY_2X;

    /** Whether it is Foundry Local of any generation. */
    boolean foundry() {
        return this != OPENAI;
    }
}
