package dev.foundrygateway.hybrid;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers and equations in a text. */
final class Arithmetic {
    private static final Pattern NUMBER = Pattern.compile("(?<![\\p{L}\\d.])-?\\d[\\d,]*(?:\\.\\d+)?");
    /** Each part is bounded: it is looked for from every digit on, on an event loop. */
    private static final String OPERAND = "\\$?(\\d[\\d,]{0,30}+(?:\\.\\d{1,30}+)?+|\\.\\d{1,30}+)%?";

    private static final String WORD = "(?:\\s{0,9}[a-z/]{0,30}\\s{0,9})";
    private static final Pattern EQUATION = Pattern.compile(
            OPERAND + "(?:\\s{0,9}[a-z]{0,30}\\s{0,9})([-+*/x×÷])\\s{0,9}" + OPERAND + WORD
                    + "=\\s{0,9}(?:<<[^>]{0,200}>>)?\\$?(-?\\d[\\d,]{0,30}+(?:\\.\\d{1,30}+)?)",
            Pattern.CASE_INSENSITIVE);
    /** Answers are rounded to cents as a rule. */
    private static final double TOLERANCE = 0.011;

    private Arithmetic() {}

    /** The numbers in it, in order, thousands separators taken out. */
    static List<Double> numbers(String text) {
        List<Double> numbers = new ArrayList<>();
        Matcher matcher = NUMBER.matcher(text);
        while (matcher.find()) {
            numbers.add(number(matcher.group()));
        }
        return numbers;
    }

    /** The share of the first text's numbers that the second does not have; 0 if there are none. */
    static double unused(List<Double> asked, List<Double> used) {
        Set<Double> known = new HashSet<>(used);
        long missing = asked.stream().filter(number -> !known.contains(number)).count();
        return asked.isEmpty() ? 0 : (double) missing / asked.size();
    }

    /**
     * Counts equations of two operands.
     *
     * @param right whether to count those that add up, or those that don't
     */
    static int equations(CharSequence text, boolean right) {
        Matcher matcher = EQUATION.matcher(text);
        int count = 0;
        while (matcher.find()) {
            double a = number(matcher.group(1));
            double b = number(matcher.group(3));
            double claimed = number(matcher.group(4));
            double result =
                    switch (matcher.group(2)) {
                        case "+" -> a + b;
                        case "-" -> a - b;
                        case "/", "÷" -> a / b;
                        default -> a * b;
                    };
            boolean holds = Math.abs(result - claimed) <= Math.max(TOLERANCE, Math.abs(result) * 1e-3);
            if (holds == right) {
                count++;
            }
        }
        return count;
    }

    private static double number(String digits) {
        return Double.parseDouble(digits.replace(",", ""));
    }
}
