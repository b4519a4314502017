package dev.foundrygateway.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The rules of one reading of the file; they are asked in their order, and the first that fits chooses.
 *
 * @param names the models that are chosen for, compared without case; {@code *} in it for every model
 * @param rules the rules
 * @param otherwise the model where no rule fits; empty for the one that was asked for
 */
record RuleSet(Set<String> names, List<Rule> rules, String otherwise) {
    /** No rules: nothing is chosen. */
    static final RuleSet NONE = new RuleSet(Set.of(), List.of(), "");

    /** What the choice is called where no rule fits. */
    static final String OTHERWISE = "otherwise";

    /**
     * One rule.
     *
     * @param name its name, of letters, digits and {@code . _ -}
     * @param model the model that it chooses
     * @param conditions all must hold
     */
    record Rule(String name, String model, List<Condition> conditions) {
        /** The first condition that doesn't hold; empty if the rule fits. */
        Optional<Condition> against(Asked asked) {
            return conditions.stream()
                    .filter(condition -> !condition.holds().test(asked))
                    .findFirst();
        }
    }

    /**
     * One condition.
     *
     * @param text as it stands in the file
     */
    record Condition(String text, Predicate<Asked> holds) {}

    /** Which model, and by which rule. */
    record Choice(String model, String rule) {}

    /** What a rule said to a request; {@code against} is the condition that did not hold, empty if the rule fits. */
    record Said(Rule rule, String against) {}

    /** Whether it is the name of no model, but of a choice among some. */
    boolean isName(String model) {
        return !model.equals("*") && names.contains(model);
    }

    /** Whether a model is chosen for requests that ask for this one. */
    boolean takes(String model) {
        return !names.isEmpty() && (names.contains(model) || names.contains("*"));
    }

    /** The choice; empty if the model that was asked for it is. */
    Optional<Choice> choose(Asked asked) {
        return choice(said(asked));
    }

    /** The choice that follows from what the rules said. */
    Optional<Choice> choice(List<Said> said) {
        if (!said.isEmpty() && said.get(said.size() - 1).against().isEmpty()) {
            Rule rule = said.get(said.size() - 1).rule();
            return Optional.of(new Choice(rule.model(), rule.name()));
        }
        return otherwise.isEmpty() ? Optional.empty() : Optional.of(new Choice(otherwise, OTHERWISE));
    }

    /** What the rules say, up to the one that fits. */
    List<Said> said(Asked asked) {
        List<Said> all = new ArrayList<>();
        for (Rule rule : rules) {
            Optional<Condition> against = rule.against(asked);
            all.add(new Said(rule, against.map(Condition::text).orElse("")));
            if (against.isEmpty()) {
                break;
            }
        }
        return all;
    }
}
