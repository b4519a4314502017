package dev.foundrygateway.retrieval.read;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The parts of an office document or book, which is a ZIP archive. Bounded by what is unfolded, not by what the archive claims: so many entries, so many bytes
 * of all that is read together, and so many times the archive's own size. Confined to its reader's thread.
 */
final class ZipParts {
    private static final int MOST_WHOLE = 64 << 20;
    private static final int MOST_ENTRIES = 20_000;
    private static final long MOST_BYTES = 512L << 20;
    /** XML of real documents unfolds 5 to 30 times; what deflate can do at best is 1,032 times. */
    private static final long RATIO = 200;

    private static final long IN_ANY_CASE = 16L << 20;

    private static final int LOOKED_AT = 1 << 16;

    private static final int END = 0x06054b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END_LENGTH = 22;
    private static final int CENTRAL_LENGTH = 46;
    private static final int LOCAL_LENGTH = 30;
    private static final int MAX_COMMENT = 0xFFFF;
    private static final int DEFLATED = 8;
    private static final byte[] OLD_OFFICE = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0};

    private final ByteBuffer bytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final long most;
    /** Parts of which every byte was counted. */
    private final Set<String> counted = new HashSet<>();

    private long unfolded;

    private record Entry(int method, boolean secret, int packed, int offset) {}

    /** More bytes than its size accounts for. */
    static final class UnfoldsException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private ZipParts(byte[] archive) {
        this.bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        this.most = Math.min(MOST_BYTES, IN_ANY_CASE + RATIO * archive.length);
    }

    /**
     * The archive's parts.
     *
     * @throws UnreadableFileException when it is none
     */
    static ZipParts of(byte[] archive) throws UnreadableFileException {
        if (archive.length >= OLD_OFFICE.length
                && ByteBuffer.wrap(archive, 0, OLD_OFFICE.length).equals(ByteBuffer.wrap(OLD_OFFICE))) {
            throw new UnreadableFileException(
                    "the file is protected by a password, or of an Office before 2007: save it without, as docx, pptx or xlsx");
        }
        ZipParts parts = new ZipParts(archive);
        try {
            parts.list();
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw damaged();
        }
        return parts;
    }

    static UnreadableFileException damaged() {
        return new UnreadableFileException("the file is damaged, or not of the kind that its name says");
    }

    /** All of its directory: what stands before it or between its entries is not looked for. */
    private void list() throws UnreadableFileException {
        int end = bytes.limit() - END_LENGTH;
        int last = Math.max(0, end - MAX_COMMENT);
        while (end >= last && bytes.getInt(end) != END) {
            end--;
        }
        if (end < last) {
            throw damaged();
        }
        int count = bytes.getShort(end + 10) & 0xFFFF;
        int at = bytes.getInt(end + 16);
        for (int i = 0; i < count; i++) {
            if (entries.size() == MOST_ENTRIES) {
                throw new UnreadableFileException("the archive has more than " + MOST_ENTRIES + " entries");
            }
            if (bytes.getInt(at) != CENTRAL) {
                throw damaged();
            }
            int name = bytes.getShort(at + 28) & 0xFFFF;
            int more = (bytes.getShort(at + 30) & 0xFFFF) + (bytes.getShort(at + 32) & 0xFFFF);
            byte[] letters = new byte[name];
            bytes.get(at + CENTRAL_LENGTH, letters);
            entries.putIfAbsent(
                    new String(letters, StandardCharsets.UTF_8),
                    new Entry(
                            bytes.getShort(at + 10),
                            (bytes.getShort(at + 8) & 1) == 1,
                            bytes.getInt(at + 20),
                            bytes.getInt(at + 42)));
            at += CENTRAL_LENGTH + name + more;
        }
    }

    /** The names of all parts, in the archive's order. */
    Set<String> names() {
        return entries.keySet();
    }

    /**
     * A part's bytes, unfolded as they are read; they count each time, but for what was gone through by {@link #mentions}.
     *
     * @return empty if there is no such part
     */
    Optional<InputStream> open(String name) throws UnreadableFileException {
        String path = name.startsWith("/") ? name.substring(1) : name;
        Entry entry = entries.get(path);
        if (entry == null) {
            return Optional.empty();
        }
        if (entry.secret()) {
            throw new UnreadableFileException("the file is protected by a password");
        }
        try {
            int from = entry.offset()
                    + LOCAL_LENGTH
                    + (bytes.getShort(entry.offset() + 26) & 0xFFFF)
                    + (bytes.getShort(entry.offset() + 28) & 0xFFFF);
            if (from < 0 || from > bytes.limit() || entry.packed() < 0) {
                throw damaged();
            }
            InputStream packed =
                    new ByteArrayInputStream(bytes.array(), from, Math.min(entry.packed(), bytes.limit() - from));
            return Optional.of(
                    new Counted(entry.method() == DEFLATED ? new Unfolding(packed) : packed, !counted.contains(path)));
        } catch (IndexOutOfBoundsException e) {
            throw damaged();
        }
    }

    /** Whether a word of ASCII stands anywhere in a part: a look at all its bytes, so that they need not count again. */
    boolean mentions(String name, String word) throws IOException, UnreadableFileException {
        Optional<InputStream> part = open(name);
        if (part.isEmpty()) {
            return false;
        }
        byte[] letters = word.getBytes(StandardCharsets.US_ASCII);
        byte[] buffer = new byte[LOOKED_AT];
        int kept = 0;
        boolean found = false;
        try (InputStream in = part.get()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer, kept, buffer.length - kept)) {
                int end = kept + read;
                found = found || contains(buffer, end, letters);
                // The word may have begun at the end.
                kept = Math.min(end, letters.length - 1);
                System.arraycopy(buffer, end - kept, buffer, 0, kept);
            }
        }
        counted.add(name.startsWith("/") ? name.substring(1) : name);
        return found;
    }

    private static boolean contains(byte[] buffer, int end, byte[] letters) {
        for (int i = 0; i + letters.length <= end; i++) {
            if (buffer[i] == letters[0] && Arrays.equals(buffer, i, i + letters.length, letters, 0, letters.length)) {
                return true;
            }
        }
        return false;
    }

    /** All bytes of a small part, of at most 64 MiB; none where there is no such part. */
    byte[] bytes(String name) throws IOException, UnreadableFileException {
        Optional<InputStream> part = open(name);
        if (part.isEmpty()) {
            return new byte[0];
        }
        try (InputStream in = part.get()) {
            byte[] all = in.readNBytes(MOST_WHOLE);
            if (in.read() >= 0) {
                throw new UnfoldsException();
            }
            return all;
        }
    }

    /** Gives the memory beside the heap back with its stream, not when the collector comes to it. */
    private static final class Unfolding extends InflaterInputStream {
        Unfolding(InputStream packed) {
            super(packed, new Inflater(true));
        }

        @Override
        public void close() throws IOException {
            super.close();
            inf.end();
        }
    }

    private final class Counted extends CountedStream {
        private final boolean first;

        Counted(InputStream part, boolean first) {
            super(part);
            this.first = first;
        }

        @Override
        void count(int more) throws IOException {
            unfolded += first ? more : 0;
            if (unfolded > most) {
                throw new UnfoldsException();
            }
        }
    }
}
