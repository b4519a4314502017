package dev.foundrygateway.it;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** foundry-local-sdk 0.5.1, which the workshop's scripts use and which neither runtime serves any more, with {@code examples/foundry} on its path. */
class FoundrySdkIT {
    private static final String ALIAS = "tiny-instruct";

    @ParameterizedTest
    @ValueSource(strings = {"FOUNDRY_2X_URL", "FOUNDRY_1X_URL"})
    void theWorkshopsSdkStartsAndAsks(String variable) {
        URI upstream = URI.create(Need.env(variable));
        try (GatewayProcess gateway = GatewayProcess.start(
                Map.of("FOUNDRY_LOCAL_ENDPOINT", upstream.resolve("/v1").toString()))) {
            JsonPath facts = ClientScript.FOUNDRY_SDK.run(
                    Integer.toString(gateway.base().getPort()),
                    Path.of("examples", "foundry").toAbsolutePath().toString(),
                    ALIAS);

            assertThat(facts.getString("endpoint"), is(gateway.v1().toString()));
            assertThat(facts.getString("alias"), is(ALIAS));
            assertThat(facts.<String>getList("cached"), hasItem(facts.getString("id")));
            assertThat(facts.<String>getList("loaded"), hasItem(facts.getString("id")));
            assertThat(facts.getString("location"), not(emptyString()));
            assertThat(facts.getInt("tokens"), greaterThan(8));
            assertThat(facts.getString("stream"), is(facts.getString("plain")));
        }
    }
}
