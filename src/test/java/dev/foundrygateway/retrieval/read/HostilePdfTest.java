package dev.foundrygateway.retrieval.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.retrieval.PdfFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PDFs that claim, unfold or draw more than they have, and honest ones of many pages. */
@Timeout(60)
class HostilePdfTest {
    private static final int MOST = 1_000_000;

    @TempDir
    private Path folder = Path.of("");

    private Extraction read(byte[] pdf) throws IOException, UnreadableFileException {
        return new DocumentReader(MOST).read(Files.write(folder.resolve("a.pdf"), pdf), "a.pdf");
    }

    @Test
    void theClaimedCountOfPagesIsNotBelieved() {
        UnreadableFileException empty =
                assertThrows(UnreadableFileException.class, () -> read(PdfFiles.claiming(2_000_000_000L)));
        assertEquals("the file contains no text", empty.getMessage());
    }

    @Test
    void formsThatDrawFormsEnd() {
        for (int deep : List.of(1, 2, 10, 18, 40)) {
            UnreadableFileException failure =
                    assertThrows(UnreadableFileException.class, () -> read(PdfFiles.formsInForms(deep)));
            assertTrue(String.valueOf(failure.getMessage()).contains("forms"), failure.getMessage());
        }
    }

    @Test
    void aStreamThatUnfoldsFarIsStoppedBeforeItFillsTheMemory() {
        UnreadableFileException failure =
                assertThrows(UnreadableFileException.class, () -> read(PdfFiles.densePage(400)));
        assertTrue(
                String.valueOf(failure.getMessage()).contains("decompresses")
                        || String.valueOf(failure.getMessage()).contains("characters"),
                failure.getMessage());
    }

    @Test
    void twoThousandPagesAreReadEachInItsPlace() throws IOException, UnreadableFileException {
        List<Section> sections = read(PdfFiles.pages(2_000)).sections();
        assertEquals(2_000, sections.size());
        assertEquals("page 1777", sections.get(1_776).heading());
        assertEquals("line of page 1777", sections.get(1_776).text().strip());
    }

    @Test
    void aReadingThatHasNoEndIsLeftBehindAndTheNextOneRuns() throws Exception {
        BoundedReading reading = new BoundedReading();
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean slow = new AtomicBoolean();
        UnreadableFileException late = assertThrows(
                UnreadableFileException.class,
                () -> reading.within(Duration.ofMillis(1_500), () -> true, () -> slow.set(true), () -> forever(end)));
        assertTrue(String.valueOf(late.getMessage()).contains("gateway.retrieval.read-timeout"));
        assertTrue(slow.get(), "its round was told");
        assertEquals("next", reading.within(Duration.ofSeconds(5), () -> true, () -> {}, () -> "next"));
        assertThrows(
                CancellationException.class,
                () -> reading.within(Duration.ofSeconds(50), () -> false, () -> {}, () -> forever(end)));
        end.countDown();
    }

    /** It is no fault of the next file: once they have ended, it is read. */
    @Test
    void whileTooManyHaveNoEndTheNextOneIsRefused() throws Exception {
        BoundedReading reading = new BoundedReading();
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            CountDownLatch begun = new CountDownLatch(1); // one that has not begun when it is given up ends at once
            Thread caller = new Thread(() -> assertThrows(
                    CancellationException.class,
                    () -> reading.within(Duration.ofSeconds(50), () -> begun.getCount() > 0, () -> {}, () -> {
                        begun.countDown();
                        return forever(end);
                    })));
            caller.start();
            callers.add(caller);
        }
        for (Thread caller : callers) {
            caller.join();
        }
        GatewayException refused = assertThrows(
                GatewayException.class,
                () -> reading.within(Duration.ofSeconds(5), () -> true, () -> {}, () -> "next"));
        assertEquals(503, refused.code().status());
        end.countDown();
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> reading.within(Duration.ofSeconds(5), () -> true, () -> {}, () -> "next")
                        .equals("next"));
    }

    private static String forever(CountDownLatch end) {
        while (end.getCount() > 0) {
            Thread.onSpinWait(); // deaf to interrupts
        }
        return "";
    }
}
