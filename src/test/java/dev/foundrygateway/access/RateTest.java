package dev.foundrygateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A rate on a clock that the test moves; the clock begins anywhere, also below zero. */
class RateTest {
    private static final long START = -TimeUnit.HOURS.toNanos(3);

    private final Rate sixty = Rate.perMinute(60);

    @Test
    void aMinutesWorthMayComeAtOnceAndNoMore() {
        assertEquals(60, IntStream.range(0, 100).filter(i -> sixty.take(START)).count());
        assertEquals(0, sixty.remaining(START));
        assertEquals(TimeUnit.SECONDS.toNanos(1), sixty.untilOne(START));
        assertEquals(TimeUnit.SECONDS.toNanos(60), sixty.untilFull(START));
    }

    @Test
    void itFillsAgainEvenly() {
        IntStream.range(0, 60).forEach(i -> sixty.take(START));
        assertFalse(sixty.take(START + TimeUnit.MILLISECONDS.toNanos(999)));
        assertTrue(sixty.take(START + TimeUnit.SECONDS.toNanos(1)));
        assertFalse(sixty.take(START + TimeUnit.SECONDS.toNanos(1)));
        assertEquals(30, sixty.remaining(START + TimeUnit.SECONDS.toNanos(31)));
        assertEquals(60, sixty.remaining(START + TimeUnit.HOURS.toNanos(1)));
    }

    @Test
    void whatIsChargedBeyondItIsWaitedFor() {
        sixty.charge(90, START);
        assertEquals(0, sixty.remaining(START));
        assertEquals(TimeUnit.SECONDS.toNanos(31), sixty.untilOne(START));
        assertEquals(0, sixty.untilOne(START + TimeUnit.SECONDS.toNanos(31)));
    }

    @Test
    void withoutALimitNothingIsCounted() {
        Rate.UNLIMITED.charge(1_000_000, START);
        assertTrue(Rate.UNLIMITED.take(START));
        assertFalse(Rate.UNLIMITED.limited());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0ms",
        "17000000, 17ms",
        "1000000000, 1s",
        "1500000000, 1.5s",
        "60000000000, 1m0s",
        "361001000000, 6m1.001s"
    })
    void durationsAreWrittenAsOpenAiWritesThem(long nanos, String text) {
        assertEquals(text, KeyAccount.duration(nanos));
    }
}
