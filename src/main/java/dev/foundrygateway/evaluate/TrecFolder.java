package dev.foundrygateway.evaluate;

import dev.foundrygateway.evaluate.TestCollection.Document;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jsoup.Jsoup;

/**
 * A folder in TREC's manner: {@code topics*} with {@code <DOC>}, {@code <DOCNO>} and free text; {@code qrels*} with {@code topic iteration document grade};
 * the documents as {@code .html} or {@code .txt} files, or in one {@code .tar.gz} of them. A document's id is its file's name without the ending.
 */
final class TrecFolder {
    private static final Pattern TOPIC =
            Pattern.compile("<DOC>\\s*<DOCNO>\\s*(\\S+)\\s*</DOCNO>(.*?)</DOC>", Pattern.DOTALL);
    private static final int TAR_BLOCK = 512;
    private static final int TAR_NAME = 100;
    private static final int TAR_SIZE = 124;
    private static final int TAR_SIZE_LENGTH = 12;

    private TrecFolder() {}

    static TestCollection read(Path folder) throws IOException {
        List<Document> documents = new ArrayList<>();
        String topics = "";
        String qrels = "";
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.startsWith("topics")) {
                topics = Files.readString(file);
            } else if (name.startsWith("qrels")) {
                qrels = Files.readString(file);
            } else if (name.endsWith(".tar.gz")) {
                unpack(file, documents);
            } else if (name.endsWith(".html") || (name.endsWith(".txt") && !name.startsWith("README"))) {
                documents.add(document(name, Files.readString(file)));
            }
        }
        if (topics.isEmpty() || qrels.isEmpty() || documents.isEmpty()) {
            throw new IOException(folder + " lacks topics*, qrels* or documents (.html, .txt, .tar.gz)");
        }
        return new TestCollection(documents, questions(topics), judgements(qrels));
    }

    private static Document document(String name, String content) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        String text = file.endsWith(".html") ? Jsoup.parse(content).wholeText() : content;
        return new Document(file.substring(0, file.lastIndexOf('.')), "", text);
    }

    private static void unpack(Path archive, List<Document> documents) throws IOException {
        try (InputStream file = Files.newInputStream(archive);
                DataInputStream tar = new DataInputStream(new BufferedInputStream(new GZIPInputStream(file)))) {
            byte[] header = new byte[TAR_BLOCK];
            while (true) {
                try {
                    tar.readFully(header);
                } catch (EOFException end) {
                    return;
                }
                String name = text(header, 0, TAR_NAME);
                if (name.isEmpty()) {
                    return;
                }
                String octal = text(header, TAR_SIZE, TAR_SIZE_LENGTH).strip();
                int size = octal.isEmpty() ? 0 : Integer.parseInt(octal, 8);
                byte[] content = new byte[size];
                tar.readFully(content);
                tar.skipNBytes((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
                if (name.endsWith(".html") || name.endsWith(".txt")) {
                    documents.add(document(name, new String(content, StandardCharsets.UTF_8)));
                }
            }
        }
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }

    private static Map<String, String> questions(String topics) {
        Map<String, String> questions = new LinkedHashMap<>();
        Matcher topic = TOPIC.matcher(topics);
        while (topic.find()) {
            questions.put(topic.group(1), topic.group(2).strip());
        }
        return questions;
    }

    private static Map<String, Map<String, Integer>> judgements(String qrels) {
        Map<String, Map<String, Integer>> judgements = new LinkedHashMap<>();
        qrels.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(cells -> cells.length >= 4)
                .forEach(cells -> {
                    int grade = Integer.parseInt(cells[3]);
                    if (grade > 0) {
                        judgements
                                .computeIfAbsent(cells[0], key -> new LinkedHashMap<>())
                                .put(cells[2], grade);
                    }
                });
        return judgements;
    }
}
