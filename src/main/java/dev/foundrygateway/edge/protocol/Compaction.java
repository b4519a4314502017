package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.Trees;
import dev.foundrygateway.responses.ResponseIds;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * A conversation made shorter: the model writes a summary of it, and the user's messages stay as they are. The item {@code compaction} has the summary in it, so that nothing needs to be
 * kept here; it isn't sealed from the client, which knows the conversation.
 *
 * @param request the question to the model
 * @param input the items of the conversation, each with its id
 * @param id the answer's id
 * @param seconds the time now, since 1970
 * @see <a href="https://platform.openai.com/docs/api-reference/responses/compact">OpenAI, compact a response</a>
 */
public record Compaction(ChatRequest request, ArrayNode input, String id, LongSupplier seconds)
        implements Translation, WholeWriting {
    /** In front of a summary of ours; no other server's begins so. */
    private static final String OURS = "sum" + ResponseIds.MARK;

    private static final Set<String> ITEM = Set.of("type", "id", "encrypted_content", "created_by");
    /** What only an answer has a use for. Some clients send the same members as for one. */
    private static final List<String> OF_ANSWERS =
            List.of("tools", "tool_choice", "parallel_tool_calls", "text", "stream", "stream_options", "include");

    private static final Set<String> KEPT_ROLES = Set.of("user", "system", "developer");

    /** Unless the request says so itself: a small model may find no end. */
    private static final int MOST_TOKENS = 2_048;

    private static final String QUESTION =
            "Write a summary of this conversation for the assistant that goes on with it and sees nothing else of it but the user's messages."
                    + " Say what was done and found, what was decided and why, and what is still to do. Keep names, numbers, paths and ids exactly."
                    + " Write in the conversation's language, and write the summary only.";

    /**
     * Reads a request.
     *
     * @param earlier what {@link ResponsesProtocol#references} names, as far as there is something
     * @param files gives the text of what it brings along or names
     * @throws GatewayException when it can't be translated
     */
    public static Compaction of(Buffer body, Earlier earlier, AttachedFiles files, String id, LongSupplier seconds) {
        ObjectNode request = ChatProtocol.object(body);
        request.remove(OF_ANSWERS);
        ResponsesRequest.InChat read = ResponsesRequest.of(request, earlier, files, id);
        ObjectNode chat = read.chat();
        chat.withArray("messages").addObject().put("role", "user").put("content", QUESTION);
        if (!chat.has("max_tokens")) {
            chat.put("max_tokens", MOST_TOKENS);
        }
        // The question asks for nothing that a store has.
        chat.withObject("/gateway").put("rag", "off");
        return new Compaction(ChatRequest.parse(Trees.bytes(chat)), read.input(), id, seconds);
    }

    /** Whether a request goes on from a summary of ours, which a server's own Responses can't read. */
    public static boolean isIn(ChatRequest request) {
        return request.member("input")
                .filter(input -> input.contains("\"" + OURS))
                .isPresent();
    }

    /**
     * The summary in an item of ours.
     *
     * @throws GatewayException when another server has made it
     */
    static String summary(Place item) {
        Place content = item.only(ITEM).member("encrypted_content");
        String text = content.filledText();
        if (text.startsWith(OURS)) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(OURS.length()))))
                        .toString();
            } catch (IllegalArgumentException | CharacterCodingException changed) {
                // Told below.
            }
        }
        throw content.wrong("is not of this gateway's POST /v1/responses/compact, and nobody here can read it");
    }

    @Override
    public ChatReply reply(ChatReply reply, String requestId) {
        return TranslatedReply.whole(reply, this, MemberNames.RESPONSES);
    }

    @Override
    public GatewayException failure(GatewayException failure) {
        return MemberNames.RESPONSES.of(failure);
    }

    @Override
    public ObjectNode whole(ChatDelta answer) {
        String summary = answer.text().strip();
        if (summary.isEmpty()) {
            throw new GatewayException(ErrorCode.UPSTREAM_ERROR, "the model has written no summary; ask again");
        }
        ObjectNode compacted = Trees.object()
                .put("id", id)
                .put("object", "response.compaction")
                .put("created_at", seconds.getAsLong());
        ArrayNode output = compacted.putArray("output");
        for (JsonNode item : input) {
            if (KEPT_ROLES.contains(item.path("role").asText())) {
                output.add(item);
            }
        }
        output.addObject()
                .put("id", ResponseIds.output("cmp", id, 0))
                .put("type", "compaction")
                .put(
                        "encrypted_content",
                        OURS
                                + Base64.getUrlEncoder()
                                        .withoutPadding()
                                        .encodeToString(summary.getBytes(StandardCharsets.UTF_8)));
        compacted.set("usage", ResponseDocument.usage(answer.usage()));
        return compacted;
    }

    @Override
    public Buffer error(int status, ErrorBody error) {
        return error.json();
    }
}
