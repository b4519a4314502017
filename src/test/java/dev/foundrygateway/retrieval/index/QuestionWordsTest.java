package dev.foundrygateway.retrieval.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found by words: in other languages than the gateway's, misspelt, in compounds, in names of code, in a question's second turn. */
class QuestionWordsTest {
    private static final Map<String, String> HARBOUR = Map.ofEntries(
            Map.entry("ferry", "The ferry to Norderney leaves from pier 4 every two hours."),
            Map.entry("pier", "Pier 9 is closed for repairs, and a crane stands on the old pier."),
            Map.entry("light", "The lighthouse is 91 m high and open to visitors on Sundays."),
            Map.entry("german", "Die Hafengebühren für Segelboote betragen zwölf Euro am Tag."),
            Map.entry("polish", "Latarnia morska ma dziewięćdziesiąt metrów wysokości i jest otwarta w niedziele."),
            Map.entry("turkish", "Deniz feneri pazar günleri ziyaretçilere açıktır."),
            Map.entry("korean", "등대는 일요일에 방문객에게 개방됩니다."),
            Map.entry("thai", "ประภาคารเปิดให้นักท่องเที่ยวเข้าชมในวันอาทิตย์"),
            Map.entry("code", "Multiply by VAT_RATE before getHttpResponseCode is called, see node.js"));

    @Test
    void otherLanguagesAreFoundInAGatewaySetToEnglish() throws IOException {
        assertEquals("german", first("Wie hoch ist die Gebühr für ein Boot im Hafen?"));
        assertEquals("polish", first("Jak wysokie są latarnie?"));
        assertEquals("turkish", first("Fener hangi günlerde ziyarete açık?"));
        assertEquals("korean", first("등대 방문 요일"));
        assertEquals("thai", first("นักท่องเที่ยว"));
    }

    @Test
    void aShortWordIsFoundInWritingWithoutSpacesAndBehindAnotherEnding() throws IOException {
        try (PassageIndex index = PassageIndex.inMemory(IndexSettings.DEFAULT)) {
            put(index, "thai", "คนไข้ต้องกินยาหลังอาหารทุกวัน");
            put(index, "korean", "도서관에서 책을 두 권 빌렸다. 반납은 금요일까지다.");
            put(index, "chinese", "他在图书馆借了两本书。");
            put(index, "other", "The tower is 91 m high.");
            index.refresh();
            assertEquals(List.of("thai"), found(index, Question.of("ยา")));
            assertEquals(List.of("korean"), found(index, Question.of("책")));
            assertEquals(List.of("korean"), found(index, Question.of("책은")));
            assertEquals(List.of("chinese"), found(index, Question.of("书")));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "cs, czech",
        "hu-HU, hungarian",
        "ro, romanian",
        "Polish, none",
        "pl, none",
        "uk_UA, none",
        "de-AT, german",
        "klingon, ''",
        "'', ''"
    })
    void aLanguageIsKnownByItsNameAndItsCode(String language, String analyzer) {
        assertEquals(analyzer, Analyzers.named(language).orElse(""));
        Analyzers.of(analyzer.isEmpty() ? "none" : analyzer).close();
    }

    @Test
    void whatIsMisspeltIsFoundByWhatIsLeftOfIt() throws IOException {
        assertEquals("light", first("How tall is the lighthuose?"));
        assertEquals("german", first("Hafengebuehr Segelboot"));
    }

    @Test
    void wordsInNamesOfCodeAreFound() throws IOException {
        assertEquals("code", first("vat rate"));
        assertEquals("code", first("response code"));
        assertEquals("code", first("VAT_RATE"));
        assertEquals("a getHttpCode\nget Http Code ", WordParts.beside("a getHttpCode"));
        assertEquals("n_estimators\nestimators ", WordParts.beside("n_estimators"));
        assertEquals("oauth2Token\noauth2 Token ", WordParts.beside("oauth2Token"));
        assertEquals("base64Encode\nbase64 Encode ", WordParts.beside("base64Encode"));
        assertEquals("role:admin\nrole admin ", WordParts.beside("role:admin"));
        assertEquals("U.S.A.\nUSA ", WordParts.beside("U.S.A."));
        assertEquals("Note: at 12:30, e.g. now", WordParts.beside("Note: at 12:30, e.g. now"));
        assertEquals("End. 3.14 real-time Words", WordParts.beside("End. 3.14 real-time Words"));
    }

