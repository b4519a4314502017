package dev.foundrygateway.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.start.Finding.State;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Faults of a machine that a test can't have. */
class CheckupTest {
    @Test
    void aDiskThatIsNearlyFullIsNamedWithWhatToMove() {
        assertEquals(State.OK, Checkup.disk(2L << 30).state());
        Finding little = Checkup.disk(500L << 20);
        assertEquals(State.WARN, little.state());
        assertEquals("500 MB are free", little.what());
        assertTrue(little.remedy().contains("move gateway.retrieval.directory"), little.remedy());
        assertEquals(State.FAIL, Checkup.disk(50L << 20).state());
    }

    @Test
    void aClockThatIsWrongIsNamedWithHowFarItIsOff() {
        Instant now = Instant.parse("2026-02-28T12:05:00Z");
        Finding off = Checkup.clock("Sat, 28 Feb 2026 12:00:00 GMT", now).orElseThrow();
        assertEquals(State.WARN, off.state());
        assertEquals("differs from the gateway's by 300 s", off.what());
        assertTrue(off.remedy().contains("NTP"), off.remedy());
        assertEquals(
                State.OK,
                Checkup.clock("Sat, 28 Feb 2026 12:04:30 GMT", now)
                        .orElseThrow()
                        .state());
        assertEquals(Optional.empty(), Checkup.clock("", now));
    }

    @Test
    void anOldJavaIsAFailure() {
        assertEquals(State.OK, Checkup.java(17).state());
        assertEquals(State.FAIL, Checkup.java(11).state());
        assertEquals("use Java 17 or newer", Checkup.java(11).remedy());
    }

    @Test
    void aFoundryLocalAtAnotherPortIsNamedWithTheSettingThatFollowsIt() {
        String moved = Checkup.moved(Optional.of("http://127.0.0.1:51234"));
        assertTrue(
                moved.contains("names http://127.0.0.1:51234") && moved.contains("FOUNDRY_LOCAL_ENDPOINT=auto"), moved);
        assertTrue(Checkup.moved(Optional.empty()).contains("=practice"));
    }
}
