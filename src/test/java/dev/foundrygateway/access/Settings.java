package dev.foundrygateway.access;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Settings of a test. */
record Settings(List<String> originList, List<String> hostList, boolean privateNetwork) implements AccessConfig {
    @Override
    public Optional<List<String>> origins() {
        return originList.isEmpty() ? Optional.empty() : Optional.of(originList);
    }

    @Override
    public Optional<List<String>> hosts() {
        return hostList.isEmpty() ? Optional.empty() : Optional.of(hostList);
    }

    @Override
    public MemorySize bodyLimit() {
        return new MemorySize(BigInteger.valueOf(1 << 25));
    }

    @Override
    public boolean management() {
        return false;
    }

    @Override
    public java.time.Duration bodyTimeout() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<io.quarkus.runtime.configuration.MemorySize> bodiesLimit() {
        return Optional.empty();
    }

    @Override
    public boolean requireKey() {
        return false;
    }

    @Override
    public Optional<List<String>> headers() {
        return Optional.empty();
    }
}
