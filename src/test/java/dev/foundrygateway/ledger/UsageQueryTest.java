package dev.foundrygateway.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.ledger.UsageQuery.Format;
import java.time.LocalDate;
import java.util.Map;
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
                        "a", Map.of("bucket_width", "1h"), "b", Map.of("group_by", "model"))
                .values()) {
            assertThrows(GatewayException.class, () -> UsageQuery.of(parameters, "", TODAY));
        }
    }
}
