package dev.foundrygateway.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A client on bare sockets: tests see each byte, choose each header, and hang up when they like. */
public final class GatewayClient {
    private static final int PATIENCE_MILLIS = 15_000;

    private final int port;

    /** A client of the gateway on this port of loopback. */
    public GatewayClient(int port) {
        this.port = port;
    }

    /**
     * A reply read to its end.
     *
     * @param status its status
     * @param headers its headers in order, names in lower case
     * @param body its body, freed of chunks
     * @param whole whether the body ended properly
     */
    public record Reply(int status, List<Map.Entry<String, String>> headers, String body, boolean whole) {
        /** All values of a header. */
        public List<String> all(String name) {
            return headers.stream()
                    .filter(header -> header.getKey().equals(name))
                    .map(Map.Entry::getValue)
                    .toList();
        }

        /** The only value of a header, empty if there is none. */
        public String header(String name) {
            List<String> values = all(name);
            if (values.size() > 1) {
                throw new AssertionError(name + " came " + values.size() + " times: " + values);
            }
            return values.isEmpty() ? "" : values.get(0);
        }
    }

    /** A connection whose reply is read piece by piece. */
    public static final class Live implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Live(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        /** Reads up to that text, or to the end where it never comes. */
        public String readUntil(String end) {
            StringBuilder text = new StringBuilder();
            try {
                while (text.length() < end.length() || text.indexOf(end, text.length() - end.length()) < 0) {
                    int next = in.read();
                    if (next < 0) {
                        break;
                    }
                    text.append((char) next);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return text.toString();
        }

        /** Hangs up. */
        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Posts a chat request. */
    public Reply chat(String body, String... headers) {
        return send("POST", "/v1/chat/completions", body, headers);
    }

    /** Sends a request with these headers (names and values in turn) and reads the reply. */
    public Reply send(String method, String path, String body, String... headers) {
        return sendRaw(head(method, path, body, headers) + body);
    }

    /** Sends these characters, one byte each, and reads the reply. */
    public Reply sendRaw(String request) {
        return sendRaw(request.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends these bytes and reads the reply. */
    public Reply sendRaw(byte[] request) {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            return read(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request and leaves the reading to the caller. */
    public Live open(String method, String path, String body, String... headers) {
        try {
            Socket socket = connect();
            socket.getOutputStream().write((head(method, path, body, headers) + body).getBytes(StandardCharsets.UTF_8));
            return new Live(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static String head(String method, String path, String body, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nConnection: close\r\n");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < headers.length; i += 2) {
            names.add(headers[i].toLowerCase(Locale.ROOT));
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        if (!names.contains("host")) {
            head.append("Host: localhost\r\n");
        }
        if (!body.isEmpty() && !names.contains("content-type")) {
            head.append("Content-Type: application/json\r\n");
        }
        if (!body.isEmpty() && !names.contains("transfer-encoding") && !names.contains("content-length")) {
            head.append("Content-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        return head + "\r\n";
    }

    private static Reply read(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (IOException reset) {
            // What came before the connection broke still counts.
            all.flush();
        }
        String text = all.toString(StandardCharsets.ISO_8859_1);
        while (text.startsWith("HTTP/1.1 100")) {
            text = text.substring(text.indexOf("\r\n\r\n") + 4);
        }
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Reply(0, List.of(), text, false);
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        String[] lines = text.substring(0, end).split("\r\n", -1);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.add(Map.entry(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip()));
        }
        String body = text.substring(end + 4);
        boolean chunked = headers.contains(Map.entry("transfer-encoding", "chunked"));
        boolean whole = !chunked || body.endsWith("0\r\n\r\n");
        String plain = chunked ? dechunk(body) : body;
        return new Reply(
                Integer.parseInt(lines[0].split(" ", -1)[1]),
                headers,
                new String(plain.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8),
                whole);
    }

    private static String dechunk(String body) {
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (at < body.length()) {
            int line = body.indexOf("\r\n", at);
            if (line < 0) {
                break;
            }
            int size = Integer.parseInt(body.substring(at, line), 16);
            int from = line + 2;
            plain.append(body, from, Math.min(body.length(), from + size));
            at = from + size + 2;
        }
        return plain.toString();
    }
}
