package dev.foundrygateway.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One exchange with a real runtime, as {@code curl -i --raw} printed it.
 *
 * @param name its runtime and file, for messages
 * @param method the request's method
 * @param path the request's path
 * @param requestBody the request's body, empty if it had none
 * @param status the reply's status; zero if the connection closed without a reply
 * @param headers the reply's headers in order, doubles included
 * @param body the reply's body without its chunk framing
 * @param ended whether the body came to its proper end
 */
public record Recording(
        String name,
        String method,
        String path,
        String requestBody,
        int status,
        List<Map.Entry<String, String>> headers,
        Buffer body,
        boolean ended) {
    private static final Path FOLDER = Path.of("src", "test", "resources", "recorded");
    private static final Pattern REQUEST_LINE = Pattern.compile("> ([A-Z]+) (\\S+).*");
    private static final Pattern CURL_METHOD = Pattern.compile(" -X ([A-Z]+) ");
    private static final Pattern CURL_DATA = Pattern.compile(" --data (.*) http://");
    private static final Pattern CURL_PATH = Pattern.compile("http://127\\.0\\.0\\.1:\\d+(/\\S*)$");
    private static final Pattern TRAILER = Pattern.compile("\\n?\\[(curl exit (\\d+)|total [0-9.]+ s)]\\n");

    /** All recordings in the order of their names. */
    public static List<Recording> all() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .map(Recording::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those whose reply is a stream of server-sent events. */
    public static List<Recording> streams() {
        return all().stream().filter(Recording::stream).toList();
    }

    /** The recording of that runtime and file: {@code runtime-2.2.1/21-chat-stream}. */
    public static Recording named(String name) {
        return all().stream()
                .filter(recording -> recording.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Whether the reply is a stream of server-sent events. */
    public boolean stream() {
        return header("Content-Type").stream().anyMatch(type -> type.startsWith("text/event-stream"));
    }

    /** All values of a header, its name compared without case. */
    public List<String> header(String header) {
        return headers.stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(header))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static Recording read(Path file) {
        String text;
        try {
            // One char a byte, so that places in the text are places in the bytes.
            text = Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String name = FOLDER.relativize(file).toString().replace(".txt", "");
        int reply = text.startsWith("HTTP/1.1 ") ? 0 : text.indexOf("\nHTTP/1.1 ") + 1;
        boolean replied = reply > 0 || text.startsWith("HTTP/1.1 ");
        String request = replied ? text.substring(0, reply) : text;
        String body = "";
        int status = 0;
        List<Map.Entry<String, String>> headers = List.of();
        boolean ended = false;
        if (replied) {
            int headEnd = text.indexOf("\r\n\r\n", reply) + 4;
            String[] head = text.substring(reply, headEnd).split("\r\n");
            status = Integer.parseInt(text.substring(reply + 9, reply + 12));
            headers = headers(head);
            Matcher trailer = TRAILER.matcher(text);
            String rest = trailer.find(headEnd) ? text.substring(headEnd, trailer.start()) : text.substring(headEnd);
            boolean chunked =
                    headers.stream().anyMatch(header -> header.getKey().equalsIgnoreCase("Transfer-Encoding"));
            body = chunked ? dechunk(rest) : fixed(rest, headers);
            ended = chunked ? rest.contains("\r\n0\r\n") : !"18".equals(curlExit(text));
        }
        return new Recording(
                name,
                method(request),
                path(request),
                requestBody(request),
                status,
                headers,
                Buffer.buffer(body.getBytes(ISO_8859_1)),
                ended);
    }

    private static String curlExit(String text) {
        Matcher trailer = TRAILER.matcher(text);
        return trailer.find() ? String.valueOf(trailer.group(2)) : "0";
    }

    private static List<Map.Entry<String, String>> headers(String[] head) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (String line : List.of(head).subList(1, head.length)) {
            int colon = line.indexOf(':');
            headers.add(Map.entry(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return headers;
    }

    private static String dechunk(String chunked) {
        StringBuilder body = new StringBuilder();
        int p = 0;
        while (p < chunked.length()) {
            int line = chunked.indexOf("\r\n", p);
            if (line < 0) {
                break;
            }
            int size = Integer.parseInt(chunked.substring(p, line), 16);
            if (size == 0) {
                break;
            }
            body.append(chunked, line + 2, line + 2 + size);
            p = line + 2 + size + 2;
        }
        return body.toString();
    }

    /** One recording's body was edited, so that it is shorter than its Content-Length. */
    private static String fixed(String rest, List<Map.Entry<String, String>> headers) {
        int length = headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Content-Length"))
                .mapToInt(header -> Integer.parseInt(header.getValue()))
                .findFirst()
                .orElse(0);
        return rest.substring(0, Math.min(length, rest.length()));
    }

    private static String method(String request) {
        Matcher line = REQUEST_LINE.matcher(request);
        if (line.lookingAt()) {
            return line.group(1);
        }
        Matcher option = CURL_METHOD.matcher(request);
        if (option.find()) {
            return option.group(1);
        }
        return request.contains(" -I ") ? "HEAD" : request.contains(" -F ") ? "POST" : "GET";
    }

    private static String path(String request) {
        Matcher line = REQUEST_LINE.matcher(request);
        if (line.lookingAt()) {
            return line.group(2);
        }
        Matcher url = CURL_PATH.matcher(request.strip());
        return url.find() ? url.group(1) : "";
    }

    private static String requestBody(String request) {
        int blank = request.indexOf("\n>\n> ");
        if (blank >= 0) {
            int from = blank + 5;
            return new String(
                    request.substring(from, request.indexOf('\n', from)).getBytes(ISO_8859_1), UTF_8);
        }
        Matcher data = CURL_DATA.matcher(request);
        return data.find() ? data.group(1) : "";
    }
}
