package dev.foundrygateway.retrieval.read;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts what is read of another stream, and ends where nobody waits for it any more. Of one thread. */
abstract class CountedStream extends FilterInputStream {
    CountedStream(InputStream counted) {
        super(counted);
    }

    /**
     * So many bytes more have been read.
     *
     * @throws IOException when they are too many
     */
    abstract void count(int more) throws IOException;

    @Override
    public int read() throws IOException {
        int one = super.read();
        counted(one < 0 ? 0 : 1);
        return one;
    }

    @Override
    public int read(byte[] target, int offset, int most) throws IOException {
        int read = super.read(target, offset, most);
        counted(Math.max(0, read));
        return read;
    }

    private void counted(int more) throws IOException {
        BoundedReading.check();
        count(more);
    }
}
