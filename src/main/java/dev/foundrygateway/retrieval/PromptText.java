package dev.foundrygateway.retrieval;

import java.util.regex.Pattern;

/**
 * Text of documents made harmless for a prompt: without control and invisible characters, and without the tokens by which chat templates mark roles, so that
 * a document cannot pose as another turn.
 *
 * @see <a href="https://arxiv.org/abs/2403.14720">Hines et al.: Defending against indirect prompt injection by spotlighting</a>
 */
public final class PromptText {
    /** {@code <|im_start|>}, {@code <|end|>} and their like; Llama's and Mistral's; Gemma's; DeepSeek's full-width bars. */
    private static final Pattern TEMPLATE_TOKENS = Pattern.compile(
            "<[|｜][^|｜<>\\n]{1,40}[|｜]>|\\[/?INST]|<</?SYS>>|</?s>|</?(?:start|end)_of_turn>|</?(?:system|assistant|user)>"
                    + "|\\[/?(?:AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)]|</?tool_(?:call|response)>",
            Pattern.CASE_INSENSITIVE);

    /** Controls but tab and line feed; soft hyphen, zero-width, direction marks, byte order mark; the tag block, which hides text from people. */
    private static final Pattern INVISIBLE = Pattern.compile(
            "[\\x00-\\x08\\x0B-\\x1F\\x7F-\\x9F\\u00AD\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]"
                    + "|[\\x{E0000}-\\x{E007F}]");

    private PromptText() {}

    public static String clean(String text) {
        String visible = INVISIBLE.matcher(text).replaceAll("");
        String before;
        do {
            // Again until nothing is left: what is taken out may bring the halves of another token together.
            before = visible;
            visible = TEMPLATE_TOKENS.matcher(visible).replaceAll("");
        } while (!before.equals(visible));
        return visible;
    }
}
