package dev.foundrygateway.retrieval;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;

/** PDFs made for a test. */
final class PdfFiles {
    private static final int MEGABYTE = 1 << 20;

    private PdfFiles() {}

    /** A page with one line. */
    static byte[] text(String text) throws IOException {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                content.newLineAtOffset(72, 700);
                content.showText(text);
                content.endText();
            }
            return bytes(document);
        }
    }

    /** One page that unfolds to so many megabytes of one letter. */
    static byte[] densePage(int megabytes) throws IOException {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage();
            document.addPage(page);
            page.setResources(new PDResources());
            page.getResources().put(COSName.getPDFName("F"), new PDType1Font(Standard14Fonts.FontName.HELVETICA));
            PDStream stream = new PDStream(document);
            try (OutputStream content = stream.createOutputStream(COSName.FLATE_DECODE)) {
                content.write("BT /F 12 Tf (".getBytes(StandardCharsets.US_ASCII));
                fill(content, megabytes, 'A');
                content.write(") Tj ET".getBytes(StandardCharsets.US_ASCII));
            }
            page.setContents(stream);
            return bytes(document);
        }
    }

    private static byte[] bytes(PDDocument document) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        document.save(bytes);
        return bytes.toByteArray();
    }

    /** Writes so many megabytes of one letter. */
    static void fill(OutputStream out, int megabytes, char with) throws IOException {
        byte[] block = new byte[MEGABYTE];
        Arrays.fill(block, (byte) with);
        for (int i = 0; i < megabytes; i++) {
            out.write(block);
        }
    }
}
