package dev.foundrygateway.retrieval.read;

import io.quarkus.runtime.ImageMode;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.contentstream.operator.OperatorName;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageTree;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.jspecify.annotations.Nullable;

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

    /** A form that draws a form twice, which draws another twice, has no end for practical purposes. */
    private static final int PAGE_DRAWS = 20_000;

    private static final int MOST_LEVELS = 20;

    private PdfText() {}

    /** Opens the file when it is known that it can be read. */
    @FunctionalInterface
    private interface Opening {
        WatchedFile open() throws IOException;
    }

    static Extraction read(Path file, int maxLength) throws IOException, UnreadableFileException {
        return read(() -> new WatchedFile(file), maxLength);
    }

    static Extraction read(byte[] file, int maxLength) throws IOException, UnreadableFileException {
        return read(() -> new WatchedFile(file), maxLength);
    }

    private static Extraction read(Opening file, int maxLength) throws IOException, UnreadableFileException {
        if (!READABLE) {
            throw new UnreadableFileException(
                    "the native program reads no PDF files: extract the text, or run the gateway on a JVM");
        }
        return extract(file, maxLength);
    }

    private static Extraction extract(Opening opening, int maxLength) throws IOException, UnreadableFileException {
        try (WatchedFile file = opening.open();
                PDDocument document = Loader.loadPDF(
                        file, "", null, null, MemoryUsageSetting.setupMixed(MEMORY, STORAGE).streamCache)) {
            PageStripper stripper = new PageStripper(file);
            Limited text = new Limited(maxLength);
            PdfOutline outline = new PdfOutline();
            for (PDPage page : pages(document)) {
                stripper.next(page);
                stripper.writeText(document, text);
                outline.page(text.take(), stripper.sizes());
            }
            return outline.extraction(document.getDocumentInformation().getTitle());
        } catch (InvalidPasswordException e) {
            throw new UnreadableFileException("the PDF is protected by a password");
        } catch (TooMuchTextException e) {
            throw DocumentReader.tooLong(maxLength);
        } catch (HostilePageException e) {
            throw new UnreadableFileException(String.valueOf(e.getMessage()));
        } catch (WatchedFile.UnfoldsException e) {
            throw new UnreadableFileException("the PDF decompresses to far more than its size allows");
        } catch (CancellationException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The parser fails in many ways on damaged files; none of them is the disk's fault, which would have failed
            // the upload.
            throw new UnreadableFileException("the PDF is damaged or no PDF");
        }
    }

    /** The pages that are there, each once, in their order: PDFBox counts as many as the file claims, and goes around where its tree does. */
    private static List<PDPage> pages(PDDocument document) {
        List<PDPage> pages = new ArrayList<>();
        Set<COSDictionary> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<COSBase> left = new ArrayDeque<>();
        COSDictionary root = document.getDocumentCatalog().getCOSObject().getCOSDictionary(COSName.PAGES);
        if (root != null) {
            left.push(root);
        }
        while (!left.isEmpty()) {
            BoundedReading.check();
            if (!(left.pop() instanceof COSDictionary node) || !seen.add(node)) {
                continue;
            }
            COSArray kids = node.getCOSArray(COSName.KIDS);
            if (kids == null) {
                pages.add(new PDPage(node));
                continue;
            }
            for (int i = kids.size() - 1; i >= 0; i--) {
                COSBase kid = kids.getObject(i);
                if (kid != null) {
                    left.push(kid);
                }
            }
        }
        return pages;
    }

    private static final class TooMuchTextException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final class HostilePageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HostilePageException(String message) {
            super(message);
        }
    }

    /**
     * The text of one page after the other, in the order in which it was written: sorted by place, columns would be mixed line by line. Where they were written
     * so, {@link PdfColumns} tells them apart.
     */
    private static final class PageStripper extends PDFTextStripper {
        private final WatchedFile file;
        private @Nullable PDPage page;
        private final List<Float> sizes = new ArrayList<>();
        private float size;
        private int left;
        private int draws;

        PageStripper(WatchedFile file) {
            this.file = file;
            // Each page is the first of its own run, which counts from 0.
            setStartPage(0);
        }

        void next(PDPage one) {
            page = one;
            sizes.clear();
            size = 0;
            left = PAGE_CHARACTERS;
            draws = 0;
            file.begin();
        }

        /** How large the letters of each line of the page are. */
        List<Float> sizes() {
            return sizes;
        }

        @Override
        protected void writePage() throws IOException {
            charactersByArticle.forEach(PdfColumns::order);
            super.writePage();
        }

        @Override
        protected void writeString(String words, List<TextPosition> letters) throws IOException {
            for (TextPosition letter : letters) {
                size = Math.max(size, letter.getFontSizeInPt());
            }
            super.writeString(words, letters);
        }

        @Override
        protected void writeLineSeparator() throws IOException {
            sizes.add(size);
            size = 0;
            super.writeLineSeparator();
        }

        @Override
        protected void processPages(PDPageTree all) throws IOException {
            if (page != null && page.hasContents()) {
                processPage(page);
            }
        }

        @Override
        protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
            BoundedReading.check();
            file.begin();
            if (operator.getName().equals(OperatorName.DRAW_OBJECT)) {
                if (getLevel() > MOST_LEVELS) {
                    throw new HostilePageException(
                            "a page of the PDF draws forms within forms more than " + MOST_LEVELS + " deep");
                }
                if (++draws > PAGE_DRAWS) {
                    throw new HostilePageException(
                            "a page of the PDF draws more than " + PAGE_DRAWS + " forms and pictures");
                }
            }
            super.processOperator(operator, operands);
        }

        @Override
        protected void processTextPosition(TextPosition text) {
            if (--left < 0) {
                throw new HostilePageException("a page of the PDF has more than " + PAGE_CHARACTERS + " characters");
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
