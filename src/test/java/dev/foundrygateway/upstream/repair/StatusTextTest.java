package dev.foundrygateway.upstream.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.upstream.UpstreamAddress;
import dev.foundrygateway.upstream.foundry.FoundryCommand;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    private static List<String> found(String text) {
        return FoundryCommand.addresses(text, address -> address.isOwn("127.0.0.1", 5274)).stream()
                .map(UpstreamAddress::toString)
                .toList();
    }

    @Test
    void theAddressIsFoundInWhatBothCommandsPrint() {
        assertEquals(
                List.of("http://127.0.0.1:51322/v1"),
                found("🟢 Model management service is running on http://127.0.0.1:51322/openai/status\n"));
        assertEquals(
                List.of("http://127.0.0.1:51322/v1"), found("Status   running\nWeb URLs http://127.0.0.1:51322\n"));
    }

    @Test
    void theGatewaysOwnAddressIsPassedOver() {
        assertEquals(
                List.of("http://127.0.0.1:8080/v1"),
                found("Foundry Gateway is at http://localhost:5274\nrunning on http://127.0.0.1:8080"));
    }

    @Test
    void nothingIsFoundWhereNothingRuns() {
        assertEquals(List.of(), found("🔴 Model management service is not running!\nhttp://aka.ms/foundry-local"));
    }
}
