package dev.foundrygateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.access.Decision.Allow;
import dev.foundrygateway.access.Decision.Preflight;
import dev.foundrygateway.access.Decision.Refuse;
import dev.foundrygateway.edge.RouteTable;
import dev.foundrygateway.exchange.Trust;
import dev.foundrygateway.openai.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessPolicyTest {
    private static final String CONFIGURED = "https://app.example.com";
    private static final AccessPolicy POLICY =
            AccessPolicy.of(new Settings(List.of(CONFIGURED), List.of(), false), "127.0.0.1", RouteTable::find);

    /** The columns: a program; a page of the gateway itself; a configured origin; localhost:3000; null; another site. */
    @ParameterizedTest
    @CsvSource({
        "GET,    /,                          yes yes yes yes yes no",
        "GET,    /health,                    yes yes yes yes yes no",
        "GET,    /v1/health,                 yes yes yes yes yes no",
        "GET,    /v1/models,                 yes yes yes yes yes no",
        "GET,    /v1/models/phi-4-mini,      yes yes yes yes yes no",
        "POST,   /v1/chat/completions,       yes yes yes yes yes no",
        "POST,   /v1/v1/chat/completions,    yes yes yes yes yes no",
        "POST,   /v1/chat/nothing,           yes yes yes yes 404 no",
        "POST,   /chat/completions,          yes yes yes yes yes no",
        "POST,   /openai/v1/embeddings,      yes yes yes yes yes no",
        "POST,   /openai/deployments/m/chat/completions, yes yes yes yes yes no",
        "GET,    /openai/v1/responses/r_1,   yes yes yes yes no  no",
        "GET,    /models,                    yes yes yes yes yes no",
        "GET,    /models/org/name,           yes yes yes yes yes no",
        "DELETE, /models/load/m,             yes yes yes no  no  no",
        "DELETE, /v1/gateway/exchanges/1,    yes yes yes no  no  no",
        "GET,    /v1/gateway/exchanges,      yes yes yes yes no  no",
        "GET,    /openai/nothing,            yes yes yes yes 404 no",
        "POST,   /v1/completions,            yes yes yes yes yes no",
        "POST,   /v1/embeddings,             yes yes yes yes yes no",
        "POST,   /v1/responses,              yes yes yes yes yes no",
        "GET,    /v1/responses/resp_1,       yes yes yes yes no  no",
        "DELETE, /v1/responses/resp_1,       yes yes yes yes no  no",
        "GET,    /v1/responses,              yes yes yes yes no  no",
        "GET,    /v1/responses/,             yes yes yes yes no  no",
        "POST,   /v1/audio/transcriptions,   yes yes yes yes yes no",
        "GET,    /v1/files,                  yes yes yes yes no  no",
        "POST,   /v1/files,                  yes yes yes yes no  no",
        "DELETE, /v1/files/file-1,           yes yes yes yes no  no",
        "GET,    /V1/Files,                  yes yes yes yes no  no",
        "GET,    /v1/v1/files,               yes yes yes yes no  no",
        "GET,    /v1/files;a=b,              yes yes yes yes no  no",
        "GET,    /v1;a/files,                yes yes yes yes no  no",
        "POST,   /v1/vector_stores,          yes yes yes yes no  no",
        "POST,   /v1/gateway/compare,        yes yes yes yes no  no",
        "GET,    /metrics,                   yes yes yes yes no  no",
        "GET,    /q/metrics,                 yes yes yes yes no  no",
        "GET,    /q/health/ready,            yes yes yes yes no  no",
        "GET,    /openai/status,             yes yes yes yes no  no",
        "GET,    /openai/loadedmodels,       yes yes yes yes no  no",
        "GET,    /foundry/list,              yes yes yes yes no  no",
        "GET,    /models/loaded,             yes yes yes yes no  no",
        "GET,    /status,                    yes yes yes yes no  no",
        "GET,    /openai/load/m,             yes yes yes no  no  no",
        "GET,    /OpenAI/Load/m,             yes yes yes no  no  no",
        "GET,    /openai;a/load;b/m,         yes yes yes no  no  no",
        "HEAD,   /openai/unload/m,           yes yes yes no  no  no",
        "GET,    /openai/unloadall,          yes yes yes no  no  no",
        "GET,    /openai/unloadall/,         yes yes yes no  no  no",
        "GET,    /openai/setgpudevice/1,     yes yes yes no  no  no",
        "POST,   /openai/download,           yes yes yes no  no  no",
        "GET,    /models/load/m,             yes yes yes no  no  no",
        "GET,    /models/unload/m,           yes yes yes no  no  no",
        "POST,   /shutdown,                  yes yes yes no  no  no",
        "GET,    /shutdown,                  yes yes yes no  no  no",
        "GET,    /nothing,                   yes yes yes yes 404 no",
        "POST,   /v1/nothing,                yes yes yes yes 404 no",
        "GET,    /v1,                        yes yes yes yes 404 no",
        "GET,    /health/nothing,            yes yes yes yes 404 no"
    })
    void pageOrProgramMayCall(String method, String path, String verdicts) {
        String[] expected = verdicts.split(" +", -1);
        List<String> origins = List.of(
                "", "http://localhost:5274", CONFIGURED, "http://localhost:3000", "null", "https://evil.example");
        for (int i = 0; i < origins.size(); i++) {
            String origin = origins.get(i);
            AccessRequest request = Requests.of(method, path).origin(origin).build();
            assertEquals(expected[i], verdict(POLICY.decide(request), origin), () -> "for the origin " + origin);
            if (!origin.isEmpty()) {
                // A preflight says what the call will meet; only a call that finds nothing is let through to its 404.
                AccessRequest preflight = Requests.of("OPTIONS", path)
                        .origin(origin)
                        .asksFor(method, "")
                        .build();
                assertEquals(
                        expected[i].equals("404") ? "yes" : expected[i],
                        verdict(POLICY.decide(preflight), origin),
                        () -> "for a preflight from " + origin);
            }
        }
    }

    /** In words; checks on the way that a page that is denied can't read why, and that one that isn't, can. */
    private static String verdict(Decision decision, String origin) {
        if (decision instanceof Refuse refuse) {
            if (refuse.code() == ErrorCode.NOT_FOUND) {
                assertEquals(origin, refuse.origin());
                return "404";
            }
            assertEquals(ErrorCode.ORIGIN_DENIED, refuse.code());
            assertEquals("", refuse.origin());
            assertTrue(refuse.message().contains("gateway.access.origins"), refuse.message());
            return "no";
        }
        assertEquals(
                origin, decision instanceof Preflight preflight ? preflight.origin() : ((Allow) decision).origin());
        return "yes";
    }

    @Test
    void requestWithoutOriginGetsTheOneSharedAnswer() {
        assertSame(
                Decision.WITHOUT_ORIGIN,
                POLICY.decide(Requests.of("GET", "/v1/models").build()));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /openai/load/m, cross-site, false",
        "GET, /openai/unload/m, same-site, false",
        "GET, /openai/unloadall, cross-site, false",
        "GET, /models/load/m, cross-site, false",
        "GET, /models/unload/m, same-site, false",
        "GET, /Models/Unload/m, cross-site, false",
        "GET, /openai/load/m, same-origin, true",
        "GET, /openai/load/m, none, true",
        "GET, /openai/load/m, '', true",
        "GET, /openai/status, cross-site, true",
        "GET, /v1/models, cross-site, true",
        "GET, /, cross-site, true"
    })
    void linkOfAnotherSiteChangesNothing(String method, String path, String site, boolean allowed) {
        Decision decision =
                POLICY.decide(Requests.of(method, path).fetchSite(site).build());
        assertEquals(allowed, decision instanceof Allow, decision.toString());
    }

    @Test
    void configuredOriginMayLoadAModelAcrossSites() {
        AccessRequest request = Requests.of("GET", "/openai/load/m")
                .origin(CONFIGURED)
                .fetchSite("cross-site")
                .build();
        assertEquals(new Allow(CONFIGURED, Trust.CONFIGURED), POLICY.decide(request));
    }

    /** The columns: a page; a browser that names no origin; a program. */
    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, application/json, yes yes yes",
        "/v1/chat/completions, application/json; charset=utf-8, yes yes yes",
        "/v1/chat/completions, Application/JSON ;charset=utf-8, yes yes yes",
        "/v1/chat/completions, application/vnd.api+json, yes yes yes",
        "/v1/chat/completions, text/plain, no no yes",
        "/v1/chat/completions, text/plain;application/json, no no yes",
        "/v1/chat/completions, 'application/json, text/plain', no no yes",
        "/v1/chat/completions, application/jsonp, no no yes",
        "/v1/chat/completions, text/x+json, no no yes",
        "/v1/chat/completions, application/x-www-form-urlencoded, no no yes",
        "/v1/chat/completions, '', no no yes",
        "/v1/chat/completions, multipart/form-data; boundary=x, no no no",
        "/v1/vector_stores, text/plain, no no yes",
        "/v1/vector_stores/vs_1/files, multipart/form-data; boundary=x, no no no",
        "/v1/files, multipart/form-data; boundary=x, yes yes yes",
        "/v1/files, application/json, yes yes yes",
        "/v1/files, text/plain, no no yes",
        "/v1/audio/transcriptions, multipart/form-data; boundary=x, yes yes yes",
        "/q/anything, text/plain, yes yes yes"
    })
    void bodyOfThisTypeIsTaken(String path, String type, String verdicts) {
        String[] expected = verdicts.split(" ", -1);
        Requests request = Requests.of("POST", path).body(type);
        List<Decision> decisions = List.of(
                POLICY.decide(request.origin(CONFIGURED).build()),
                POLICY.decide(request.origin("").fetchSite("same-origin").build()),
                POLICY.decide(request.fetchSite("").build()));
        for (int i = 0; i < decisions.size(); i++) {
            assertEquals(
                    expected[i].equals("yes"),
                    decisions.get(i) instanceof Allow,
                    decisions.get(i).toString());
        }
    }

    @Test
    void refusalOfATypeCanBeReadByThePage() {
        Refuse refuse = assertInstanceOf(
                Refuse.class,
                POLICY.decide(Requests.of("POST", "/v1/embeddings")
                        .origin("null")
                        .body("text/plain")
                        .build()));
        assertEquals(ErrorCode.UNSUPPORTED_MEDIA_TYPE, refuse.code());
        assertEquals("null", refuse.origin());
        assertTrue(refuse.message().contains("Content-Type"), refuse.message());
    }

    @Test
    void callWithoutABodyNeedsNoType() {
        AccessRequest request = Requests.of("POST", "/v1/responses/resp_1/cancel")
                .origin(CONFIGURED)
                .build();
        assertEquals(new Allow(CONFIGURED, Trust.CONFIGURED), POLICY.decide(request));
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:5274", ""})
    void unknownHostIsRefusedWhateverTheOriginSays(String host) {
        for (String origin : List.of("", "http://evil.example", "http://evil.example:5274", CONFIGURED)) {
            Refuse refuse = assertInstanceOf(
                    Refuse.class,
                    POLICY.decide(Requests.of("GET", "/v1/models")
                            .host(host)
                            .origin(origin)
                            .build()));
            assertEquals(ErrorCode.HOST_DENIED, refuse.code());
            assertEquals("", refuse.origin());
            assertTrue(refuse.message().contains("gateway.access.hosts"), refuse.message());
        }
    }

    @Test
    void oldProtocolNeedsNoHost() {
        AccessRequest request = Requests.of("GET", "/health").withoutHost().build();
        assertSame(Decision.WITHOUT_ORIGIN, POLICY.decide(request));
    }

    @Test
    void optionsWithoutARequestedMethodIsNoPreflight() {
        AccessRequest request =
                Requests.of("OPTIONS", "/v1/models").origin(CONFIGURED).build();
        assertEquals(new Allow(CONFIGURED, Trust.CONFIGURED), POLICY.decide(request));
    }

    @Test
    void privateNetworkIsOpenedOnlyWhereTheSettingSaysSo() {
        AccessRequest request = Requests.of("OPTIONS", "/v1/models")
                .origin(CONFIGURED)
                .asksFor("GET", "")
                .privateNetwork()
                .build();
        assertFalse(assertInstanceOf(Preflight.class, POLICY.decide(request)).privateNetwork());
        AccessPolicy open =
                AccessPolicy.of(new Settings(List.of(CONFIGURED), List.of(), true), "127.0.0.1", RouteTable::find);
        assertTrue(assertInstanceOf(Preflight.class, open.decide(request)).privateNetwork());
    }

    @Test
    void settingsThatOpenMuchAreWarnedAbout() {
        assertEquals(List.of(), POLICY.warnings("127.0.0.1", false));
        List<String> everywhere = AccessPolicy.of(
                        new Settings(List.of(" * "), List.of(), false), "0.0.0.0", RouteTable::find)
                .warnings("0.0.0.0", false);
        assertEquals(2, everywhere.size());
        assertTrue(everywhere.get(0).contains("GATEWAY_HOST"), everywhere.get(0));
        assertTrue(everywhere.get(0).contains("gateway.access.hosts"), everywhere.get(0));
        assertTrue(everywhere.get(1).contains("gateway.access.origins"), everywhere.get(1));
        List<String> rebindable = AccessPolicy.of(
                        new Settings(List.of(), List.of("*"), false), "127.0.0.1", RouteTable::find)
                .warnings("127.0.0.1", false);
        assertEquals(1, rebindable.size());
        assertTrue(rebindable.get(0).contains("gateway.access.hosts"), rebindable.get(0));
    }
}