    @Test
    void theTurnBeforeTellsWhatASecondQuestionMeans() throws IOException {
        assertEquals("pier", first("And from which pier?"));
        assertEquals("ferry", first("And from which pier?", "When does the ferry to Norderney leave?"));
        assertEquals("light", first("Is the lighthouse open on Sundays?", "When does the ferry to Norderney leave?"));
    }

    @Test
    void smallWordsAreLeftOutUnlessThereAreNoOthers() {
        assertEquals("capital France", Languages.withoutSmallWords("What is the capital of France?"));
        assertEquals("Hauptstadt Frankreich", Languages.withoutSmallWords("Was ist die Hauptstadt von Frankreich?"));
        assertEquals("Who are you?", Languages.withoutSmallWords("Who are you?"));
        assertEquals("polish", Languages.of("Jaka jest stolica Polski i czy to jest daleko?"));
        assertEquals("other", Languages.of("등대 방문 요일"));
        assertEquals("english", Languages.of("harbour fees"));
    }

    @Test
    void theFirstHitsBringTheirWordsExceptInASmallStore() throws IOException {
        try (PassageIndex index = PassageIndex.inMemory(IndexSettings.DEFAULT)) {
            for (int i = 0; i < 60; i++) {
                put(index, "other" + i, "Nothing of it in text number " + i + ".");
            }
            put(index, "bird", "The osprey sits on a green mast by the wide lake.");
            put(index, "hawk", "The hawk, osprey, sits on a green mast, wide lake.");
            for (int i = 0; i < 3; i++) {
                put(index, "short" + i, "osprey: hawk");
            }
            index.refresh();
            List<String> found = found(index, Question.of("osprey"));
            assertEquals(
                    List.of("hawk", "bird"), found.subList(3, 5), "what has the other words of the first comes first");
        }
        assertEquals(0, Expansion.hits(19, 19));
        assertEquals(10, Expansion.hits(100_000, 50));
    }

    @Test
    void whatIsAskedOfALongTextIsSearchedAndNotTheText() {
        String text = "The abbey has roses and lilies. ".repeat(500);
        Question behind = new Question(List.of(text + "From which pier does the ferry leave?", "Before"));
        assertTrue(behind.text().endsWith("From which pier does the ferry leave?"), behind.text());
        assertTrue(behind.text().length() <= 2_000, "it has " + behind.text().length());
        assertEquals("Before", behind.turns().get(2));
        Question first = new Question(List.of("From which pier does the ferry leave?\n" + text));
        assertTrue(
                first.turns().get(1).startsWith("From which pier"),
                first.turns().get(1));
        assertTrue(
                first.turns().get(1).length() <= 500,
                "it has " + first.turns().get(1).length());
        assertEquals(List.of("ferry"), new Question(List.of("ferry" + " \n".repeat(2_000))).turns());
        assertEquals(List.of("x".repeat(2_000), "x".repeat(500)), new Question(List.of("x".repeat(9_000))).turns());
        assertEquals(List.of("x".repeat(2_000)), new Question(List.of("x".repeat(2_000))).turns());
    }

    @Test
    void longHitsAreReadInPart() {
        String hit = "word ".repeat(400) + "behind";
        Map<String, Double> words = Expansion.of(
                Analyzers.of("english"),
                List.of(new Expansion.Feedback(hit, 1), new Expansion.Feedback("x".repeat(4_000_000), 1)),
                word -> 0);
        assertEquals(Map.of("word", 1.0), words);
    }

    private static String first(String... turns) throws IOException {
        try (PassageIndex index = PassageIndex.inMemory(IndexSettings.DEFAULT)) {
            for (Map.Entry<String, String> text : HARBOUR.entrySet()) {
                put(index, text.getKey(), text.getValue());
            }
            index.refresh();
            List<String> found = found(index, new Question(List.of(turns)));
            assertTrue(!found.isEmpty(), "nothing for " + List.of(turns));
            return found.get(0);
        }
    }

    private static void put(PassageIndex index, String id, String text) throws IOException {
        index.replace(id, List.of(new Passage(id + "#0", id, 0, "", "", text, "")), List.of());
    }

    private static List<String> found(PassageIndex index, Question question) throws IOException {
        List<String> ids = new ArrayList<>();
        index.search(question, new float[0], 5, Optional.empty())
                .hits()
                .forEach(hit -> ids.add(hit.passage().fileId()));
        return ids;
    }
}
