package dev.foundrygateway.routing;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** {@code gateway.catalogue.…}: rules that choose a model. */
@ConfigMapping(prefix = CatalogueConfig.PREFIX)
public interface CatalogueConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.catalogue";

    /** The file with the rules, in JSON; looked at each second, and read anew when it has changed. None by default. */
    Optional<Path> file();
}
