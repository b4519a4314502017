package dev.foundrygateway.practice;

/** One step of a {@link Script}: does something through the player and tells it, at once or later, to {@link ScriptPlayer#resume() resume}. */
@FunctionalInterface
interface Step {
    /** Runs on the connection's event loop. */
    void play(ScriptPlayer player);
}
