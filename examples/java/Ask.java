import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Streams one answer with LangChain4j. {@code GATEWAY_URL} is the gateway, by default http://127.0.0.1:5274/v1; {@code GATEWAY_API_KEY} is its key,
 * if it asks for one.
 *
 * <p>Run: {@code mvn -q compile exec:java -Dexec.args="hybrid 'Why is the sky blue?'"}
 */
public final class Ask {
    private Ask() {}

    /** Takes a model and a question. */
    public static void main(String[] arguments) {
        OpenAiStreamingChatModel model = OpenAiStreamingChatModel.builder()
                .baseUrl(Optional.ofNullable(System.getenv("GATEWAY_URL")).orElse("http://127.0.0.1:5274/v1"))
                .apiKey(Optional.ofNullable(System.getenv("GATEWAY_API_KEY")).orElse("none"))
                .modelName(arguments[0])
                .maxTokens(60)
                .build();
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        model.chat(arguments[1], new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
                System.out.print(piece);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                whole.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                whole.completeExceptionally(error);
            }
        });
        ChatResponse response = whole.join();
        System.out.printf("%n%s, %s%n", response.finishReason(), response.tokenUsage());
    }
}
