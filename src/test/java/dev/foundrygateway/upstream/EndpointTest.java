package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EndpointTest {
    @Test
    void anAddressThatFailedIsOutForAWhile() {
        Endpoint endpoint = new Endpoint(new UpstreamAddress(false, "127.0.0.1", 1, ""));
        assertFalse(endpoint.isOut(0));
        endpoint.takeOut(100);
        assertTrue(endpoint.isOut(99));
        assertFalse(endpoint.isOut(100));
        assertFalse(endpoint.isOut(99));
    }
}
