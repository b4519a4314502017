package dev.foundrygateway.retrieval.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Base64 as mails have it: broken into lines, cut, or with something behind its end. */
class MailWordsTest {
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "UGllcnM=,Piers",
                "UGllcnM,Piers",
                "UGll\\ncnM=\\n,Piers",
                "UG-l!l cn\u00e9M=,Piers",
                "UGllcnM=UGll,Piers",
                "UGllcnMhU,Piers!",
                "UGllcnMhU\\n,Piers!",
                "UGllU=,Pie",
                "U,''",
                "'',''",
                "=,''",
                "\\n,''"
            })
    void whatIsCutGivesWhatItHas(String word, String text) {
        byte[] letters = word.replace("\\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(text, new String(MailWords.base64(letters), StandardCharsets.UTF_8));
    }
}
