package dev.foundrygateway.routing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.foundrygateway.openai.Language;
import dev.foundrygateway.routing.RuleSet.Condition;
import dev.foundrygateway.routing.RuleSet.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** Reads rules, and tells the line of what is wrong. For one reading. */
final class RuleFile {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,40}");
    private static final int MOST_RULES = 1_000;
    private static final int MOST_PATTERN = 500;

    private final JsonParser json;
    private long least;
    private long most;

    /** Rules that can't be used; the message begins with the line. */
    static final class WrongException extends Exception {
        private static final long serialVersionUID = 1L;

        WrongException(int line, String problem) {
            super("line " + line + ": " + problem);
        }
    }

    private RuleFile(JsonParser json) {
        this.json = json;
    }

    /** The rules of this text. */
    static RuleSet parse(String text) throws WrongException {
        // Some editors begin a file with a mark of its encoding.
        try (JsonParser json = JSON.createParser(text.startsWith("\uFEFF") ? text.substring(1) : text)) {
            RuleFile file = new RuleFile(json);
            RuleSet rules = file.all();
            if (json.nextToken() != null) {
                throw file.wrong("there is something behind the end");
            }
            return rules;
        } catch (JsonProcessingException e) {
            throw new WrongException(Math.max(1, e.getLocation().getLineNr()), e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException("a text can be read", e);
        }
    }

    private RuleSet all() throws IOException, WrongException {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        List<Rule> rules = new ArrayList<>();
        String otherwise = "";
        json.nextToken();
        begin(JsonToken.START_OBJECT, "an object with models, rules and otherwise");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "models" -> names.addAll(texts(name));
                case "otherwise" -> otherwise = text(name);
                case "rules" -> {
                    begin(JsonToken.START_ARRAY, "rules must be a list");
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        rules.add(rule(rules));
                    }
                }
                default -> throw wrong("there is no '" + name + "'; there are models, rules, otherwise");
            }
        }
        if (names.isEmpty()) {
            names.add("auto");
        }
        if (otherwise.isEmpty() && !names.contains("*")) {
            throw wrong("otherwise is missing; name the model for requests that no rule takes");
        }
        for (Rule rule : rules) {
            if (names.contains(rule.model())) {
                throw wrong("rule " + rule.name() + " chooses " + rule.model() + ", which is what is chosen for");
            }
        }
        if (names.contains(otherwise)) {
            throw wrong("otherwise is " + otherwise + ", which is what is chosen for");
        }
        return new RuleSet(names, List.copyOf(rules), otherwise);
    }

    private Rule rule(List<Rule> before) throws IOException, WrongException {
        begin(JsonToken.START_OBJECT, "a rule must be an object");
        int line = line();
        String called = "";
        String model = "";
        List<Condition> conditions = new ArrayList<>();
        least = 0;
        most = Long.MAX_VALUE;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "name" -> called = text(name);
                case "model" -> model = text(name);
                default -> conditions.add(condition(name));
            }
        }
        if (least > most) {
            throw new WrongException(
                    line, "rule " + called + " has min_prompt_tokens above max_prompt_tokens, and would take nothing");
        }
        String same = called;
        if (!NAME.matcher(called).matches()
                || before.stream().anyMatch(rule -> rule.name().equals(same))) {
            throw new WrongException(line, "a rule needs a name of its own, of 1 to 40 letters, digits and . _ -");
        }
        if (model.isEmpty()) {
            throw new WrongException(line, "rule " + called + " has no model");
        }
        if (conditions.isEmpty()) {
            throw new WrongException(
                    line, "rule " + called + " has no condition, and would take everything; use otherwise");
        }
        if (before.size() >= MOST_RULES) {
            throw new WrongException(line, "there are more than " + MOST_RULES + " rules");
        }
        return new Rule(called, model, List.copyOf(conditions));
    }

    private Condition condition(String name) throws IOException, WrongException {
        switch (name) {
            case "words" -> {
                List<String> words = texts(name).stream()
                        .map(word -> word.toLowerCase(Locale.ROOT).strip())
                        .toList();
                return new Condition("words " + words, asked -> words.stream().anyMatch(asked::says));
            }
            case "regex" -> {
                Pattern pattern = pattern(text(name));
                return new Condition("regex " + pattern, asked -> asked.finds(pattern));
            }
            case "language" -> {
                Language language = language(text(name));
                return new Condition(
                        "language " + label(language),
                        asked -> asked.language().filter(language::equals).isPresent());
            }
            case "min_prompt_tokens" -> {
                long tokens = number(name);
                least = tokens;
                return new Condition(name + " " + tokens, asked -> asked.promptTokens() >= tokens);
            }
            case "max_prompt_tokens" -> {
                long tokens = number(name);
                most = tokens;
                return new Condition(name + " " + tokens, asked -> asked.promptTokens() <= tokens);
            }
            case "tools" -> {
                boolean wanted = flag(name);
                return new Condition("tools " + wanted, asked -> asked.tools() == wanted);
            }
            case "pictures" -> {
                boolean wanted = flag(name);
                return new Condition("pictures " + wanted, asked -> asked.pictures() == wanted);
            }
            case "keys" -> {
                List<String> keys = texts(name);
                return new Condition("keys " + keys, asked -> keys.contains(asked.key()));
            }
            case "header" -> {
                String header = text(name);
                int colon = header.indexOf(':');
                if (colon < 1 || header.substring(colon + 1).isBlank()) {
                    throw wrong("header must be a name and a value, such as X-Team: research");
                }
                String field = header.substring(0, colon).strip();
                String value = header.substring(colon + 1).strip();
                return new Condition("header " + field, asked -> value.equalsIgnoreCase(asked.header(field)));
            }
            default ->
                throw wrong(
                        "there is no condition '" + name
                                + "'; there are words, regex, language, min_prompt_tokens, max_prompt_tokens, tools, pictures, keys, header");
        }
    }

    private Pattern pattern(String regex) throws WrongException {
        if (regex.length() > MOST_PATTERN) {
            throw wrong("regex is longer than " + MOST_PATTERN + " characters");
        }
        try {
            return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        } catch (PatternSyntaxException e) {
            throw wrong("regex: " + e.getDescription());
        }
    }

    private Language language(String name) throws WrongException {
        return Arrays.stream(Language.values())
                .filter(one -> label(one).equals(name))
                .findFirst()
                .orElseThrow(() -> wrong("language must be one of "
                        + Arrays.stream(Language.values()).map(RuleFile::label).collect(Collectors.joining(", "))));
    }

    private static String label(Language language) {
        return language.name().toLowerCase(Locale.ROOT);
    }

    private List<String> texts(String name) throws IOException, WrongException {
        begin(JsonToken.START_ARRAY, name + " must be a list of texts");
        List<String> texts = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            texts.add(text(name));
        }
        if (texts.isEmpty()) {
            throw wrong(name + " is empty");
        }
        return List.copyOf(texts);
    }

    private String text(String name) throws IOException, WrongException {
        begin(JsonToken.VALUE_STRING, name + " must be a text");
        String text = json.getText();
        if (text.isBlank()) {
            throw wrong(name + " is empty");
        }
        return text;
    }

    private long number(String name) throws IOException, WrongException {
        begin(JsonToken.VALUE_NUMBER_INT, name + " must be a whole number");
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER || json.getLongValue() < 0) {
            throw wrong(name + " must not be negative, or too large");
        }
        return json.getLongValue();
    }

    private boolean flag(String name) throws WrongException {
        if (json.currentToken() != JsonToken.VALUE_TRUE && json.currentToken() != JsonToken.VALUE_FALSE) {
            throw wrong(name + " must be true or false");
        }
        return json.currentToken() == JsonToken.VALUE_TRUE;
    }

    private void begin(JsonToken token, String problem) throws WrongException {
        if (json.currentToken() != token) {
            throw wrong(problem);
        }
    }

    private WrongException wrong(String problem) {
        return new WrongException(line(), problem);
    }

    private int line() {
        return json.currentTokenLocation().getLineNr();
    }
}
