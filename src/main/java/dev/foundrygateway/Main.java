package dev.foundrygateway;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Entry. */
@QuarkusMain
public final class Main {
    private Main() {}

    /** Runs. */
    public static void main(String... args) {
        Quarkus.run(args);
    }
}
