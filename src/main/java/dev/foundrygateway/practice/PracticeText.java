package dev.foundrygateway.practice;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a practice model says in words: a quotation where sources were given, scores where a rubric was, and else what it heard, in the same words always. */
final class PracticeText {
    private static final int HEARD_CHARACTERS = 80;
    private static final int QUOTED_CHARACTERS = 240;
    /** Models with shorter answers are small: they hedge and pass where a large one answers. */
    private static final int LARGE_ANSWER = 50;

    private static final String INTRODUCTION = "This is the practice upstream of Foundry Gateway, not a model. ";
    private static final List<String> PADDING = List.of(
            "Start Foundry Local to hear a real answer.",
            "These sentences only give the answer its length.",
            "They come word by word at a set pace.",
            "No weights were used and nothing was computed.",
            "The same question always gets these same words.");

    /** What small models answer to two questions, so that {@code hybrid} has something to decide. The page names both questions. */
    private static final Map<String, String> SMALL_ANSWERS = Map.of(
            "how many people will live on mars in 2100",
            "I think it might be a million, maybe. Perhaps it is fewer. It is unclear, and possibly nobody will.",
            "what is in my calendar tomorrow",
            "I don't know what is in your calendar, because I have no access to it.");

    private static final Pattern GROUNDED =
            Pattern.compile("^Sources:\\n<(sources-[\\w-]+)>\\n(.*?)\\n</\\1>\\s+Question: (.*)$", Pattern.DOTALL);
    private static final Pattern SOURCE = Pattern.compile("^\\[(\\d{1,3})] ?", Pattern.MULTILINE);
    private static final Pattern RUBRIC = Pattern.compile("\"(\\w{1,40})\": ?n\\b");
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    private PracticeText() {}

    static String of(ModelCall call, PracticeModel model) {
        String user = call.lastUserText();
        var grounded = GROUNDED.matcher(user);
        if (grounded.find()) {
            return INTRODUCTION + model.id() + quotation(grounded.group(2), grounded.group(3));
        }
        List<String> criteria = RUBRIC.matcher(call.systemText() + "\n" + user)
                .results()
                .map(found -> found.group(1))
                .toList();
        if (!criteria.isEmpty()) {
            return scores(criteria, user);
        }
        String question = String.join(" ", words(user));
        if (model.answerTokens() < LARGE_ANSWER && SMALL_ANSWERS.containsKey(question)) {
            return SMALL_ANSWERS.get(question);
        }
        return padded(INTRODUCTION + model.id() + " heard: " + (user.isBlank() ? "nothing." : heard(user)), model);
    }

    private static String padded(String sentence, PracticeModel model) {
        List<String> sentences = new ArrayList<>(List.of(sentence));
        int length = Tokens.split(sentence).size();
        for (int i = 0; length < model.answerTokens(); i++) {
            String padding = PADDING.get(i % PADDING.size());
            sentences.add(padding);
            length += Tokens.split(padding).size();
        }
        return String.join(" ", sentences);
    }

    /** The sentence of the sources that shares most words with the question, and its source's number; of equals the first. */
    private static String quotation(String sources, String question) {
        Set<String> asked = new HashSet<>(words(question));
        List<MatchResult> starts = SOURCE.matcher(sources).results().toList();
        String best = "";
        String number = "1";
        long most = 0;
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1).start() : sources.length();
            String source = sources.substring(starts.get(i).end(), end);
            for (String sentence : sentences(source)) {
                long shared = words(sentence).stream()
                        .filter(word -> word.length() > 2 && asked.contains(word))
                        .distinct()
                        .count();
                if (shared > most) {
                    most = shared;
                    best = sentence;
                    number = starts.get(i).group(1);
                }
            }
        }
        return best.isEmpty()
                ? " finds no answer in the sources."
                : " quotes source [" + number + "]: “" + cut(best, QUOTED_CHARACTERS) + "” [" + number + "]";
    }

    private static List<String> sentences(String source) {
        List<String> sentences = new ArrayList<>();
        for (String line : source.split("\\R", -1)) {
            BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
            breaks.setText(line);
            int start = breaks.first();
            for (int end = breaks.next(); end != BreakIterator.DONE; start = end, end = breaks.next()) {
                sentences.add(line.substring(start, end).strip());
            }
        }
        sentences.removeIf(String::isEmpty);
        return sentences;
    }

    /** Each criterion from 3 to 5, by the answer's words: different answers get different scores, the same one always the same. */
    private static String scores(List<String> criteria, String answer) {
        List<String> scores = new ArrayList<>();
        for (String criterion : new LinkedHashSet<>(criteria)) {
            scores.add("\"" + criterion + "\": " + (3 + Math.floorMod((criterion + answer).hashCode(), 3)));
        }
        return "{" + String.join(", ", scores) + "}";
    }

    private static List<String> words(String text) {
        return Arrays.stream(NO_WORD.split(text.toLowerCase(Locale.ROOT)))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** The question in one line, for an answer to name. */
    static String heard(String text) {
        String line = cut(text.strip().replaceAll("\\s+", " "), HEARD_CHARACTERS);
        return line.matches(".*[\\p{Punct}…]") ? line : line + ".";
    }

    private static String cut(String line, int most) {
        return line.codePointCount(0, line.length()) > most
                ? line.substring(0, line.offsetByCodePoints(0, most)) + "…"
                : line;
    }
}
