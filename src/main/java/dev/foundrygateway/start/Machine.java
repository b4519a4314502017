package dev.foundrygateway.start;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Whether this machine has what a setting asks for. */
public final class Machine {
    private static final int FIRST_FREE = 1_024;

    private Machine() {}

    /**
     * Why nobody can listen there.
     *
     * @param portKey the setting of the port, for the message
     */
    public static Optional<Fault> port(String hostKey, String host, String portKey, int port) {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            return Optional.of(new Fault(
                    hostKey,
                    "there is no host '" + host + "'; set it to 127.0.0.1, 0.0.0.0 or an address of this machine"));
        }
        if (port == 0) {
            return Optional.empty();
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return Optional.empty();
        } catch (BindException e) {
            return Optional.of(bind(hostKey, host, portKey, port, String.valueOf(e.getMessage())));
        } catch (IOException | SecurityException e) {
            // Whatever this is, the server itself will tell.
            return Optional.empty();
        }
    }

    /** What the system's words for a failed binding mean. */
    static Fault bind(String hostKey, String host, String portKey, int port, String message) {
        String words = message.toLowerCase(Locale.ROOT);
        if (words.contains("assign") || words.contains("not available")) {
            return new Fault(
                    hostKey, host + " is not an address of this machine; set it to 127.0.0.1, 0.0.0.0 or one that is");
        }
        if (port < FIRST_FREE && (words.contains("permission") || words.contains("denied"))) {
            return new Fault(
                    portKey, "port " + port + " is only for the system's administrator; set it to one from 1024 on");
        }
        return new Fault(
                portKey,
                "port " + port + " of " + host + " is in use; stop the program that listens there, or set " + portKey
                        + " to another port");
    }

    /** Why no file can be written into a folder, which may be missing yet; empty if they can. */
    public static Optional<String> folder(Path folder) {
        Path existing = folder.toAbsolutePath().normalize();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing)) {
            return Optional.of(existing + " is a file; name a folder, or move the file away");
        }
        if (!Files.isWritable(existing)) {
            return Optional.of(existing + " can't be written; give this user the right to, or name another folder");
        }
        return Optional.empty();
    }
}
