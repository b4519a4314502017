package dev.foundrygateway.retrieval;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;

/** PDFs made for a test. */
public final class PdfFiles {
    private static final int MEGABYTE = 1 << 20;

    private PdfFiles() {}

    /** A line of a page: where it begins, from the left and the bottom, and how large its letters are. */
    public record Line(float left, float base, float size, String text) {}

    /** A page with one line. */
    public static byte[] text(String text) throws IOException {
        return page(List.of(new Line(72, 700, 12, text)));
    }

    /** A page with these lines, written in this order. */
    public static byte[] page(List<Line> lines) throws IOException {
        return pages(List.of(lines));
    }

    /** Pages with these lines each. */
    public static byte[] pages(List<List<Line>> pages) throws IOException {
        try (PDDocument document = new PDDocument()) {
            PDType1Font font = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
            for (List<Line> lines : pages) {
                PDPage page = new PDPage();
                document.addPage(page);
                try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                    for (Line line : lines) {
                        content.beginText();
                        content.setFont(font, line.size());
                        content.newLineAtOffset(line.left(), line.base());
                        content.showText(line.text());
                        content.endText();
                    }
                }
            }
            return bytes(document);
        }
    }

    /** One page that unfolds to so many megabytes of one letter. */
    public static byte[] densePage(int megabytes) throws IOException {
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

    /** A page that claims to be one of many. */
    public static byte[] claiming(long pages) {
        return raw(
                "<< /Type /Catalog /Pages 2 0 R >>",
                "<< /Type /Pages /Kids [3 0 R 2 0 R 3 0 R] /Count " + pages + " >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>");
    }

    /** A page whose form draws a form twice, and so on, so many deep. */
    public static byte[] formsInForms(int deep) {
        String[] objects = new String[deep + 4];
        objects[0] = "<< /Type /Catalog /Pages 2 0 R >>";
        objects[1] = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
        objects[2] =
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>";
        objects[3] = "<< /Length 5 >>\nstream\n/F Do\nendstream";
        for (int i = 0; i < deep; i++) {
            int next = i + 1 < deep ? i + 6 : 5;
            objects[4 + i] = "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F " + next
                    + " 0 R >> >> /Length 11 >>\nstream\n/F Do /F Do\nendstream";
        }
        return raw(objects);
    }

    /** So many pages with a line each. */
    public static byte[] pages(int count) throws IOException {
        try (PDDocument document = new PDDocument()) {
            PDType1Font font = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
            for (int i = 1; i <= count; i++) {
                PDPage page = new PDPage();
                document.addPage(page);
                try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                    content.beginText();
                    content.setFont(font, 12);
                    content.newLineAtOffset(72, 700);
                    content.showText("line of page " + i);
                    content.endText();
                }
            }
            return bytes(document);
        }
    }

    private static byte[] raw(String... objects) {
        StringBuilder pdf = new StringBuilder("%PDF-1.4\n");
        StringBuilder table = new StringBuilder("0000000000 65535 f \n");
        for (int i = 0; i < objects.length; i++) {
            table.append(String.format("%010d 00000 n \n", pdf.length()));
            pdf.append(i + 1).append(" 0 obj\n").append(objects[i]).append("\nendobj\n");
        }
        int start = pdf.length();
        pdf.append("xref\n0 ").append(objects.length + 1).append('\n').append(table);
        pdf.append("trailer\n<< /Root 1 0 R /Size ").append(objects.length + 1).append(" >>\nstartxref\n");
        pdf.append(start).append("\n%%EOF\n");
        return pdf.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
