package dev.foundrygateway.retrieval;

import dev.foundrygateway.retrieval.read.Archives;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Thirty files as people have them, of all kinds, in thirteen languages, made of the texts in {@code real-files/files.txt}; and what is asked about them. */
final class RealFiles {
    private static final String R = "xmlns:r='r'";

    /** A question, its file, and words of the passage that answers it. */
    record Asked(String file, String question, String answer) {}

    private final Map<String, List<String>> texts = new LinkedHashMap<>();
    private final List<Asked> questions = new ArrayList<>();

    RealFiles() throws IOException {
        try (InputStream in = RealFiles.class.getResourceAsStream("/real-files/files.txt")) {
            String file = "";
            List<String> lines = List.of();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (line.startsWith("=== ")) {
                    file = line.substring(4);
                    lines = new ArrayList<>();
                    texts.put(file, lines);
                } else if (line.startsWith("?? ")) {
                    String[] parts = line.substring(3).split(" => ", -1);
                    questions.add(new Asked(file, parts[0], parts[1]));
                } else if (!file.isEmpty()) {
                    lines.add(line);
                }
            }
        }
    }

    /** All questions. */
    List<Asked> questions() {
        return questions;
    }

    /** The files by their names. */
    Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> text : texts.entrySet()) {
            files.put(text.getKey(), bytes(text.getKey(), text.getValue()));
        }
        return files;
    }

    /** Writes them into a folder. */
    void write(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : files().entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }

    private static byte[] bytes(String name, List<String> lines) throws IOException {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        String plain = String.join("\n", lines);
        return switch (ending) {
            case "docx" -> docx(lines);
            case "pptx" -> pptx(lines);
            case "xlsx" -> xlsx(lines);
            case "odt", "odp", "ods" -> odf(ending, lines);
            case "epub" -> epub(lines);
            case "pdf" -> pdf(lines, name.contains("columns") || name.contains("spalten"));
            case "rtf" -> rtf(lines).getBytes(StandardCharsets.US_ASCII);
            case "eml" -> mail(lines).getBytes(StandardCharsets.US_ASCII);
            case "html" -> html(lines).getBytes(StandardCharsets.UTF_8);
            case "ipynb" -> notebook(lines).getBytes(StandardCharsets.UTF_8);
            case "csv" -> table(lines, name.equals("umsatz.csv") ? "windows-1252" : "UTF-8");
            case "xml" -> xml(lines).getBytes(StandardCharsets.UTF_8);
            case "json" -> json(lines).getBytes(StandardCharsets.UTF_8);
            case "rst" -> rst(lines).getBytes(StandardCharsets.UTF_8);
            default -> plain.getBytes(charset(name));
        };
    }

    private static Charset charset(String name) {
        return name.contains("gbk")
                ? Charset.forName("GBK")
                : name.contains("sjis")
                        ? Charset.forName("Shift_JIS")
                        : name.startsWith("kullanim") ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
    }

    private static boolean isHeading(String line) {
        return line.startsWith("#");
    }

    private static String bare(String line) {
        return line.replaceFirst("^[#|]+ ", "");
    }

    private static List<List<String>> rows(List<String> lines, String separator) {
        return lines.stream()
                .filter(line -> line.startsWith("|"))
                .map(line -> List.of(bare(line).split(separator, -1)))
                .toList();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static byte[] docx(List<String> lines) {
        StringBuilder body = new StringBuilder();
        for (String line : lines) {
            if (isHeading(line)) {
                body.append("<w:p><w:pPr><w:pStyle w:val='Heading")
                        .append(line.indexOf(' '))
                        .append("'/></w:pPr><w:r><w:t>")
                        .append(escaped(bare(line)))
                        .append("</w:t></w:r></w:p>");
            } else if (!line.startsWith("|")) {
                // Word cuts its runs wherever somebody has typed.
                int half = line.length() / 2;
                body.append("<w:p><w:r><w:t xml:space='preserve'>")
                        .append(escaped(line.substring(0, half)))
                        .append("</w:t></w:r><w:r><w:t xml:space='preserve'>")
                        .append(escaped(line.substring(half)))
                        .append("</w:t></w:r></w:p>");
            }
        }
        StringBuilder table = new StringBuilder();
        rows(lines, " \\| ")
                .forEach(row -> table.append("<w:tr>")
                        .append(row.stream()
                                .map(cell -> "<w:tc>" + Archives.p(escaped(cell)) + "</w:tc>")
                                .collect(Collectors.joining()))
                        .append("</w:tr>"));
        return Archives.zip(
                "word/_rels/document.xml.rels",
                Archives.references("1=styles=styles.xml"),
                "word/styles.xml",
                "<s><style styleId='Heading1'><name val='heading 1'/></style><style styleId='Heading2'><name val='heading 2'/></style></s>",
                "word/document.xml",
                "<w:document xmlns:w='w'><w:body>" + body
                        + (table.isEmpty() ? "" : "<w:tbl>" + table + "</w:tbl>")
                        + "</w:body></w:document>");
    }

    private static byte[] pptx(List<String> lines) {
        List<String> parts = new ArrayList<>();
        StringBuilder ids = new StringBuilder();
        List<String> references = new ArrayList<>();
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            int number = i / 2 + 1;
            ids.append("<p:sldId id='")
                    .append(255 + number)
                    .append("' r:id='r")
                    .append(number)
                    .append("'/>");
            references.add("r" + number + "=slide=slides/slide" + number + ".xml");
            parts.add("ppt/slides/slide" + number + ".xml");
            parts.add("<p:sld xmlns:p='p' xmlns:a='a'><p:sp><p:nvPr><p:ph type='title'/></p:nvPr><a:p><a:r><a:t>"
                    + escaped(bare(lines.get(i)))
                    + "</a:t></a:r></a:p></p:sp><p:sp>"
                    + Arrays.stream(lines.get(i + 1).split("(?<=\\.) ", -1))
                            .map(point -> "<a:p><a:r><a:t>" + escaped(point) + "</a:t></a:r></a:p>")
                            .collect(Collectors.joining())
                    + "</p:sp></p:sld>");
        }
        parts.addAll(List.of(
                "ppt/presentation.xml",
                "<p:p xmlns:p='p' " + R + ">" + ids + "</p:p>",
                "ppt/_rels/presentation.xml.rels",
                Archives.references(references.toArray(new String[0]))));
        return Archives.zip(parts.toArray(new String[0]));
    }

    private static byte[] xlsx(List<String> lines) {
        StringBuilder sheet = new StringBuilder("<w>");
        for (List<String> row : rows(lines, " \\| ")) {
            sheet.append("<row>");
            for (String cell : row) {
                boolean number = cell.matches("[0-9.]+");
                sheet.append(number ? "<c><v>" : "<c t='inlineStr'><is><t>")
                        .append(escaped(cell))
                        .append(number ? "</v></c>" : "</t></is></c>");
            }
            sheet.append("</row>");
        }
        return Archives.zip(
                "xl/workbook.xml",
                "<w " + R + "><sheets><sheet name='Prices' r:id='s'/></sheets></w>",
                "xl/_rels/workbook.xml.rels",
                Archives.references("s=worksheet=worksheets/sheet1.xml"),
                "xl/worksheets/sheet1.xml",
                sheet + "</w>");
    }

    private static byte[] odf(String ending, List<String> lines) {
        StringBuilder body = new StringBuilder(
                "<office:d xmlns:office='o' xmlns:text='t' xmlns:table='a' xmlns:draw='d' xmlns:presentation='p'>");
        if (ending.equals("ods")) {
            body.append("<office:spreadsheet><table:table table:name='Devices'>");
            rows(lines, " \\| ")
                    .forEach(row -> body.append("<table:table-row>")
                            .append(row.stream()
                                    .map(cell -> "<table:table-cell><text:p>" + escaped(cell)
                                            + "</text:p></table:table-cell>")
                                    .collect(Collectors.joining()))
                            .append("</table:table-row>"));
            body.append("</table:table></office:spreadsheet>");
        } else if (ending.equals("odp")) {
            for (int i = 0; i + 1 < lines.size(); i += 2) {
                body.append("<draw:page draw:name='page")
                        .append(i)
                        .append("'><draw:frame presentation:class='title'><text:p>")
                        .append(escaped(bare(lines.get(i))))
                        .append("</text:p></draw:frame><draw:frame><text:p>")
                        .append(escaped(lines.get(i + 1)))
                        .append("</text:p></draw:frame></draw:page>");
            }
        } else {
            lines.forEach(line -> body.append(
                            isHeading(line) ? "<text:h text:outline-level='" + line.indexOf(' ') + "'>" : "<text:p>")
                    .append(escaped(bare(line)))
                    .append(isHeading(line) ? "</text:h>" : "</text:p>"));
        }
        return Archives.zip("content.xml", body + "</office:d>");
    }

    private static String markup(List<String> lines) {
        return lines.stream()
                .map(line -> isHeading(line)
                        ? "<h" + line.indexOf(' ') + ">" + escaped(bare(line)) + "</h" + line.indexOf(' ') + ">"
                        : "<p>" + escaped(line) + "</p>")
                .collect(Collectors.joining("\n"));
    }

    private static byte[] epub(List<String> lines) {
        return Archives.zip(
                "META-INF/container.xml",
                "<c><rootfiles><rootfile full-path='OPS/book.opf'/></rootfiles></c>",
                "OPS/book.opf",
                "<package xmlns:dc='dc'><metadata><dc:title>" + bare(lines.get(0))
                        + "</dc:title></metadata><manifest><item id='a' href='a.xhtml'/></manifest><spine><itemref idref='a'/></spine></package>",
                "OPS/a.xhtml",
                "<html><body>" + markup(lines) + "</body></html>");
    }

    private static String html(List<String> lines) {
        return "<!DOCTYPE html><html><head><title>" + bare(lines.get(0))
                + "</title><style>p{margin:0}</style></head><body><nav><ul><li><a href='/'>Home</a></li><li><a href='/shop'>Shop</a></li></ul></nav>"
                + "<div class='cookie-banner'>We use cookies. Accept all?</div><main><article>" + markup(lines)
                + "</article></main><aside>Newsletter: subscribe now!</aside><footer>Imprint</footer></body></html>";
    }

    private static byte[] pdf(List<String> lines, boolean columns) throws IOException {
        List<PdfFiles.Line> page = new ArrayList<>();
        page.add(new PdfFiles.Line(60, 750, 20, bare(lines.get(0))));
        List<String> wrapped = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            if (isHeading(line)) {
                wrapped.add(line);
                continue;
            }
            StringBuilder row = new StringBuilder();
            for (String word : line.split(" ", -1)) {
                if (row.length() + word.length() > (columns ? 44 : 90)) {
                    wrapped.add(row.toString());
                    row.setLength(0);
                }
                row.append(row.isEmpty() ? "" : " ").append(word);
            }
            wrapped.add(row.toString());
        }
        int half = columns ? (wrapped.size() + 1) / 2 : wrapped.size();
        for (int i = 0; i < wrapped.size(); i++) {
            String row = wrapped.get(i);
            float left = i < half ? 60 : 320;
            float base = 710 - 16 * (i < half ? i : i - half);
            page.add(new PdfFiles.Line(left, base, isHeading(row) ? 14 : 10, bare(row)));
        }
        return PdfFiles.page(page);
    }

    private static String rtf(List<String> lines) {
        StringBuilder rtf = new StringBuilder("{\\rtf1\\ansi\\ansicpg1250{\\fonttbl{\\f0 Arial;}}");
        for (String line : lines) {
            rtf.append("\\pard")
                    .append(isHeading(line) ? "\\outlinelevel" + (line.indexOf(' ') - 1) : "")
                    .append(' ');
            bare(line).chars().forEach(c -> rtf.append(c < 128 ? String.valueOf((char) c) : "\\u" + c + "?"));
            rtf.append("\\par\n");
        }
        return rtf + "}";
    }

    private static String mail(List<String> lines) {
        String body = String.join("\r\n", lines.subList(1, lines.size()));
        return "From: Imogen Tate <imogen@example.org>\r\nTo: service@example.org\r\nDate: Mon, 4 Mar 2024 10:00:00 +0000\r\n"
                + "Subject: " + bare(lines.get(0)) + "\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: multipart/alternative; boundary=xx\r\n\r\n--xx\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
                + body + "\r\n--xx\r\nContent-Type: text/html\r\n\r\n<p>" + body + "</p>\r\n--xx--\r\n";
    }

    private static String notebook(List<String> lines) {
        StringBuilder cells = new StringBuilder();
        for (String line : lines) {
            String text = line.replace("\"", "\\\"");
            cells.append(cells.isEmpty() ? "" : ",")
                    .append("{\"cell_type\":\"markdown\",\"source\":[\"")
                    .append(text)
                    .append("\"]}");
        }
        return "{\"cells\":[" + cells
                + ",{\"cell_type\":\"code\",\"source\":\"counts.plot()\",\"outputs\":[]}],\"nbformat\":4}";
    }

    private static byte[] table(List<String> lines, String charset) {
        return lines.stream()
                .map(RealFiles::bare)
                .collect(Collectors.joining("\r\n"))
                .getBytes(Charset.forName(charset));
    }

    private static String xml(List<String> lines) {
        List<List<String>> rows = rows(lines, ";");
        return "<?xml version='1.0'?><catalogue>"
                + rows.subList(1, rows.size()).stream()
                        .map(row -> "<book id='" + row.get(0) + "'><title>" + row.get(1) + "</title><author>"
                                + row.get(2) + "</author><shelf>" + row.get(3) + "</shelf></book>")
                        .collect(Collectors.joining())
                + "</catalogue>";
    }

    private static String json(List<String> lines) {
        List<List<String>> rows = rows(lines, ";");
        List<String> names = rows.get(0);
        return rows.subList(1, rows.size()).stream()
                .map(row -> {
                    List<String> members = new ArrayList<>();
                    for (int i = 0; i < names.size(); i++) {
                        members.add("\"" + names.get(i) + "\":\"" + row.get(i) + "\"");
                    }
                    return "{" + String.join(",", members) + "}";
                })
                .collect(Collectors.joining(",", "{\"services\":[", "]}"));
    }

    private static String rst(List<String> lines) {
        return lines.stream()
                .map(line -> isHeading(line)
                        ? "\n" + bare(line) + "\n"
                                + (line.startsWith("##") ? "-" : "=")
                                        .repeat(bare(line).length())
                        : line)
                .collect(Collectors.joining("\n"));
    }
}
