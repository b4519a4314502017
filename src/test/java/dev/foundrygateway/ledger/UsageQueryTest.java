package dev.foundrygateway.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.ledger.UsageQuery.Format;
import dev.foundrygateway.openai.ErrorCode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request for usage asks for. */
class UsageQueryTest {
    private static final LocalDate TODAY = LocalDate.parse("2026-03-15");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                        | JSON
            */*                                       | JSON
            text/csv                                  | CSV
            text/csv, application/json                | CSV
            application/json, text/csv                | JSON
            application/json, text/csv;q=0.1          | JSON
            text/csv;q=0.1, application/json          | JSON
            application/json;q=0.5, text/csv; q=0.9   | CSV
            text/csv;q=0                              | JSON
            text/csv;header=present                   | CSV
            """)
    void theFormThatIsPreferredIsGiven(String accept, Format format) {
        assertEquals(format, UsageQuery.of(Map.of(), accept, TODAY).format());
    }

    @ParameterizedTest
    @CsvSource({"2026-03-10,2026-03-01", "2026-02-10,2026-02-01", "2026-04-02,2026-03-01"})
    void anEndAloneBeginsWithItsMonthOrThis(String to, String from) {
        assertEquals(
                LocalDate.parse(from),
                UsageQuery.of(Map.of("to", to), "", TODAY).from());
    }

    @Test
    void daysAreTheOnlyBuckets() {
        assertEquals(
                TODAY, UsageQuery.of(Map.of("bucket_width", "1d"), "", TODAY).to());
        for (Map<String, String> parameters : Map.of(
                        "a", Map.of("bucket_width", "1h"), "b", Map.of("bucket_width", "1m"))
                .values()) {
            assertThrows(GatewayException.class, () -> UsageQuery.of(parameters, "", TODAY));
        }
    }

    @Test
    void pagesFollowEachOtherWithoutAGapOrADayTwice() {
        List<String> pages = new ArrayList<>();
        Map<String, String> parameters = new HashMap<>(Map.of("format", "openai", "limit", "6"));
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            UsageQuery page = UsageQuery.of(parameters, "", TODAY).ofPage();
            pages.add(page.from() + "/" + page.to());
            next = page.page().next();
            next.ifPresent(name -> parameters.put("page", name));
        }
        assertEquals(List.of("2026-03-01/2026-03-06", "2026-03-07/2026-03-12", "2026-03-13/2026-03-15"), pages);
        assertEquals(
                LocalDate.parse("2026-03-07"),
                UsageQuery.of(Map.of("format", "openai"), "", TODAY).ofPage().to(),
                "as many days as OpenAI gives");
        assertEquals(
                Optional.empty(),
                UsageQuery.of(Map.of("format", "openai", "limit", "15"), "", TODAY)
                        .page()
                        .next());
    }

    @Test
    void nobodyIsLedThroughDaysThatAreToCome() {
        UsageQuery ages =
                UsageQuery.of(Map.of("format", "openai", "limit", "31", "end_time", "99999999999"), "", TODAY);
        assertEquals(TODAY, ages.ofPage().to());
        assertEquals(Optional.empty(), ages.page().next());
    }

    @ParameterizedTest
    @CsvSource({
        "limit, 0",
        "limit, 32",
        "limit, many",
        "page, 2026-03-02",
        "page, page_2026-02-28",
        "page, page_2026-03-16",
        "page, page_x",
        "group_by, project_id",
        "group_by, 'model,user_id'",
        "group_by, service_tier",
        "project_ids, a",
        "user_ids, a",
        "batch, true"
    })
    void whatIsNotSupportedIsRefusedByItsName(String name, String value) {
        GatewayException refused = assertThrows(
                GatewayException.class, () -> UsageQuery.of(Map.of("format", "openai", name, value), "", TODAY));
        assertEquals(ErrorCode.INVALID_REQUEST, refused.code());
        assertEquals(name, refused.body().param());
        assertTrue(String.valueOf(refused.getMessage()).startsWith(name + " "), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"limit, 2", "page, page_2026-03-02", "group_by, model", "models, a", "api_key_ids, a"})
    void pagesAreForOpenAisFormAlone(String name, String value) {
        GatewayException refused =
                assertThrows(GatewayException.class, () -> UsageQuery.of(Map.of(name, value), "", TODAY));
        assertEquals(name, refused.body().param());
        assertTrue(String.valueOf(refused.getMessage()).contains("format=openai"), refused.getMessage());
    }
}
