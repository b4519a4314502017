package dev.foundrygateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.ChatRequest;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrefixAffinityTest {
    private static final String SYSTEM = "{\"role\":\"system\",\"content\":\"Be brief.\"}";
    private static final String ASKED = "{\"role\":\"user\",\"content\":\"Where is the pier?\"}";
    private static final String ANSWERED = "{\"role\":\"assistant\",\"content\":\"In the north.\"}";
    private static final String AGAIN = "{\"content\":\"How long is it?\",\"role\":\"user\"}";

    private final PrefixAffinity affinity = new PrefixAffinity();
    private final Endpoint one = new Endpoint(new UpstreamAddress(false, "127.0.0.1", 1, ""));
    private final Endpoint other = new Endpoint(new UpstreamAddress(false, "127.0.0.1", 2, ""));

    private static long[] prefixes(String model, String... messages) {
        return ChatRequest.parse(body(model, messages)).prefixes();
    }

    private static Buffer chat(String... messages) {
        return body("m", messages);
    }

    private static Buffer body(String model, String... messages) {
        String json = "{\"model\":\"" + model + "\",\"messages\":[" + String.join(" , ", messages) + "]}";
        return Buffer.buffer(json.getBytes(UTF_8));
    }

    private Optional<Endpoint> find(long[] prefixes) {
        return affinity.find(prefixes, prefixes.length);
    }

    @Test
    void aBeginningIsCountedFromTheFirstQuestionOn() {
        assertEquals(0, prefixes("m", SYSTEM).length, "what many conversations share");
        assertEquals(1, prefixes("m", SYSTEM, ASKED).length);
        assertEquals(3, prefixes("m", SYSTEM, ASKED, ANSWERED, AGAIN).length);
        assertEquals(0, prefixes("m").length);
        assertArrayEquals(
                prefixes("m", SYSTEM, ASKED, ANSWERED),
                Arrays.copyOf(prefixes("m", SYSTEM, ASKED, ANSWERED, AGAIN), 2),
                "a next turn has the beginnings of the one before");
        assertTrue(prefixes("m", ASKED)[0] != prefixes("n", ASKED)[0], "another model has another cache");
        assertTrue(prefixes("m", ASKED)[0] != prefixes("m", SYSTEM, ASKED)[0], "another beginning");
    }

    @Test
    void theNextTurnGoesWhereTheLongestBeginningWasRead() {
        affinity.remember(prefixes("m", SYSTEM, ASKED), one);
        assertEquals(Optional.of(one), find(prefixes("m", SYSTEM, ASKED, ANSWERED, AGAIN)));
        affinity.remember(prefixes("m", SYSTEM, ASKED, ANSWERED, AGAIN), other);
        assertEquals(Optional.of(other), find(prefixes("m", SYSTEM, ASKED, ANSWERED, AGAIN, ANSWERED)));
        assertEquals(Optional.empty(), find(prefixes("m", SYSTEM, AGAIN)));
        assertEquals(Optional.empty(), find(new long[0]));
    }

    @Test
    void aConversationKeepsItsAddressUnlessThatIsMuchBusier() {
        Upstream two = ConfiguredUpstreams.foundry(() -> 0, "http://127.0.0.1:1", "urls", "http://127.0.0.1:2");
        Endpoint first = two.choose(chat(ASKED));
        Endpoint second = begun(two, first, chat(AGAIN));
        assertNotSame(first, second, "another conversation goes where none is under way");
        second.enter();
        second.leave();
        assertSame(second, two.choose(chat(AGAIN, ANSWERED, ASKED)), "its next turn stays, though both are idle");
        second.enter();
        assertSame(second, two.choose(chat(AGAIN, ANSWERED, ASKED, ANSWERED, AGAIN)), "one call more is waited for");
        assertSame(first, two.choose(chat(AGAIN)), "who asks the same again is another caller");
        second.enter();
        assertSame(first, two.choose(chat(AGAIN, ANSWERED, ASKED, ANSWERED, AGAIN)), "two are not");
        two.takeOut(first);
        assertSame(second, two.choose(chat(AGAIN, ANSWERED, ASKED)), "an address that failed is out");
    }

    @Test
    void newConversationsAreSpreadEvenly() {
        Upstream two = ConfiguredUpstreams.foundry(() -> 0, "http://127.0.0.1:1", "urls", "http://127.0.0.1:2");
        Map<Endpoint, Integer> chosen = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            Endpoint endpoint = two.choose(chat(ASKED.replace("pier", "pier " + i)));
            endpoint.enter();
            endpoint.leave();
            chosen.merge(endpoint, 1, Integer::sum);
        }
        assertEquals(List.of(5, 5), List.copyOf(chosen.values()));
    }

    /** Where it goes while the other has a call under way. */
    private static Endpoint begun(Upstream upstream, Endpoint busy, Buffer chat) {
        busy.enter();
        Endpoint chosen = upstream.choose(chat);
        busy.leave();
        return chosen;
    }

    @Test
    void whatWasReadLongAgoIsForgottenAndWhatWasReadLatelyIsNot() {
        affinity.remember(new long[] {-1}, one);
        for (long i = 1; i <= 3L * PrefixAffinity.GENERATION; i++) {
            affinity.remember(new long[] {i}, other);
        }
        assertEquals(Optional.empty(), find(new long[] {-1}));
        assertEquals(Optional.of(other), find(new long[] {3L * PrefixAffinity.GENERATION}));
    }
}
