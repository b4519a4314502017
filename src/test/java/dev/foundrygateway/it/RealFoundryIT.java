package dev.foundrygateway.it;

import org.junit.jupiter.api.Nested;

/** The gateway in front of the real Foundry Local runtimes: the C++ core (2.x) and the .NET core (1.x). */
class RealFoundryIT {
    @Nested
    class Runtime2x extends RealFoundryTests {
        Runtime2x() {
            super(Need.env("FOUNDRY_2X_URL"));
        }
    }

    @Nested
    class Runtime1x extends RealFoundryTests {
        Runtime1x() {
            super(Need.env("FOUNDRY_1X_URL"));
        }
    }
}
