package dev.foundrygateway.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderValueTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "absent",
            value = {
                "text/event-stream | true",
                "Text/Event-Stream; Charset=UTF-8 | true",
                "TEXT/EVENT-STREAM ;charset=utf-8 | true",
                "text/event-streams | false",
                "text/event-strea | false",
                "application/json | false",
                "'' | false",
                "; | false",
                "absent | false"
            })
    void mediaTypesAreComparedWithoutRegardToCaseOrParameters(String header, boolean is) {
        assertEquals(is, HeaderValue.isType(header, "text/event-stream"));
    }
}
