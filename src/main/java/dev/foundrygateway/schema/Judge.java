package dev.foundrygateway.schema;

import dev.foundrygateway.openai.ModelOutput;
import dev.foundrygateway.openai.OfferedTools;
import dev.foundrygateway.openai.ToolCall;
import dev.foundrygateway.openai.ToolCallText;
import dev.foundrygateway.openai.WholeAnswer;
import dev.foundrygateway.openai.schema.AnswerSchema;
import dev.foundrygateway.openai.schema.Demand;
import dev.foundrygateway.openai.schema.Demand.Choice;
import dev.foundrygateway.openai.schema.Demand.Format;
import dev.foundrygateway.openai.schema.FoundJson;
import dev.foundrygateway.openai.schema.Violation;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** Whether an answer keeps its terms; what can be put right without the model is put right in it. */
final class Judge {
    /** As in a stream. */
    private static final int MOST_CALLS = 1_000;

    /** What a call breaks where none may be made. */
    static final Violation UNASKED =
            new Violation("/tool_calls", "tool_choice", "a tool was called, and tool_choice is none");

    private final Terms terms;
    private final Demand demand;
    private boolean repaired;

    private Judge(Terms terms) {
        this.terms = terms;
        this.demand = terms.demand();
    }

    /** Judges an answer, and mends it. */
    static Verdict judge(Terms terms, WholeAnswer answer) {
        Judge judge = new Judge(terms);
        for (WholeAnswer.Choice choice : answer.choices()) {
            Optional<Violation> broken = judge.choice(choice);
            if (broken.isPresent()) {
                return new Verdict.Breaks(
                        choice.cut()
                                ? new Violation(
                                        broken.get().path(),
                                        "length",
                                        "the answer was cut by its length; raise max_tokens, or leave it out")
                                : broken.get(),
                        choice.cut());
            }
        }
        return new Verdict.Holds(judge.repaired);
    }

    /** Takes the form out of the tool that stood for it; what was answered otherwise stays as it is. */
    static void unwrap(WholeAnswer answer, String tool, String schema) {
        for (WholeAnswer.Choice choice : answer.choices()) {
            List<ToolCall> calls = choice.calls();
            if (calls.isEmpty()) {
                calls = ToolCallText.read(choice.text(), new OfferedTools(Map.of(tool, schema)), Judge::newId)
                        .map(ToolCallText::calls)
                        .orElse(List.of());
            }
            if (!calls.isEmpty()) {
                choice.callToText(calls.get(0).arguments());
            }
        }
    }

    private Optional<Violation> choice(WholeAnswer.Choice choice) {
        if (choice.refuses()) {
            return Optional.empty();
        }
        if (choice.calls().isEmpty() && !demand.tools().isEmpty()) {
            callsInText(choice);
        }
        if (!choice.calls().isEmpty()) {
            return demand.choice() == Choice.NONE ? Optional.of(UNASKED) : calls(choice);
        }
        if (demand.mustCall()) {
            return Optional.of(new Violation("", "tool_choice", "no tool was called"));
        }
        if (demand.format() == Format.ANY) {
            return Optional.empty();
        }
        String text = choice.text();
        Mended mended = mend(text, terms.format().map(Judge::schema).orElse(Judge::object));
        if (mended.broken().isEmpty() && (choice.inParts() || !mended.text().equals(text.strip()))) {
            repaired = true;
            choice.setText(mended.text());
        }
        return mended.broken();
    }

    /** A text after repair, or the first thing that is wrong with it. */
    private record Mended(String text, Optional<Violation> broken) {}

    private static Mended mend(String text, Function<String, Optional<Violation>> rule) {
        Optional<Violation> first = Optional.empty();
        for (String found : FoundJson.in(text)) {
            Optional<Violation> broken = rule.apply(found);
            if (broken.isEmpty()) {
                return new Mended(found, broken);
            }
            // What is JSON and breaks a rule says more than what is none.
            if (first.isEmpty() || (isJson(first) && !isJson(broken))) {
                first = broken;
            }
        }
        return new Mended(text, Optional.of(first.orElseGet(() -> Violation.json("the answer is empty"))));
    }

    private static boolean isJson(Optional<Violation> violation) {
        return violation.get().rule().equals("json");
    }

    private static Function<String, Optional<Violation>> schema(AnswerSchema schema) {
        return schema::check;
    }

    private static Optional<Violation> object(String text) {
        return ModelOutput.isJsonObject(text)
                ? Optional.empty()
                : Optional.of(Violation.json("the text is not one JSON object"));
    }

    private void callsInText(WholeAnswer.Choice choice) {
        String text = choice.text();
        Optional<ToolCallText> found = ToolCallText.read(text, demand.offered(), Judge::newId);
        if (found.isEmpty() && demand.choice() == Choice.NAMED) {
            // Some write the arguments alone where there is one tool to call.
            Mended arguments = mend(text, rule(demand.named()));
            found = arguments.broken().isPresent()
                    ? found
                    : Optional.of(
                            new ToolCallText(List.of(new ToolCall(newId(), demand.named(), arguments.text())), ""));
        }
        found.ifPresent(calls -> {
            repaired = true;
            choice.setCalls(calls.calls(), calls.rest());
        });
    }

    private Optional<Violation> calls(WholeAnswer.Choice choice) {
        Set<String> ids = new HashSet<>();
        List<ToolCall> calls = choice.calls();
        if (calls.size() > MOST_CALLS) {
            return Optional.of(new Violation("/tool_calls", "tools", "more than " + MOST_CALLS + " tools are called"));
        }
        for (int i = 0; i < calls.size(); i++) {
            ToolCall call = calls.get(i);
            Optional<String> name = call.meant(demand.tools().keySet());
            if (name.isEmpty()) {
                return Optional.of(new Violation(
                        "/tool_calls/" + i + "/function/name",
                        "tools",
                        "there is no tool of that name; there are "
                                + String.join(", ", demand.tools().keySet())));
            }
            if (demand.choice() == Choice.NAMED && !name.get().equals(demand.named())) {
                return Optional.of(new Violation(
                        "/tool_calls/" + i + "/function/name",
                        "tool_choice",
                        "another tool than " + demand.named() + " was called"));
            }
            String written = call.arguments().isBlank() ? "{}" : call.arguments();
            Mended arguments = mend(written, rule(name.get()));
            if (arguments.broken().isPresent()) {
                String at = "/tool_calls/" + i + "/function/arguments";
                return arguments.broken().map(broken -> broken.below(at));
            }
            String id = call.id().isEmpty() || !ids.add(call.id()) ? newId() : call.id();
            String kept = arguments.text().equals(call.arguments().strip()) ? call.arguments() : arguments.text();
            ToolCall mended = new ToolCall(id, name.get(), kept);
            if (!mended.equals(call)) {
                repaired = true;
                choice.setCall(i, mended);
            }
        }
        return Optional.empty();
    }

    private Function<String, Optional<Violation>> rule(String tool) {
        AnswerSchema schema = terms.arguments().get(tool);
        return text -> {
            Optional<Violation> broken = object(text);
            return broken.isPresent() || schema == null ? broken : schema.check(text);
        };
    }

    private static String newId() {
        return "call_" + Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE);
    }
}
