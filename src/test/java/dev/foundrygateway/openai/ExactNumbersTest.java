package dev.foundrygateway.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.Usage;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is edited beside them, numbers keep their digits, members their order and their doubles. */
class ExactNumbersTest {
    private static final String[] SPELLINGS = {
        "100.0",
        "0.70",
        "1e400",
        "-0.0",
        "1E+2",
        "1e-7",
        "123456789012345678901234567890",
        "-0",
        "0.000",
        "1.5e+03",
        "9007199254740993"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {"100.0", "0.70", "1e400", "-0.0", "1E+2", "1e-7", "123456789012345678901234567890", "-0", "0.000"
            })
    void requestsKeepThem(String number) {
        String odd = "\"x\":" + number + ",\"x\":[" + number + "],\"\\u0078\":{\"y\":" + number + "}";
        ChatRequest request = ChatRequest.parse(Buffer.buffer("{" + odd
                + ",\"model\":\"a\",\"stop\":1,\"messages\":[{\"role\":\"system\"," + odd
                + ",\"content\":[{\"type\":\"text\",\"text\":\"s\"," + odd + "}]},{\"role\":\"user\",\"content\":\"q\","
                + odd + "}],"
                + "\"tools\":[{\"type\":\"function\"," + odd
                + "},{\"type\":\"file_search\",\"vector_store_ids\":[\"v\"]}]}"));
        String edited = ContentParts.flattened(FileSearchTool.removeFrom(request)
                        .withModel("b")
                        .withContext("rules", "before ", " after")
                        .withoutMember("stop"))
                .bytes()
                .toString();
        assertEquals(
                "{" + odd + ",\"model\":\"b\",\"messages\":[{\"role\":\"system\"," + odd
                        + ",\"content\":[{\"type\":\"text\",\"text\":\"s\"," + odd
                        + "},{\"type\":\"text\",\"text\":\"rules\"}]},{\"role\":\"user\",\"content\":\"before q after\","
                        + odd
                        + "}],\"tools\":[{\"type\":\"function\"," + odd + "}]}",
                edited.replace(
                        "\"content\":\"s\\nrules\"",
                        "\"content\":[{\"type\":\"text\",\"text\":\"s\"," + odd
                                + "},{\"type\":\"text\",\"text\":\"rules\"}]"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void repliesKeepThem(boolean stream) {
        for (String number : SPELLINGS) {
            String odd = "\"x\": " + number + " ,\"x\":[" + number + "]";
            String output = stream ? "delta" : "message";
            String json = "{" + odd + ",\"choices\":[{\"index\":0,\"" + output + "\":{\"content\":\"a\"," + odd
                    + "},\"logprobs\":{\"content\":[{\"logprob\":" + number + "}]},\"finish_reason\":\"stop\"," + odd
                    + "}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4," + odd + "}}";
            Frame frame = stream
                    ? new EventScanner(9_999).feed(Buffer.buffer("data: " + json + "\n\n"))
                    : Frame.answer(Buffer.buffer(json));
            Frame edited = ReplyDocument.edit(frame, ReplyDocument.place(frame).orElseThrow()::equals, closing -> {
                closing.document().setText("a, and more");
                closing.document().setAnnotations("[1.0]");
                closing.document().addGateway("{\"score\":0.50}");
                closing.document().setUsage(new Usage(5, 6));
            });
            String compact =
                    stream ? odd.replace(" ", "") : odd.replace(": ", ":").replace(" ,", ",");
            String wanted = "{" + compact + ",\"choices\":[{\"index\":0,\"" + output
                    + "\":{\"content\":\"a, and more\"," + compact
                    + ",\"annotations\":[1.0]},\"logprobs\":{\"content\":[{\"logprob\":" + number
                    + "}]},\"finish_reason\":\"stop\"," + compact
                    + "}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6," + compact
                    + ",\"total_tokens\":11},\"gateway\":{\"score\":0.50}}";
            assertEquals(
                    stream ? "data: " + wanted + "\n\n" : wanted, edited.bytes().toString());
            assertEquals(edited.bytes().length(), edited.events().get(0).to());
        }
    }

    @Test
    void gatheredAndMergedAnswersKeepThem() {
        for (String number : SPELLINGS) {
            GatheredChat chat = new GatheredChat(false);
            chat.add(chunk("{\"x\":" + number + ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\",\"y\":"
                    + number + "},\"logprobs\":{\"content\":[{\"logprob\":" + number + "}]}}]}"));
            chat.add(chunk("{\"x\":" + number
                    + ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"},\"logprobs\":{\"content\":[{\"logprob\":"
                    + number + "}]},\"finish_reason\":\"stop\",\"z\":" + number + "}]}"));
            String answer = chat.answer().bytes().toString();
            assertEquals(
                    "{\"x\":" + number
                            + ",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"logprobs\":{\"content\":[{\"logprob\":"
                            + number + "},{\"logprob\":" + number + "}]},\"finish_reason\":\"stop\",\"z\":" + number
                            + ",\"message\":{\"y\":" + number + ",\"role\":\"assistant\",\"content\":\"ab\"}}]}",
                    answer);
            String merged = MergedChoices.of(List.of(chat.answer(), chat.answer()))
                    .bytes()
                    .toString();
            assertEquals(
                    9, merged.split("(?<=[:\\[])" + java.util.regex.Pattern.quote(number) + "(?=[,}])", -1).length - 1);
        }
    }

    @Test
    void anyTextThatIsReadAndEditedAndEditedBackIsTheSame() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder json = new StringBuilder("{");
            int members = random.nextInt(5);
            for (int m = 0; m < members; m++) {
                json.append(m == 0 ? "" : ",")
                        .append("\"")
                        .append((char) ('a' + random.nextInt(3)))
                        .append("\":");
                value(json, random, 3);
            }
            String text = json.append('}').toString();
            Json read = Json.of(text);
            assertEquals(text, read.toString());
            read.set("new", true);
            visit(read);
            assertTrue(read.remove("new"));
            assertEquals(text, read.toString());
            assertEquals(text, read.copy().compact().toString());
        }
    }

    private static void visit(Json value) {
        value.elements().forEach(ExactNumbersTest::visit);
        value.members((name, member) -> visit(member));
    }

    private static void value(StringBuilder json, Random random, int depth) {
        switch (random.nextInt(depth > 0 ? 5 : 3)) {
            case 0 -> json.append(SPELLINGS[random.nextInt(SPELLINGS.length)]);
            case 1 -> json.append("\"é\\n\\ud83d\\/ \\\"\"");
            case 2 -> json.append(random.nextBoolean() ? "null" : "false");
            case 3 -> {
                json.append('[');
                value(json, random, depth - 1);
                json.append(',');
                value(json, random, depth - 1);
                json.append(']');
            }
            default -> {
                json.append("{\"k\":");
                value(json, random, depth - 1);
                json.append(",\"k\":");
                value(json, random, depth - 1);
                json.append('}');
            }
        }
    }

    private static ReplyDocument chunk(String json) {
        return new ReplyDocument(Json.of(json));
    }
}
