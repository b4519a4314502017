package dev.foundrygateway.hybrid;

import dev.foundrygateway.openai.Language;
import dev.foundrygateway.openai.ModelOutput;
import java.util.List;
import java.util.regex.Pattern;

/** The signals of a draft, of its opening or of the whole. Pure. */
public final class DraftSignals {
    private static final int WINDOW = 5;
    private static final Pattern SENTENCE_END = Pattern.compile("(?<![.!?。！？])[.!?。！？]++(?:\\s|$)|\\n++");
    private static final Pattern ANSWER_MARKER = Pattern.compile(
            "####|\\\\boxed|\\b(?:final )?answer(?:\\s+is\\b|:)|\\*\\*answer|antwort(?: ist|:)|réponse(?: est|:)",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    private DraftSignals() {}

    /**
     * Reads them, those of the prompt included.
     *
     * @param ended whether the draft is whole; what only a whole one shows is absent before
     */
    public static SignalValues read(Prompt prompt, Draft draft, boolean ended) {
        SignalValues values = PromptSignals.read(prompt);
        String text = draft.text();
        boolean tools = !draft.toolArguments().isEmpty();
        values.set(Signal.EMPTY, text.isBlank() && !tools)
                .set(Signal.REFUSAL, Phrases.refuses(text))
                .set(Signal.HEDGING, Math.min(1, Phrases.hedges(text) / (double) sentences(text)))
                .set(Signal.REPETITION, loops(text))
                .set(Signal.WRONG_LANGUAGE, Language.differ(prompt.text(), text))
                .set(Signal.BROKEN_JSON, prompt.json() && !tools && brokenJson(text, ended))
                .set(Signal.BROKEN_TOOL_CALL, brokenToolCall(draft.toolArguments(), ended))
                .set(Signal.LINE_BREAKS, Math.log1p(count(text.strip(), '\n')))
                .set(Signal.QUESTIONS, Math.log1p(count(text, '?')))
                .set(Signal.WRONG_EQUATIONS, Math.log1p(Arithmetic.equations(text, false)))
                .set(Signal.RIGHT_EQUATIONS, Math.log1p(Arithmetic.equations(text, true)));
        if (!prompt.sources().isEmpty() && !text.isBlank()) {
            values.set(Signal.UNSUPPORTED, PromptSignals.missing(text, prompt.sources()));
        }
        if (!draft.logprobs().isEmpty()) {
            values.set(Signal.MEAN_LOGPROB, -mean(draft.logprobs()));
            values.set(Signal.LOWEST_LOGPROB, -lowestWindow(draft.logprobs()));
        }
        List<Double> numbers = Arithmetic.numbers(text);
        values.set(Signal.NUMBERS_UNUSED, Arithmetic.unused(Arithmetic.numbers(prompt.text()), numbers));
        if (ended) {
            readEnd(values, prompt, draft, numbers);
        }
        return values;
    }

    private static void readEnd(SignalValues values, Prompt prompt, Draft draft, List<Double> numbers) {
        String text = draft.text().strip();
        boolean tools = !draft.toolArguments().isEmpty();
        double last = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
        values.set(Signal.DRAFT_LENGTH, Math.log1p(text.length()))
                .set(Signal.UNFINISHED, !text.isEmpty() && !endsProperly(text))
                .set(Signal.ANSWER_MARKER, ANSWER_MARKER.matcher(text).find())
                .set(Signal.NON_INTEGER, last != Math.rint(last))
                .set(Signal.NEGATIVE, last < 0)
                .set(Signal.TOO_SHORT, !tools && draft.characters() < prompt.minCharacters())
                .set(Signal.CUT, draft.cut() && !prompt.limited());
    }

    private static boolean brokenJson(String text, boolean ended) {
        if (ended) {
            return !ModelOutput.isJsonDocument(text);
        }
        String opening = text.stripLeading();
        return !opening.isEmpty() && opening.charAt(0) != '{' && opening.charAt(0) != '[';
    }

    private static boolean brokenToolCall(List<String> calls, boolean ended) {
        return calls.stream()
                .anyMatch(arguments -> ended
                        ? !ModelOutput.isJsonObject(arguments)
                        : !arguments.isBlank() && arguments.stripLeading().charAt(0) != '{');
    }

    static int sentences(CharSequence text) {
        return Math.max(1, SENTENCE_END.split(text, -1).length);
    }

    /** A sentence, code, a list or a bare answer may end in a letter or digit; a clause ends in what asks for more. */
    private static boolean endsProperly(String text) {
        char last = text.charAt(text.length() - 1);
        return ".!?)]}\"'`*。！？".indexOf(last) >= 0 || (text.indexOf('\n') >= 0 && Character.isDigit(last));
    }

    private static int count(String text, char wanted) {
        return (int) text.chars().filter(c -> c == wanted).count();
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    /**
     * The lowest mean over a sliding window: a single doubtful stretch, which the mean over all drowns.
     *
     * @see <a href="https://arxiv.org/abs/2508.15260">DeepConf</a>
     */
    private static double lowestWindow(List<Double> values) {
        int width = Math.min(WINDOW, values.size());
        double sum = 0;
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < values.size(); i++) {
            sum += values.get(i);
            if (i >= width) {
                sum -= values.get(i - width);
            }
            if (i >= width - 1) {
                lowest = Math.min(lowest, sum / width);
            }
        }
        return lowest;
    }

    /** How far back is looked: long enough for a repeated paragraph, short enough to cost nothing. */
    private static final int REACH = 1_200;

    private static final int LONGEST_PERIOD = 300;
    private static final int SHORTEST_LOOP = 60;
    private static final int TIMES = 4;

    /** Whether it ends in at least four repetitions of one piece, together no shorter than a sentence. */
    static boolean loops(String text) {
        String end = text.substring(Math.max(0, text.length() - REACH)).stripTrailing();
        for (int period = 1; period <= Math.min(LONGEST_PERIOD, end.length() / TIMES); period++) {
            int same = 0;
            int at = end.length() - 1;
            while (at - period >= 0 && end.charAt(at) == end.charAt(at - period)) {
                same++;
                at--;
            }
            int loop = same + period;
            if (loop >= Math.max(SHORTEST_LOOP, TIMES * period) && varied(end, period)) {
                return true;
            }
        }
        return false;
    }

    /** Rules, dots and table borders repeat by intent: a loop has a letter in it. */
    private static boolean varied(String end, int period) {
        return end.substring(end.length() - period).chars().anyMatch(Character::isLetter);
    }
}
