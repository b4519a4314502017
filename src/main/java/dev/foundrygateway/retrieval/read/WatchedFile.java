package dev.foundrygateway.retrieval.read;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.apache.pdfbox.io.RandomAccessRead;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.io.RandomAccessReadBufferedFile;
import org.apache.pdfbox.io.RandomAccessReadView;

/**
 * A PDF's bytes, with an eye on what is made of them: whoever reads a little and takes much more memory for it than any honest stream unfolds to is stopped at
 * the next read, and so is one whose time is over. Confined to its reader's thread.
 */
final class WatchedFile implements RandomAccessRead {
    /** Half of what the format's compression can do at best; honest streams unfold ten times, and their objects take some more. */
    private static final long MEMORY_A_BYTE = 500;

    private static final long MEMORY_IN_ANY_CASE = 64L << 20;

    private final RandomAccessRead file;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long read;
    private long readBefore;
    private long allocatedBefore;

    /** More memory than its bytes account for. */
    static final class UnfoldsException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    WatchedFile(Path file) throws IOException {
        this(new RandomAccessReadBufferedFile(file));
    }

    WatchedFile(byte[] file) {
        this(new RandomAccessReadBuffer(file));
    }

    private WatchedFile(RandomAccessRead file) {
        this.file = file;
        begin();
    }

    /** A step of the work begins, which is judged by itself. */
    final void begin() {
        readBefore = read;
        allocatedBefore = threads.getCurrentThreadAllocatedBytes();
    }

    private void check(int bytes) {
        BoundedReading.check();
        read += Math.max(0, bytes);
        long allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
        if (allocated > MEMORY_IN_ANY_CASE + MEMORY_A_BYTE * (read - readBefore)) {
            throw new UnfoldsException();
        }
    }

    @Override
    public int read() throws IOException {
        // Byte by byte the parser reads what it cannot unfold.
        read++;
        return file.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = file.read(bytes, offset, length);
        check(count);
        return count;
    }

    @Override
    public long getPosition() throws IOException {
        return file.getPosition();
    }

    @Override
    public void seek(long position) throws IOException {
        BoundedReading.check();
        file.seek(position);
    }

    @Override
    public long length() throws IOException {
        return file.length();
    }

    @Override
    public boolean isClosed() {
        return file.isClosed();
    }

    @Override
    public boolean isEOF() throws IOException {
        return file.isEOF();
    }

    @Override
    public RandomAccessReadView createView(long start, long length) {
        return new RandomAccessReadView(this, start, length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
