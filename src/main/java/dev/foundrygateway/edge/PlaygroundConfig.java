package dev.foundrygateway.edge;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** {@code gateway.playground.…}: what the pages are given beside what the program holds. */
@ConfigMapping(prefix = "gateway.playground")
public interface PlaygroundConfig {
    /**
     * A folder with a library and models that a page runs by WebGPU, as {@code examples/webgpu/bring.sh} lays it out; all that lies in it can be read by whoever
     * reaches the gateway. Unset, the gateway's models answer in that page too.
     */
    Optional<Path> webgpuFolder();
}
