package dev.foundrygateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Sends one request byte by byte as written, since Java's client lets nobody set Host, and reads the whole answer. */
final class RawHttp {
    private static final int READ_TIMEOUT_MILLIS = 20_000;

    private RawHttp() {}

    /**
     * One answer.
     *
     * @param status its status
     * @param headers its header lines as they came, the names in lower case
     * @param body what came after the head, chunk sizes included
     */
    record Reply(int status, List<String> headers, String body) {
        /** All values of a header, in order. */
        List<String> all(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ": ";
            return headers.stream()
                    .filter(line -> line.startsWith(prefix))
                    .map(line -> line.substring(prefix.length()))
                    .toList();
        }

        /** The header's only value; empty if it is absent, and its values joined if it came more than once. */
        String header(String name) {
            return String.join(" | ", all(name));
        }
    }

    /** Sends the lines of a head (the request line first, without Host unless it is among them), then the body, and reads until the server closes. */
    static Reply send(int port, List<String> lines, String body) throws IOException {
        StringBuilder request = new StringBuilder(String.join("\r\n", lines)).append("\r\nConnection: close\r\n");
        if (!body.isEmpty()) {
            request.append("Content-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        request.append("\r\n").append(body);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Reply parse(String text) {
        int end = text.indexOf("\r\n\r\n");
        List<String> head = List.of(text.substring(0, Math.max(0, end)).split("\r\n", -1));
        List<String> headers = new ArrayList<>();
        for (String line : head.subList(1, head.size())) {
            int colon = line.indexOf(':');
            headers.add(line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon));
        }
        return new Reply(Integer.parseInt(head.get(0).split(" ", -1)[1]), headers, text.substring(end + 4));
    }
}
