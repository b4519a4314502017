package dev.foundrygateway.evaluate;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A question with known answers.
 *
 * @param kind what sort of question it is; empty if the file does not say
 * @param text what is asked
 * @param answers every way to write the right answer, or all that it must have
 * @param match how an answer is compared with these
 * @param tokens how long an answer may be
 */
record Question(String kind, String text, List<String> answers, Match match, int tokens) {
    /** How an answer is compared with the known ones. */
    enum Match {
        /** It is one of them. */
        EXACT,
        /** The last number in it is one of them. */
        LAST_NUMBER,
        /** All of them are in it, as whole words. */
        ALL;

        private static Match of(String word) {
            return switch (word) {
                case "exact" -> EXACT;
                case "last number" -> LAST_NUMBER;
                case "all" -> ALL;
                default ->
                    throw new IllegalArgumentException("match must be exact, last number or all, and is " + word);
            };
        }
    }

    private static final int SHORT_TOKENS = 24;
    private static final String SHORT = " Answer with the bare answer only, no sentence.";
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,]\\d{3})*(?:\\.\\d+)?");
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}.]+");
    private static final Pattern ARTICLE = Pattern.compile("^(?:the|a|an) ");

    /** With a short answer, which must be one of these. */
    Question(String text, List<String> answers) {
        this("", text, answers, Match.EXACT, SHORT_TOKENS);
    }

    /** As it is asked: what a score is fitted to must be what it will see. */
    String prompt() {
        return tokens > SHORT_TOKENS ? text : text + SHORT;
    }

    /** Reads JSON lines of {@code question} and {@code answers}, perhaps with {@code kind}, {@code match} and {@code tokens}. */
    static List<Question> read(Path file) throws IOException {
        List<Question> questions = new ArrayList<>();
        int number = 0;
        for (String line : Common.text(file).split("\r?\n|\r", -1)) {
            number++;
            if (!line.isBlank()) {
                try {
                    questions.add(read(new JsonObject(line)));
                } catch (DecodeException | ClassCastException | NullPointerException e) {
                    throw new IllegalArgumentException(
                            file + " cannot be read as questions: line " + number
                                    + " must be an object with question and a list answers, and has not",
                            e);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(file + " line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        if (questions.isEmpty()) {
            throw new IllegalArgumentException(file + " has no questions");
        }
        return questions;
    }

    private static Question read(JsonObject one) {
        List<String> texts = new ArrayList<>();
        JsonArray answers = one.getJsonArray("answers");
        for (int i = 0; i < answers.size(); i++) {
            texts.add(Objects.requireNonNull(answers.getString(i)));
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("answers must have one or more, and is empty");
        }
        return new Question(
                one.getString("kind", ""),
                Objects.requireNonNull(one.getString("question")),
                texts,
                Match.of(one.getString("match", "exact")),
                one.getInteger("tokens", SHORT_TOKENS));
    }

    /** Whether an answer is right; case, accents, articles and closing stops aside. */
    boolean isRight(String answer) {
        return switch (match) {
            case EXACT -> answers.stream().anyMatch(right -> normal(right).equals(normal(answer)));
            case LAST_NUMBER -> answers.contains(lastNumber(answer));
            case ALL ->
                answers.stream()
                        .allMatch(fact -> (" " + normal(answer) + " ")
                                .replaceAll("\\.(?= )", "")
                                .contains(" " + normal(fact) + " "));
        };
    }

    private static String lastNumber(String answer) {
        return NUMBER.matcher(answer)
                .results()
                .map(MatchResult::group)
                .reduce("", (first, second) -> second)
                .replace(",", "")
                .replaceAll("\\.0+$", "");
    }

    private static String normal(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKD).replaceAll("\\p{M}+", "");
        String words =
                NO_WORD.matcher(plain.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
        return ARTICLE.matcher(words.replaceAll("\\.+$", "").strip()).replaceFirst("");
    }
}
