package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class UpstreamAddressTest {
    private static final String KEY = "gateway.upstreams.x.url";

    @Test
    void everyWayToWriteAnAddressIsTheSame() {
        for (String text : List.of(
                "http://127.0.0.1:5273",
                "http://127.0.0.1:5273/",
                "http://127.0.0.1:5273/v1",
                "http://127.0.0.1:5273/v1/",
                "HTTP://127.0.0.1:5273/v1/v1",
                " http://127.0.0.1:5273/v1 ")) {
            assertEquals(
                    "http://127.0.0.1:5273/v1", UpstreamAddress.parse(KEY, text).toString(), text);
        }
        assertEquals(
                "https://host:443/models/v1",
                UpstreamAddress.parse(KEY, "https://host/models/v1").toString());
        assertEquals(
                "http://[::1]:80/v1", UpstreamAddress.parse(KEY, "http://[::1]").toString());
    }

    @Test
    void whatIsNoAddressIsRefusedNamingTheSetting() {
        for (String text : List.of(
                "", "localhost:5273", "ftp://host", "http://", "http://user:key@host", "http://host?x=1", "a b")) {
            String message = assertThrows(IllegalArgumentException.class, () -> UpstreamAddress.parse(KEY, text), text)
                    .getMessage();
            assertTrue(String.valueOf(message).startsWith(KEY), message);
            assertFalse(String.valueOf(message).contains("user:key"), message);
        }
    }

    @Test
    void theGatewaysOwnAddressIsKnown() {
        for (String own : List.of(
                "http://localhost:5274/v1", "http://127.0.0.1:5274", "http://[::1]:5274", "http://my-host:5274")) {
            assertTrue(UpstreamAddress.parse(KEY, own).isOwn("my-host", 5274), own);
        }
        assertFalse(UpstreamAddress.parse(KEY, "http://localhost:5273").isOwn("127.0.0.1", 5274));
        assertFalse(UpstreamAddress.parse(KEY, "http://other:5274").isOwn("127.0.0.1", 5274));
    }
}
