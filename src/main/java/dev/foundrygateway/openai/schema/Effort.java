package dev.foundrygateway.openai.schema;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * How much work one check may be. A schema of a few hundred bytes can branch at every level, and a pattern can be exponential: both are counted while they run. The library
 * compiles a pattern once for all checks and gives it nothing but a text, so the count is kept by thread while a check runs on it.
 */
final class Effort extends ExecutionContext {
    private static final int MAX_STEPS = 500_000;
    private static final int MAX_ERRORS = 100;
    private static final int MAX_READS = 5_000_000;
    private static final ThreadLocal<Reads> READS = ThreadLocal.withInitial(Reads::new);

    private int steps;

    /** The check is more work than allowed. */
    static final class TooMuchException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooMuchException() {
            super("more work than a check may be", null, false, false);
        }
    }

    private static final class Reads {
        private int count;
    }

    /** Of a check that begins now on this thread. */
    Effort() {
        super(ExecutionConfig.builder().formatAssertionsEnabled(true).build());
        READS.get().count = 0;
    }

    @Override
    public void evaluationPathAddLast(String keyword) {
        count();
        super.evaluationPathAddLast(keyword);
    }

    @Override
    public void evaluationPathAddLast(int index) {
        count();
        super.evaluationPathAddLast(index);
    }

    /** Only the first is told. */
    @Override
    public void addError(Error error) {
        if (getErrors().size() < MAX_ERRORS) {
            super.addError(error);
        }
    }

    private void count() {
        if (++steps > MAX_STEPS) {
            throw new TooMuchException();
        }
    }

    /** Java's patterns, near enough to ECMA's, over a text whose every read counts. */
    static RegularExpressionFactory patterns() {
        return text -> {
            // ECMA's $ is the very end, Java's also before a last line break.
            Pattern pattern = Pattern.compile(
                    text.endsWith("$") && !text.endsWith("\\$") ? text.substring(0, text.length() - 1) + "\\z" : text);
            return (RegularExpression) value -> find(pattern, value);
        };
    }

    /** Whether a pattern can be used at all; empty, or why not. */
    static String problem(String pattern) {
        try {
            Pattern.compile(pattern);
            return "";
        } catch (PatternSyntaxException broken) {
            return String.valueOf(broken.getDescription());
        }
    }

    private static boolean find(Pattern pattern, String value) {
        Matcher matcher = pattern.matcher(new CountedText(value, READS.get()));
        try {
            return matcher.find();
        } catch (StackOverflowError deep) {
            throw new TooMuchException();
        }
    }

    private record CountedText(CharSequence text, Reads reads) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++reads.count > MAX_READS) {
                throw new TooMuchException();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new CountedText(text.subSequence(from, to), reads);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
