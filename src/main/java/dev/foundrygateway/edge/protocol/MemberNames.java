package dev.foundrygateway.edge.protocol;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorBody;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a chat request's members are called in the request that it was made of: what is wrong with a chat is told in the client's own words. Pure. */
final class MemberNames {
    static final MemberNames RESPONSES = new MemberNames(
            List.of(
                    renamed("response_format(?:\\.json_schema)?", "text.format"),
                    renamed("tools\\[(\\d+)]\\.function\\.", "tools[$1]."),
                    renamed("tool_choice\\.function\\.name", "tool_choice.name"),
                    renamed("max_(?:completion_)?tokens\\b", "max_output_tokens"),
                    renamed("reasoning_effort\\b", "reasoning.effort")),
            Map.of("messages", "input"));
    static final MemberNames MESSAGES = new MemberNames(
            List.of(
                    renamed("response_format(?:\\.json_schema)?", "output_config.format"),
                    renamed("tools\\[(\\d+)]\\.function\\.parameters", "tools[$1].input_schema"),
                    renamed("tools\\[(\\d+)]\\.function\\.", "tools[$1]."),
                    renamed("tool_choice\\.function\\.name", "tool_choice.name"),
                    renamed("max_completion_tokens\\b", "max_tokens"),
                    renamed("reasoning_effort\\b", "output_config.effort")),
            Map.of("stop", "stop_sequences"));

    /** Names that no sentence has as a word. */
    private final List<Renamed> names;
    /** Names that are words, too: they are meant where the error is about them. */
    private final Map<String, String> words;

    private MemberNames(List<Renamed> names, Map<String, String> words) {
        this.names = names;
        this.words = words;
    }

    private record Renamed(Pattern chat, String own) {}

    private static Renamed renamed(String chat, String own) {
        return new Renamed(Pattern.compile("(?<![\\w.\\-])" + chat), own);
    }

    /** The same error for the client. */
    ErrorBody of(ErrorBody error) {
        String message = rename(error.message());
        String word = words.getOrDefault(error.param(), "");
        if (word.isEmpty()) {
            return new ErrorBody(message, error.type(), rename(error.param()), error.code());
        }
        String told = message.startsWith(error.param() + " ")
                ? word + message.substring(error.param().length())
                : message;
        return new ErrorBody(told, error.type(), word, error.code());
    }

    /** The same failure for the client. */
    GatewayException of(GatewayException failure) {
        ErrorBody own = of(failure.body());
        return failure.told(own.message(), own.param());
    }

    private String rename(String text) {
        String renamed = text;
        for (Renamed name : names) {
            renamed = name.chat().matcher(renamed).replaceAll(name.own());
        }
        return renamed;
    }
}
