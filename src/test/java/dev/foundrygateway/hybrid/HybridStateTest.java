package dev.foundrygateway.hybrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.hybrid.HybridEvent.Begun;
import dev.foundrygateway.hybrid.HybridEvent.Ended;
import dev.foundrygateway.hybrid.HybridEvent.Failed;
import dev.foundrygateway.hybrid.HybridEvent.Heard;
import dev.foundrygateway.hybrid.HybridEvent.HedgeDue;
import dev.foundrygateway.hybrid.HybridEvent.HoldOver;
import dev.foundrygateway.hybrid.HybridEvent.Judged;
import dev.foundrygateway.hybrid.HybridEvent.LargeLate;
import dev.foundrygateway.hybrid.HybridEvent.Left;
import dev.foundrygateway.hybrid.HybridEvent.Opened;
import dev.foundrygateway.hybrid.HybridEvent.Permit;
import dev.foundrygateway.hybrid.HybridEvent.Piece;
import dev.foundrygateway.hybrid.HybridState.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The machine behind a hybrid answer as a table: events in, commands out, without models, clock or event loop. */
class HybridStateTest {
    private static final Verdict KEEP = new Verdict.Keep(Signal.CONFIDENT, OptionalDouble.of(.2));
    private static final Verdict ESCALATE = new Verdict.Escalate(Signal.REFUSAL, OptionalDouble.of(.9));
    private static final Map<String, HybridEvent> EVENTS = Map.ofEntries(
            Map.entry("begun", new Begun(false, KEEP, Permit.GRANTED)),
            Map.entry("never", new Begun(true, KEEP, Permit.GRANTED)),
            Map.entry("at-once", new Begun(false, ESCALATE, Permit.GRANTED)),
            Map.entry("at-once-share", new Begun(false, ESCALATE, Permit.SHARE_REACHED)),
            Map.entry("at-once-spent", new Begun(false, ESCALATE, Permit.OVER_BUDGET)),
            Map.entry("hedge", new HedgeDue(true)),
            Map.entry("hedge-spent", new HedgeDue(false)),
            Map.entry("hold-over", new HoldOver()),
            Map.entry("late", new LargeLate()),
            Map.entry("left", new Left()),
            Map.entry("D-opened", new Opened(Side.DRAFT, true)),
            Map.entry("D-status", new Opened(Side.DRAFT, false)),
            Map.entry("D-role", new Piece(Side.DRAFT, true, false, false)),
            Map.entry("D-piece", new Piece(Side.DRAFT, true, true, false)),
            Map.entry("D-enough", new Piece(Side.DRAFT, true, true, true)),
            Map.entry("D-error", new Piece(Side.DRAFT, false, false, false)),
            Map.entry("D-ended", new Ended(Side.DRAFT)),
            Map.entry("D-down", new Failed(Side.DRAFT, false, DraftFailure.DOWN, true)),
            Map.entry("D-down-spent", new Failed(Side.DRAFT, true, DraftFailure.DOWN, false)),
            Map.entry("D-callers", new Failed(Side.DRAFT, true, DraftFailure.CALLERS, true)),
            Map.entry("D-too-long", new Failed(Side.DRAFT, true, DraftFailure.TOO_LONG, true)),
            Map.entry("keep", new Judged(KEEP, Permit.GRANTED)),
            Map.entry("escalate", new Judged(ESCALATE, Permit.GRANTED)),
            Map.entry("escalate-spent", new Judged(ESCALATE, Permit.OVER_BUDGET)),
            Map.entry("escalate-share", new Judged(ESCALATE, Permit.SHARE_REACHED)),
            Map.entry("ask", new Judged(new Verdict.Ask(Witness.VERDICT, OptionalDouble.of(.4)), Permit.GRANTED)),
            Map.entry("hold-on", new Judged(new Verdict.HoldOn(OptionalDouble.of(.2)), Permit.GRANTED)),
            Map.entry("heard", new Heard()),
            Map.entry("L-opened", new Opened(Side.LARGE, true)),
            Map.entry("L-status", new Opened(Side.LARGE, false)),
            Map.entry("L-role", new Piece(Side.LARGE, true, false, false)),
            Map.entry("L-piece", new Piece(Side.LARGE, true, true, false)),
            Map.entry("L-ended", new Ended(Side.LARGE)),
            Map.entry("L-down", new Failed(Side.LARGE, false, DraftFailure.DOWN, true)));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "begun                                     | ask D",
                "never                                     | ask D",
                "at-once                                   | ask L escalated",
                "at-once-spent                             | ask D",
                "at-once-spent D-opened                    | commit D fallback over_budget",
                "at-once-share                             | ask D",
                "at-once-share D-opened                    | commit D draft share_reached",
                "at-once-share D-down                      | ask L fallback",
                "at-once-share D-down L-opened L-piece     | commit L fallback draft_down",
                "at-once-share D-down L-down               | give up L",
                "at-once-share D-status D-too-long         | ask L escalated",
                "at-once-share D-status D-down-spent       | commit D draft draft_down",
                "at-once-share D-status D-callers          | commit D draft draft_down",
                "at-once-spent D-down                      | give up D",
                "never D-down                              | give up D",
                "never D-opened                            | commit D draft requested",
                "begun D-opened                            | read D",
                "begun D-opened D-piece                    | read D",
                "begun D-opened D-enough                   | judge",
                "begun D-opened D-ended                    | judge",
                "begun D-opened hold-over                  | judge",
                "begun hold-over                           | -",
                "begun D-opened D-enough keep              | commit D draft confident",
                "begun D-opened D-enough escalate          | ask L escalated, read D",
                "begun D-opened D-enough escalate-spent    | commit D fallback over_budget",
                "begun D-opened D-enough escalate-share    | commit D draft share_reached",
                "begun D-opened D-enough escalate D-enough | read D",
                "begun D-opened D-enough escalate hold-over | -",
                "begun D-opened D-enough escalate L-opened | read L",
                "begun D-opened D-enough escalate L-opened L-role  | read L",
                "begun D-opened D-enough escalate L-opened L-piece | commit L escalated refusal",
                "begun D-opened D-enough escalate L-opened L-ended | drop L, commit D fallback large_down",
                "begun D-opened D-enough escalate L-status         | drop L, commit D fallback large_down",
                "begun D-opened D-enough escalate L-down           | drop L, commit D fallback large_down",
                "begun D-opened D-enough escalate late             | drop L, commit D fallback large_slow",
                "begun D-opened D-enough escalate D-error L-down   | give up L",
                "begun D-opened D-enough escalate D-callers L-status | commit L escalated refusal",
                "begun D-opened D-enough escalate D-callers late   | -",
                "begun D-opened D-enough escalate D-ended L-down   | drop L, commit D fallback large_down",
                "at-once L-down                            | drop L, ask D",
                "at-once L-down D-opened                   | commit D fallback large_down",
                "at-once L-down D-down                     | give up D",
                "at-once late                              | drop L, ask D",
                "begun D-down                              | ask L fallback",
                "begun D-down L-down                       | give up L",
                "begun D-down L-opened L-piece             | commit L fallback draft_down",
                "begun D-status                            | read D",
                "begun D-status D-down-spent               | commit D draft draft_down",
                "begun D-status D-callers                  | commit D draft draft_down",
                "begun D-status D-too-long                 | ask L escalated",
                "begun D-status D-too-long L-opened L-piece | commit L escalated context_limit",
                "begun hedge-spent                         | -",
                "begun hedge                               | ask L hedged",
                "begun D-opened hedge                      | -",
                "begun hedge L-opened L-piece              | commit L hedged hedge",
                "begun hedge D-opened D-role               | read D",
                "begun hedge D-opened D-piece              | drop L, read D",
                "begun hedge D-opened D-enough             | drop L, judge",
                "begun hedge D-opened D-piece D-enough     | judge",
                "begun hedge D-down                        | -",
                "begun hedge D-down L-opened L-piece       | commit L fallback draft_down",
                "begun hedge D-down L-down                 | give up L",
                "begun hedge L-down                        | drop L",
                "begun hedge L-down D-opened D-enough      | judge",
                "begun hedge D-opened D-ended              | -",
                "begun hedge D-opened D-ended L-down       | drop L, judge",
                "begun hedge D-opened D-ended L-opened L-piece | commit L hedged hedge",
                "begun hedge late                          | drop L",
                "begun hedge late D-opened                 | commit D fallback large_slow",
                "begun D-opened D-ended ask                | consult verdict",
                "begun D-opened D-enough ask               | consult verdict, read D",
                "begun D-opened D-enough ask D-piece       | read D",
                "begun D-opened D-enough ask D-enough      | read D",
                "begun D-opened D-enough ask hold-over     | -",
                "begun D-opened D-enough ask D-ended       | -",
                "begun D-opened D-enough ask heard         | judge",
                "begun D-opened D-enough ask D-ended heard | judge",
                "begun D-opened D-enough ask heard keep    | commit D draft confident",
                "begun D-opened D-enough ask heard escalate | ask L escalated, read D",
                "begun D-opened D-enough ask heard ask     | consult verdict, read D",
                "begun D-opened D-enough ask heard escalate heard | -",
                "begun D-opened D-enough ask D-error heard | -",
                "begun D-opened D-enough ask D-down        | ask L fallback",
                "begun D-opened D-enough ask D-down heard  | -",
                "begun D-opened D-enough ask D-down-spent  | commit D draft draft_down",
                "begun D-opened D-enough ask left heard    | -",
                "begun D-opened D-enough heard             | -",
                "begun D-opened D-enough hold-on           | hold on",
                "begun D-opened D-enough hold-on D-piece   | read D",
                "begun D-opened D-enough hold-on D-enough  | judge",
                "begun D-opened D-enough hold-on hold-over | judge",
                "begun D-opened D-enough hold-on D-ended   | judge",
                "begun D-opened D-enough hold-on D-down    | ask L fallback",
                "begun D-opened D-enough hold-on D-enough keep | commit D draft confident",
                "begun D-opened D-enough hold-on D-enough ask  | consult verdict, read D",
                "begun D-opened D-enough ask heard hold-on | hold on",
                "begun left                                | -",
                "begun left D-opened                       | -",
                "begun D-opened D-enough keep L-piece      | -",
            })
    void theLastEventsCommands(String events, String expected) {
        assertEquals(expected, last(new Rules(false, true, true), events));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "begun D-opened D-ended escalate              | ask L refined",
                "begun D-opened D-ended escalate L-opened L-piece | commit L refined refusal",
                "begun D-opened D-ended escalate L-down       | drop L, commit D fallback large_down",
                "begun D-opened D-ended keep                  | commit D draft confident",
            })
    void refineModeGivesTheDraftToTheLargeModel(String events, String expected) {
        assertEquals(expected, last(new Rules(true, true, true), events));
    }

    @Test
    void aDraftThatIsNotKeptIsDropped() {
        Rules rules = new Rules(false, false, true);
        assertEquals("drop D, ask L escalated", last(rules, "begun D-opened D-enough escalate"));
        assertEquals("give up L", last(rules, "begun D-opened D-enough escalate L-down"));
        assertEquals("commit L escalated refusal", last(rules, "begun D-opened D-enough escalate L-status"));
    }

    @Test
    void aSmallModelThatIsDownIsToldWhereThatIsConfigured() {
        Rules rules = new Rules(false, true, false);
        assertEquals("give up D", last(rules, "begun D-down"));
        assertEquals("ask L escalated", last(rules, "begun D-status D-too-long"));
    }

    @Test
    void whateverHappensInWhateverOrderItCommitsOnceAndWaitsForSomebody() {
        List<String> names = EVENTS.keySet().stream()
                .filter(name -> !name.startsWith("begun") && !name.equals("never") && !name.startsWith("at-once"))
                .sorted()
                .toList();
        int decided = 0;
        for (String one : names) {
            for (String two : names) {
                for (String three : names) {
                    HybridState state = HybridState.first(new Rules(false, true, true));
                    int commits = 0;
                    for (String name : List.of("begun", "D-opened", "D-enough", one, two, three)) {
                        HybridState.Step step = state.step(event(name));
                        commits += (int) step.commands().stream()
                                .filter(command -> command instanceof HybridCommand.Commit)
                                .count();
                        state = step.next();
                    }
                    assertTrue(commits <= 1, one + " " + two + " " + three);
                    decided += state.decided() ? 1 : 0;
                }
            }
        }
        assertTrue(decided > 1_000, "decided: " + decided);
    }

    private static HybridEvent event(String name) {
        HybridEvent event = EVENTS.get(name);
        if (event == null) {
            throw new IllegalArgumentException(name);
        }
        return event;
    }

    private static String last(Rules rules, String events) {
        HybridState state = HybridState.first(rules);
        List<HybridCommand> commands = new ArrayList<>();
        for (String name : events.strip().split(" ", -1)) {
            HybridState.Step step = state.step(event(name));
            state = step.next();
            commands = step.commands();
        }
        return commands.isEmpty()
                ? "-"
                : commands.stream().map(HybridStateTest::told).collect(Collectors.joining(", "));
    }

    private static String told(HybridCommand command) {
        if (command instanceof HybridCommand.AskLarge ask) {
            return "ask L " + ask.way().label();
        }
        if (command instanceof HybridCommand.Commit commit) {
            return "commit " + letter(commit.side()) + " " + commit.way().label() + " "
                    + commit.reason().label();
        }
        if (command instanceof HybridCommand.Drop drop) {
            return "drop " + letter(drop.side());
        }
        if (command instanceof HybridCommand.Read read) {
            return "read " + letter(read.side());
        }
        if (command instanceof HybridCommand.GiveUp giveUp) {
            return "give up " + letter(giveUp.side());
        }
        if (command instanceof HybridCommand.Consult consult) {
            return "consult " + consult.witness().name().toLowerCase(Locale.ROOT);
        }
        if (command instanceof HybridCommand.HoldOn) {
            return "hold on";
        }
        return command instanceof HybridCommand.Judge ? "judge" : "ask D";
    }

    private static char letter(Side side) {
        return side.name().charAt(0);
    }
}
