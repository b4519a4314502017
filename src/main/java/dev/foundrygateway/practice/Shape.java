package dev.foundrygateway.practice;

/** The generation of Foundry Local whose routes and bodies the practice upstream mirrors. */
public enum Shape {
    /** The CLI service up to 0.8: {@code /openai/…} and {@code /foundry/list}; chunks without usage and without a finish reason. */
    FOUNDRY_0X,
    /** The C# core 1.x: usage in every chunk, one id for all answers, any origin echoed. */
    FOUNDRY_1X,
    /** The C++ core 2.x: OpenAI's shape with sorted members, keep-alive comments, no CORS. */
    FOUNDRY_2X
}
