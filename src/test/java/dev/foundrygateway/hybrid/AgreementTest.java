package dev.foundrygateway.hybrid;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which short answers are taken for the same: signs count, ways of writing don't, and where it can't be told they differ. */
class AgreementTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "C;C++",
                "C;C#",
                "C++;C#",
                "'||';&&",
                "<=;>=",
                "x < 5;x > 5",
                "a + b;a * b",
                "a + b;a - b",
                "x ≠ 1;x = 1",
                "x != 1;x = 1",
                "−5 °C;5 °C",
                "–5;5",
                "-$5;$5",
                ".5;5",
                "9.10.1989;9.1.1989",
                "Python 3.10;Python 3.1",
                "3.10;3.1",
                "1,00,000;1",
                "1.000;1",
                "$20;€20",
                "20 $;20 €",
                "5 dollars;5 euros",
                "¥5;5 €",
                "バリ;パリ",
                "पिता;पति",
                "мой;мои",
                "👍;👎",
                "2/3;2 3",
                "10²;102",
                "5!;5",
                "5 mW;5 MW",
                "5 m;5 M",
                "A;An",
                "A;B",
                "A and B;B",
                "The €;The $",
                "x';x",
                "~5;5",
                "5 °C;5 °F",
                "1, 2;1.2",
                "007;7",
            })
    void whatMeansSomethingElseDiffers(String one, String other) {
        assertEquals(1, Agreement.differing(one, List.of(other)).orElseThrow(), said(one, other));
        assertEquals(1, Agreement.differing(other, List.of(one)).orElseThrow(), said(other, one));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "-5;−5",
                "-5;–5",
                ".5;0.5",
                "0,5;.50",
                "1.234,5;1234,5",
                "1,234.5;1234.5",
                "1'234;1234",
                "1’234;1234",
                "1.000.000;1000000",
                "1.000 Euro;1000 Euro",
                "€ 1.000;1000",
                "1,00,000;100000",
                "zwei;2",
                "thirteen;13",
                "Zwölf;12",
                "dix-sept;17",
                "veinte;20",
                "três;3",
                "5 Euro;5 €",
                "5 EUR;€5",
                "US$ 5;5 dollars",
                "5 °C;5 degrees Celsius",
                "5 Grad Celsius;5°C",
                "5 ℃;5 °C",
                "5 Prozent;5 %",
                "5 per cent;5%",
                "3.10 %;3.1 %",
                "$3.10;3.1",
                "1,2,3;1, 2, 3",
                "２０;20",
                "٣;3",
                "a+b;a + b",
                "**Paris**;Paris.",
                "«Paris»;“Paris”",
                "`C#`;C#",
                "- Paris;Paris",
                "New-York;New York",
                "東京。;東京",
                "Die Antwort ist 7;sieben",
                "ёлка;елка",
                "5 Stunden;5 hours",
            })
    void whatIsWrittenAnotherWayAgrees(String one, String other) {
        assertEquals(0, Agreement.differing(one, List.of(other)).orElseThrow(), said(one, other));
        assertEquals(0, Agreement.differing(other, List.of(one)).orElseThrow(), said(other, one));
    }

    private static String said(String one, String other) {
        return Agreement.normal(one) + " / " + Agreement.normal(other);
    }
}
