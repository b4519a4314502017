package dev.foundrygateway.exchange;

/** Which models answer without being loaded first. Thread-safe. */
@FunctionalInterface
public interface LoadedModels {
    /** Whether it is known that a call of that model loads nothing: it is loaded, or its server is none that is told to load. At once, without asking anyone. */
    boolean ready(String model);
}
