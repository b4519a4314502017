package dev.foundrygateway.evaluate;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A question with known answers.
 *
 * @param text what is asked
 * @param answers every way to write the right answer
 */
record Question(String text, List<String> answers) {
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}.]+");
    private static final Pattern ARTICLE = Pattern.compile("^(?:the|a|an) ");

    /** Reads JSON lines of {@code question} and {@code answers}. */
    static List<Question> read(Path file) throws IOException {
        List<Question> questions = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank()) {
                try {
                    questions.add(read(new JsonObject(line)));
                } catch (DecodeException | ClassCastException | NullPointerException e) {
                    throw new IllegalArgumentException(
                            file + " cannot be read as questions: line " + number
                                    + " must be an object with question and a list answers, and has not",
                            e);
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
            texts.add(answers.getString(i));
        }
        return new Question(Objects.requireNonNull(one.getString("question")), texts);
    }

    /** Whether an answer is one of the right ones, case, accents, articles and closing stops aside. */
    boolean isRight(String answer) {
        String given = normal(answer);
        return answers.stream().anyMatch(right -> normal(right).equals(given));
    }

    private static String normal(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKD).replaceAll("\\p{M}+", "");
        String words =
                NO_WORD.matcher(plain.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
        return ARTICLE.matcher(words.replaceAll("\\.+$", "").strip()).replaceFirst("");
    }
}
