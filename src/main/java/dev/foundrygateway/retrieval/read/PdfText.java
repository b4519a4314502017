package dev.foundrygateway.retrieval.read;

import io.quarkus.runtime.ImageMode;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;

/** The text of a PDF, one section for each page. Bounded in memory, in temporary space and in text, whatever its streams unfold to. */
final class PdfText {
    /**
     * Whether PDF files can be read: not by the native program, out of which Quarkus takes the shapes of Java 2D that PDFBox builds on. Known when that is
     * built, so that nothing of PDFBox gets into it.
     */
    private static final boolean READABLE = !ImageMode.current().isNativeImage();

    private static final long MEMORY = 32L << 20;
    private static final long STORAGE = 128L << 20;
    /** PDFBox keeps each character of a page as an object until the page ends; a dense page has ten thousand. */
    private static final int PAGE_CHARACTERS = 200_000;

    private PdfText() {}

    static Extraction read(Path file, int maxLength) throws IOException, UnreadableFileException {
        if (!READABLE) {
            throw new UnreadableFileException(
                    "the native program reads no PDF files: extract the text, or run the gateway on a JVM");
        }
        return extract(file, maxLength);
    }

    private static Extraction extract(Path file, int maxLength) throws IOException, UnreadableFileException {
        File pdf = file.toFile();
        try (PDDocument document =
                Loader.loadPDF(pdf, "", null, null, MemoryUsageSetting.setupMixed(MEMORY, STORAGE).streamCache)) {
            List<Section> sections = new ArrayList<>();
            PageStripper stripper = new PageStripper();
            stripper.setSortByPosition(true);
            Limited text = new Limited(maxLength);
            for (int page = 1; page <= document.getNumberOfPages(); page++) {
                stripper.left = PAGE_CHARACTERS;
                stripper.setStartPage(page);
                stripper.setEndPage(page);
                stripper.writeText(document, text);
                sections.add(new Section("page " + page, text.take()));
            }
            String title = document.getDocumentInformation().getTitle();
            return new Extraction(title == null ? "" : title.strip(), sections);
        } catch (InvalidPasswordException e) {
            throw new UnreadableFileException("the PDF is protected by a password");
        } catch (TooMuchTextException e) {
            throw DocumentReader.tooLong(maxLength);
        } catch (TooDensePageException e) {
            throw new UnreadableFileException("a page of the PDF has more than " + PAGE_CHARACTERS + " characters");
        } catch (IOException | RuntimeException e) {
            // The parser fails in many ways on damaged files; none of them is the disk's fault, which would have failed
            // the upload.
            throw new UnreadableFileException("the PDF is damaged or no PDF");
        }
    }

    private static final class TooMuchTextException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final class TooDensePageException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class PageStripper extends PDFTextStripper {
        private int left;

        @Override
        protected void processTextPosition(TextPosition text) {
            if (--left < 0) {
                throw new TooDensePageException();
            }
            super.processTextPosition(text);
        }
    }

    private static final class Limited extends Writer {
        private final StringBuilder page = new StringBuilder();
        private final long limit;
        private long written;

        Limited(long limit) {
            this.limit = limit;
        }

        String take() {
            String text = page.toString();
            page.setLength(0);
            return text;
        }

        @Override
        public void write(char[] characters, int from, int length) throws IOException {
            written += length;
            if (written > limit) {
                throw new TooMuchTextException();
            }
            page.append(characters, from, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
