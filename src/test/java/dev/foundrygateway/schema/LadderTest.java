package dev.foundrygateway.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.openai.schema.Violation;
import dev.foundrygateway.schema.Ladder.Move;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows each try, as a table. */
class LadderTest {
    private static final Violation OLD = new Violation("/a", "type", "old");
    private static final Violation NEW = new Violation("/b", "enum", "new");

    /** Rung, tries again so far, whether an answer broke a rule before, verdict, whether it is late, whether there is a fallback; what follows. */
    @ParameterizedTest
    @CsvSource({
        "NATIVE,    0, no,  holds,    no,  no,  deliver native",
        "CHECKED,   0, no,  holds,    no,  no,  deliver checked",
        "CHECKED,   0, no,  repaired, no,  no,  deliver repaired",
        "NATIVE,    0, no,  repaired, no,  no,  deliver repaired",
        "TOOL_CALL, 0, no,  holds,    no,  no,  deliver tool_call",
        "TOOL_CALL, 0, no,  repaired, no,  no,  deliver repaired",
        "AGAIN,     1, yes, holds,    no,  no,  deliver again",
        "AGAIN,     1, yes, repaired, no,  no,  deliver again",
        "FALLBACK,  1, yes, repaired, no,  yes, deliver fallback",
        "CHECKED,   0, no,  holds,    yes, no,  deliver checked",
        "NATIVE,    0, no,  breaks,   no,  no,  ask again",
        "CHECKED,   0, no,  breaks,   no,  yes, ask again",
        "TOOL_CALL, 0, no,  breaks,   no,  no,  ask again",
        "AGAIN,     1, yes, breaks,   no,  yes, ask fallback",
        "AGAIN,     1, yes, breaks,   no,  no,  give up new",
        "CHECKED,   0, no,  cut,      no,  no,  give up new",
        "CHECKED,   0, no,  cut,      no,  yes, ask fallback",
        "CHECKED,   0, no,  breaks,   yes, yes, give up new",
        "FALLBACK,  1, yes, breaks,   no,  yes, give up new",
        "FALLBACK,  1, yes, refused,  no,  yes, give up old",
        "AGAIN,     1, yes, refused,  no,  no,  give up old",
        "AGAIN,     1, yes, refused,  no,  yes, ask fallback",
        "TOOL_CALL, 0, no,  refused,  no,  no,  ask checked",
        "CHECKED,   0, no,  refused,  no,  yes, relay",
        "NATIVE,    0, no,  refused,  no,  no,  relay",
    })
    void eachTryHasOneMoveAfterIt(
            Rung rung, int retries, String broke, String verdict, String late, String fallback, String move) {
        Ladder ladder = new Ladder(
                new Ladder.Rules(1, fallback.equals("yes")),
                rung,
                retries,
                broke.equals("yes") ? Optional.of(OLD) : Optional.empty());
        Verdict came =
                switch (verdict) {
                    case "holds" -> new Verdict.Holds(false);
                    case "repaired" -> new Verdict.Holds(true);
                    case "breaks" -> new Verdict.Breaks(NEW, false);
                    case "cut" -> new Verdict.Breaks(NEW, true);
                    default -> new Verdict.Refused();
                };
        assertEquals(move, words(ladder.after(came, late.equals("yes"))));
    }

    private static String words(Move move) {
        if (move instanceof Move.Deliver deliver) {
            return "deliver " + deliver.rung().label();
        }
        if (move instanceof Move.Ask ask) {
            return "ask " + ask.next().rung().label();
        }
        return move instanceof Move.GiveUp giveUp ? "give up " + giveUp.violation().message() : "relay";
    }
}
