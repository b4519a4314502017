package dev.foundrygateway.retrieval;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Text of documents made harmless for a prompt: without control and invisible characters, and without the tokens by which chat templates mark roles, so that
 * a document cannot pose as another turn. Words that templates use and people, too, such as {@code <user>} and F#'s {@code <| x |>},
 * stay readable in other brackets. One pass over
 * the text, whose result is looked back upon by {@value #LONGEST} characters at most where a bracket closes: what is taken out may bring the halves of
 * another token together.
 *
 * @see <a href="https://arxiv.org/abs/2403.14720">Hines et al.: Defending against indirect prompt injection by spotlighting</a>
 */
public final class PromptText {
    /** {@code <|}, 40 characters and {@code |>}. */
    private static final int LONGEST = 44;

    /** Llama's and Mistral's, Gemma's, Qwen's, StarCoder's, and what tokenizers of many models call their own. */
    private static final Set<String> TOKENS = Set.of(
            ("<<sys>> <</sys>> <s> </s> <bos_token> <eos_token> <unk_token> <pad_token> <sop> [gmask] [smask] <bos> <eos> <unk> <pad> <mask> <sep> <cls>"
                            + " <eod> <eop> <eot> <eom> <eoa> <eoh> <start_of_turn> <end_of_turn> </start_of_turn> </end_of_turn>"
                            + " <start_of_image> <end_of_image> <image_soft_token> <start_function_call> <end_function_call>"
                            + " <start_function_response> <end_function_response> <start_function_declaration>"
                            + " <end_function_declaration> <fim_prefix> <fim_middle> <fim_suffix> <fim_pad> <repo_name>"
                            + " <file_sep> <tool_call> </tool_call> <tool_response> </tool_response> [available_tools]"
                            + " [/available_tools] [tool_calls] [/tool_calls] [tool_results] [/tool_results] [tool_content]"
                            + " [system_prompt] [/system_prompt] [call_id] [/think] [think]")
                    .split(" "));

    private static final Set<String> READABLE = Set.of(("<system> </system> <assistant> </assistant> <user> </user>"
                    + " <developer> </developer> <human> </human> <model> </model> <bot> </bot> <tool> </tool> <tools>"
                    + " </tools> <think> </think> [inst] [/inst]")
            .split(" "));

    /** What stands before a number in names that tokenizers keep free. */
    private static final List<String> NUMBERED = List.of("<unused", "<extra_id_", "<reserved_", "[unused_token_");

    private final StringBuilder kept;
    private long steps;

    private PromptText(int length) {
        this.kept = new StringBuilder(length);
    }

    /** The text without what could pose as something else. */
    public static String clean(String text) {
        PromptText cleaning = new PromptText(text.length());
        cleaning.all(text);
        return cleaning.kept.toString();
    }

    /** The same on one line and without square brackets: what stands behind a source's number cannot begin another source. */
    public static String line(String text) {
        StringBuilder line = new StringBuilder(clean(text));
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '[' || c == ']') {
                line.setCharAt(i, c == '[' ? '(' : ')');
            } else if (c < ' ' || c == '\u2028' || c == '\u2029') {
                line.setCharAt(i, ' ');
            }
        }
        return line.toString().strip();
    }

    /** How many characters are looked at for a text: for tests of growth. */
    static long steps(String text) {
        PromptText cleaning = new PromptText(text.length());
        cleaning.all(text);
        return cleaning.steps;
    }

    private void all(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            steps++;
            if (!isInvisible(c)) {
                kept.appendCodePoint(c);
                if (c == '>' || c == ']') {
                    closed(c == '>' ? '<' : '[');
                }
            }
        }
    }

    private void closed(char open) {
        int end = kept.length();
        int start = end - 2;
        int first = Math.max(0, end - LONGEST);
        while (start >= first && kept.charAt(start) != open) {
            start--;
            steps++;
        }
        if (start < first) {
            return;
        }
        String token = kept.substring(start, end).toLowerCase(Locale.ROOT);
        boolean barred = open == '<' && isBarred(token);
        if (TOKENS.contains(token)
                || isNumbered(token)
                || (open == '<' && isHalfBarred(token))
                || (barred && token.indexOf(' ') < 0)) {
            kept.setLength(start);
        } else if (READABLE.contains(token) || barred) {
            kept.setCharAt(start, open == '<' ? '\u2039' : '(');
            kept.setCharAt(end - 1, open == '<' ? '\u203A' : ')');
        } else if (start > 0 && kept.charAt(start - 1) == open && TOKENS.contains(open + token)) {
            kept.setLength(start - 1);
        }
    }

    private static boolean isNumbered(String token) {
        return NUMBERED.stream()
                .anyMatch(name -> token.startsWith(name)
                        && token.length() > name.length() + 1
                        && token.substring(name.length(), token.length() - 1)
                                .chars()
                                .allMatch(c -> c >= '0' && c <= '9'));
    }

    /** {@code <|im_start|>}, {@code <|end|>} and their like, with DeepSeek's full-width bars, too. */
    private static boolean isBarred(String token) {
        int last = token.length() - 2;
        if (last < 3 || !isBar(token.charAt(1)) || !isBar(token.charAt(last))) {
            return false;
        }
        for (int i = 2; i < last; i++) {
            if (isBar(token.charAt(i)) || token.charAt(i) == '\n' || token.charAt(i) == '>') {
                return false;
            }
        }
        return true;
    }

    /** Gemma's {@code <|turn>} and {@code <turn|>}: a name of letters right behind or before the one bar. */
    private static boolean isHalfBarred(String token) {
        int last = token.length() - 1;
        boolean first = isBar(token.charAt(1));
        int from = first ? 2 : 1;
        int to = first ? last : last - 1;
        return to > from
                && (first || isBar(token.charAt(to)))
                && token.substring(from, to).chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '_');
    }

    private static boolean isBar(char c) {
        return c == '|' || c == '\uFF5C';
    }

    /** Controls but tab and line feed; soft hyphen, zero-width, direction marks, byte order mark, blank letters; what hides text from people. */
    private static boolean isInvisible(int c) {
        if (c < 0x300) {
            return (c < ' ' && c != '\t' && c != '\n') || (c >= 0x7F && c <= 0x9F) || c == 0xAD;
        }
        return switch (c) {
            case 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0 -> true;
            default ->
                isIn(c, 0x180B, 0x180F) // selectors of variants
                        || isIn(c, 0x200B, 0x200F)
                        || isIn(c, 0x202A, 0x202E)
                        || isIn(c, 0x2060, 0x206F)
                        || isIn(c, Character.MIN_SURROGATE, Character.MAX_SURROGATE) // halves
                        || isIn(c, 0xFE00, 0xFE0F) // selectors of variants
                        || isIn(c, 0xFFF9, 0xFFFB)
                        || isIn(c, 0x1BCA0, 0x1BCA3)
                        || isIn(c, 0x1D173, 0x1D17A)
                        || isIn(c, 0xE0000, 0xE0FFF) // tags, more selectors
                        || (c & 0xFFFE) == 0xFFFE; // no characters
        };
    }

    private static boolean isIn(int c, int from, int to) {
        return c >= from && c <= to;
    }
}
