package dev.foundrygateway.retrieval.read;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A mail: who wrote to whom, when and about what, its text, and what is attached of the kinds that are read. Of the forms of one text the plain one is taken.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2045">RFC 2045, and 2047 for words in headers</a>
 */
final class MailText {
    private static final int DEEPEST = 20;
    private static final int MOST_PARTS = 1_000;
    private static final List<String> TOLD = List.of("from", "to", "cc", "date", "subject");

    private static final int MAX_NAME = 255;
    private static final byte[] LAST = {'-', '-'};

    private final byte[] mail;
    private final Headings document;
    private final DocumentReader reader;
    private final int depth;
    private final List<Extraction> attached = new ArrayList<>();
    private int parts;
    private long attachedLength;

    private MailText(byte[] mail, int maxLength, DocumentReader reader, int depth) {
        this.mail = mail;
        this.document = new Headings(maxLength);
        this.reader = reader;
        this.depth = depth;
    }

    /** A part's headers, and where its body stands. */
    private record Part(Map<String, String> headers, int from, int to) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        String type() {
            String type = header("content-type").toLowerCase(Locale.ROOT);
            int end = type.indexOf(';');
            String name = (end < 0 ? type : type.substring(0, end)).strip();
            return name.isEmpty() ? "text/plain" : name;
        }
    }

    static Extraction read(byte[] mail, int maxLength, DocumentReader reader, int depth)
            throws UnreadableFileException {
        MailText reading = new MailText(mail, maxLength, reader, depth);
        Part whole = reading.part(0, mail.length);
        if (TOLD.stream().allMatch(name -> whole.header(name).isEmpty())) {
            throw ZipParts.damaged();
        }
        for (String name : TOLD) {
            String value = MailWords.decoded(whole.header(name));
            if (!value.isBlank()) {
                reading.document
                        .text(Character.toUpperCase(name.charAt(0)) + name.substring(1) + ": ")
                        .text(value)
                        .text("\n");
            }
        }
        reading.document.text("\n");
        reading.body(whole, 0);
        Extraction own = reading.document.extraction(MailWords.decoded(whole.header("subject")));
        List<Section> sections = new ArrayList<>(own.sections());
        reading.attached.forEach(one -> sections.addAll(one.sections()));
        return new Extraction(own.title(), sections);
    }

    private void body(Part part, int level) throws UnreadableFileException {
        BoundedReading.check();
        if (level > DEEPEST || ++parts > MOST_PARTS) {
            throw tooManyParts();
        }
        String type = part.type();
        if (type.startsWith("multipart/")) {
            List<Part> inner = inner(part);
            if (type.equals("multipart/alternative")) {
                List<Part> best = best(inner);
                for (Part one : inner) {
                    if (best.contains(one)) {
                        body(one, level + 1);
                    } else {
                        files(one, level + 1);
                    }
                }
            } else {
                for (Part one : inner) {
                    body(one, level + 1);
                }
            }
            return;
        }
        String name = name(part);
        if (isFile(part) || !type.startsWith("text/")) {
            attachment(part, type.equals("message/rfc822") ? "attached.eml" : name);
        } else if (type.equals("text/html")) {
            Extraction page = HtmlText.read(text(part), document.maxLength());
            page.sections().forEach(section -> document.text(section.text()).text("\n"));
        } else {
            document.text(text(part)).text("\n");
        }
    }

    /** What is attached to a form of the text that is not taken. */
    private void files(Part part, int level) throws UnreadableFileException {
        if (part.type().startsWith("multipart/")) {
            BoundedReading.check();
            if (level > DEEPEST || ++parts > MOST_PARTS) {
                throw tooManyParts();
            }
            for (Part one : inner(part)) {
                files(one, level + 1);
            }
        } else if (isFile(part) || part.type().startsWith("application/")) {
            body(part, level);
        }
    }

    private static boolean isFile(Part part) {
        return part.header("content-disposition").toLowerCase(Locale.ROOT).startsWith("attachment");
    }

    private static UnreadableFileException tooManyParts() {
        return new UnreadableFileException(
                "the mail has more than " + MOST_PARTS + " parts, or parts nested more than " + DEEPEST + " deep");
    }

    /** The plain form where it says anything; else the last one that is a text, which its writer likes best. */
    private static List<Part> best(List<Part> forms) {
        for (Part form : forms) {
            if (form.type().equals("text/plain") && form.to() - form.from() > 2) {
                return List.of(form);
            }
        }
        List<Part> texts = forms.stream()
                .filter(form -> form.type().equals("text/html") || form.type().startsWith("multipart/"))
                .toList();
        List<Part> from = texts.isEmpty() ? forms : texts;
        return from.isEmpty() ? from : List.of(from.get(from.size() - 1));
    }

    private void attachment(Part part, String name) throws UnreadableFileException {
        if (name.isEmpty()) {
            return;
        }
        document.text("Attachment: ").text(name).text("\n");
        if (name.lastIndexOf('.') < 0 || FileKind.of(name) == FileKind.REFUSED) {
            return;
        }
        try {
            Extraction read = reader.read(decoded(part), name, depth + 1);
            List<Section> sections = read.sections().stream()
                    .map(section -> new Section(
                            section.heading().isEmpty() ? name : name + " > " + section.heading(), section.text()))
                    .toList();
            attachedLength += sections.stream()
                    .mapToLong(section -> section.text().length())
                    .sum();
            document.bound((int) Math.min(Integer.MAX_VALUE, attachedLength));
            attached.add(new Extraction(name, sections));
        } catch (UnreadableFileException e) {
            // The mail is there all the same; a picture or a signature has no text.
            document.text("");
        }
    }

    private static String name(Part part) {
        String name = MailWords.parameter(part.header("content-disposition"), "filename");
        String found = name.isEmpty() ? MailWords.parameter(part.header("content-type"), "name") : name;
        // The end says the kind; the whole stands before every heading of the file.
        return found.length() <= MAX_NAME ? found : found.substring(found.length() - MAX_NAME);
    }

    private String text(Part part) throws UnreadableFileException {
        byte[] bytes = decoded(part);
        String charset = MailWords.parameter(part.header("content-type"), "charset");
        try {
            return !charset.isEmpty() && Charset.isSupported(charset)
                    ? new String(bytes, Charset.forName(charset))
                    : PlainText.of(bytes);
        } catch (IllegalArgumentException e) {
            return PlainText.of(bytes);
        }
    }

    private byte[] decoded(Part part) {
        byte[] raw = java.util.Arrays.copyOfRange(mail, part.from(), part.to());
        return switch (part.header("content-transfer-encoding").strip().toLowerCase(Locale.ROOT)) {
            case "base64" -> MailWords.base64(raw);
            case "quoted-printable" -> MailWords.quotedPrintable(raw, false);
            default -> raw;
        };
    }

    private List<Part> inner(Part part) throws UnreadableFileException {
        byte[] mark = ("--" + MailWords.parameter(part.header("content-type"), "boundary"))
                .getBytes(StandardCharsets.ISO_8859_1);
        List<Part> inner = new ArrayList<>();
        int begun = -1;
        int line = part.from();
        while (line < part.to() && mark.length > 2) {
            int end = line;
            while (end < part.to() && mail[end] != '\n') {
                end++;
            }
            boolean last = startsWith(mail, line + mark.length, end, LAST);
            if (startsWith(mail, line, end, mark) && isBlank(line + mark.length + (last ? LAST.length : 0), end)) {
                if (begun >= 0) {
                    inner.add(part(begun, Math.max(begun, line - 1)));
                }
                begun = Math.min(end + 1, part.to());
                if (inner.size() > MOST_PARTS) {
                    throw new UnreadableFileException("the mail has more than " + MOST_PARTS + " parts");
                }
                if (last) {
                    return inner;
                }
            }
            line = end + 1;
        }
        if (begun >= 0 && begun < part.to()) {
            inner.add(part(begun, part.to()));
        }
        return inner;
    }

    /** Whether nothing follows a mark: else it is one that begins as it does, of a part within. */
    private boolean isBlank(int from, int to) {
        return MailWords.raw(mail, from, Math.max(from, to)).isBlank();
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] mark) {
        if (to - from < mark.length) {
            return false;
        }
        return java.util.Arrays.equals(bytes, from, from + mark.length, mark, 0, mark.length);
    }

    /** Headers up to the first blank line; a line that begins with a blank goes on with the one before it. */
    private Part part(int from, int to) {
        Map<String, StringBuilder> headers = new HashMap<>();
        StringBuilder last = new StringBuilder();
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && mail[end] != '\n') {
                end++;
            }
            String line = MailWords.raw(mail, at, end).stripTrailing();
            at = Math.min(to, end + 1);
            int colon = line.indexOf(':');
            if (line.isEmpty()) {
                break;
            } else if (Character.isWhitespace(line.charAt(0))) {
                last.append(' ').append(line.strip());
            } else if (colon > 0) {
                last = new StringBuilder(line.substring(colon + 1).strip());
                headers.putIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), last);
            }
        }
        Map<String, String> read = new HashMap<>();
        headers.forEach((name, value) -> read.put(name, value.toString()));
        return new Part(read, at, to);
    }
}
