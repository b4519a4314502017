package dev.foundrygateway.live;

import dev.foundrygateway.exchange.Within;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** {@code gateway.records.…}: what is remembered of exchanges that have ended. */
@ConfigMapping(prefix = RecordsConfig.PREFIX)
public interface RecordsConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.records";

    /** How many of the last exchanges are kept in memory, at some 400 bytes each, to be searched; 0 keeps none. */
    @Within(max = 1_000_000)
    @WithDefault("10000")
    int size();

    /** Whether they are kept on disk, too, and found again after a restart. */
    @WithDefault("true")
    boolean keep();

    /** Where their files, {@code exchanges-*} and {@code contents-*}, are kept. Each gateway needs a folder of its own. */
    @WithDefault("${gateway.retrieval.directory:data/retrieval}")
    Path directory();

    /** How large the files of each kind get together, at some 500 bytes an exchange; then the oldest are deleted. */
    @Within(min = 1 << 16)
    @WithDefault("64M")
    MemorySize disk();

    /** For how many days an exchange is kept on disk. */
    @Within(min = 1, max = 3_650)
    @WithDefault("7")
    int days();

    /** Whether questions and answers of chats are recorded as well; each exchange of which they are says so. For finding faults, with the consent of those who ask. */
    @WithDefault("false")
    boolean content();

    /** How many characters of a question, and of an answer, are recorded. */
    @Within(min = 1, max = 1_000_000)
    @WithDefault("4000")
    int contentLength();

    /** For how long questions and answers are kept; on disk an eighth longer at most. */
    @Within(min = 60, max = 315_360_000)
    @WithDefault("24h")
    Duration contentRetention();
}
