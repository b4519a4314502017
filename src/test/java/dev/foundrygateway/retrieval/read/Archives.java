package dev.foundrygateway.retrieval.read;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Office documents and books made for a test. */
public final class Archives {
    private Archives() {}

    /** An archive of these names and contents in turn. */
    public static byte[] zip(String... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < parts.length; i += 2) {
                zip.putNextEntry(new ZipEntry(parts[i]));
                zip.write(parts[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A Word document with this body. */
    public static byte[] docx(String body) {
        return zip("word/document.xml", "<w:document xmlns:w='w'><w:body>" + body + "</w:body></w:document>");
    }

    /** A paragraph of it. */
    public static String p(String text) {
        return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>";
    }

    /** Slides, a sheet or the like: what its main part refers to, by {@code id=type=target}. */
    public static String references(String... references) {
        StringBuilder xml = new StringBuilder("<Relationships>");
        for (String reference : references) {
            String[] parts = reference.split("=", -1);
            xml.append("<Relationship Id='")
                    .append(parts[0])
                    .append("' Type='http://x/")
                    .append(parts[1])
                    .append("' Target='")
                    .append(parts[2])
                    .append("'/>");
        }
        return xml.append("</Relationships>").toString();
    }
}
