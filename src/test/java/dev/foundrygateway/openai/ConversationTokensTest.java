package dev.foundrygateway.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a conversation takes of a context. */
class ConversationTokensTest {
    private static String base64(int bytes) {
        byte[] data = new byte[bytes];
        new Random(7).nextBytes(data);
        return Base64.getEncoder().encodeToString(data);
    }

    @Test
    void picturesAndSoundCountAsWhatTheyAre() {
        String question = "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"How high is the tower?\"},";
        String picture = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,@\"}}";
        String sound = "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"@\",\"format\":\"mp3\"}}]}]";
        String plain = question + picture + "," + sound;
        int tokens = ConversationTokens.of(plain.replace("@", base64(200_000)));
        assertTrue(tokens < TokenEstimate.of(plain) + 2_300, tokens + " tokens");
        assertTrue(tokens > 2_000, tokens + " tokens");
        int escaped = ConversationTokens.of(plain.replace("@", base64(200_000).replace("/", "\\/")));
        assertTrue(escaped < TokenEstimate.of(plain) + 2_300, escaped + " tokens");
    }

    @Test
    void wordsCountAsBefore() {
        for (String text :
                new String[] {"", "word ".repeat(5_000), "\u4e2d".repeat(3_000), "x".repeat(999), "a-b/c_d"}) {
            assertEquals(TokenEstimate.of(text), ConversationTokens.of(text));
        }
    }
}
