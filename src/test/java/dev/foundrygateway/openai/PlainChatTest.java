package dev.foundrygateway.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A chunk of several choices, taken apart. */
class PlainChatTest {
    private static final String FIRST = "{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"index\":0}]}";

    @Test
    void eachChoiceIsAChunkWithWhatAllShareAndTheLastHasTheCounts() {
        for (int count : new int[] {2, PlainChat.MAX_CHOICES}) {
            List<String> all = PlainChat.apart(chunk(count)).stream()
                    .map(one -> one.json().toString())
                    .toList();
            List<String> wanted = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                wanted.add(FIRST.replace(":0}", ":" + i + "}"));
            }
            wanted.set(count - 1, wanted.get(count - 1).replace("]}", "],\"usage\":null}"));
            assertEquals(wanted, all);
        }
    }

    @Test
    void oneChoiceAndMoreThanAnyoneMayAskForStayTogether() {
        for (int count : new int[] {0, 1, PlainChat.MAX_CHOICES + 1, 100_000}) {
            ReplyDocument chunk = chunk(count);
            List<ReplyDocument> all = PlainChat.apart(chunk);
            assertEquals(1, all.size());
            assertSame(chunk, all.get(0));
        }
    }

    private static ReplyDocument chunk(int choices) {
        return ReplyDocument.of(Buffer.buffer(IntStream.range(0, choices)
                        .mapToObj(i -> "{\"delta\":{\"content\":\"Hi\"}}")
                        .collect(Collectors.joining(",", "{\"id\":\"c\",\"usage\":null,\"choices\":[", "]}"))))
                .orElseThrow();
    }
}
