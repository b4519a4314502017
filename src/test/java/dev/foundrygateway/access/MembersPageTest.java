package dev.foundrygateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.exchange.GatewayObject;
import dev.foundrygateway.exchange.LegReport;
import dev.foundrygateway.exchange.Route;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.GatewayOptions;
import dev.foundrygateway.openai.sse.Usage;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/members.md} has each member and header of the gateway's own, and no other; {@code openapi.yaml} has the headers too. */
class MembersPageTest {
    private static final Pattern TABLE = Pattern.compile("(?m)(?:^\\|.*\n)+");
    private static final Pattern NAME = Pattern.compile("`([\\w-]+)(?:: [^`]*)?`");

    /** The names in the first column of the page's n-th table. */
    private static Set<String> table(int n) throws IOException {
        String page = Files.readString(Path.of("docs", "members.md"));
        List<String> tables =
                TABLE.matcher(page).results().map(MatchResult::group).toList();
        assertEquals(4, tables.size());
        return tables.get(n)
                .lines()
                .skip(2)
                .map(row -> row.split("\\|", -1)[1])
                .flatMap(cell -> NAME.matcher(cell).results().map(found -> found.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void eachMemberOfARequestStandsThere() throws IOException {
        ChatRequest request = ChatRequest.parse(Buffer.buffer("{\"gateway\":{\"unheard_of\":1}}"));
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> GatewayOptions.of(request, MultiMap.caseInsensitiveMultiMap()));
        String known = String.valueOf(refused.getMessage()).replaceFirst(".* are ", "");
        assertEquals(new TreeSet<>(List.of(known.split(", ", -1))), table(0));
    }

    @Test
    void eachHeaderOfARequestStandsThere() throws IOException {
        Set<String> told = table(1);
        List<String> allowed = List.of(CorsHeaders.with(List.of()).allowed("").split(", ", -1));
        for (String name : told) {
            assertTrue(allowed.contains(name.toLowerCase(Locale.ROOT)), name);
        }
        assertEquals(
                allowed.stream().filter(name -> name.startsWith("x-gateway-")).collect(Collectors.toSet()),
                told.stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .filter(name -> name.startsWith("x-gateway-"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void eachHeaderOfAReplyStandsThere() throws IOException {
        Set<String> exposed = new TreeSet<>(List.of(CorsHeaders.EXPOSED.split(", ", -1)));
        assertEquals(exposed, table(2));
        String described = Files.readString(Path.of("src", "main", "resources", "META-INF", "openapi.yaml"));
        for (String name : exposed) {
            if (name.startsWith("X-Gateway-")) {
                assertTrue(described.contains(" " + name + ": {"), name);
            }
        }
    }

    @Test
    void eachMemberOfAReplyStandsThere() throws Exception {
        Served served = Served.direct("phi-4-mini", "foundry", Timeline.arrivedAt(0))
                .decided("draft", Route.DRAFT, "good", OptionalDouble.of(0.2), Timeline.arrivedAt(0));
        LegReport witness = new LegReport(
                "verdict",
                "phi-4-mini",
                "foundry",
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                1,
                Usage.NONE,
                OptionalDouble.of(0.1));
        Set<String> written = new TreeSet<>(new JsonObject(
                        GatewayObject.members("a rule", served, 1, true, List.of(witness), OptionalDouble.of(0.1)))
                .fieldNames());
        for (RecordComponent member : Class.forName("dev.foundrygateway.retrieval.SourcesReport$Members")
                .getRecordComponents()) {
            written.add(member.getAccessor().getAnnotation(JsonProperty.class).value());
        }
        assertEquals(written, table(3));
    }
}
