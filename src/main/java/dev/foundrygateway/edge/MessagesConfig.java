package dev.foundrygateway.edge;

import io.smallrye.config.ConfigMapping;
import java.util.Map;

/** {@code gateway.messages.…}: what Messages needs beside what it shares with chat. */
@ConfigMapping(prefix = "gateway.messages")
public interface MessagesConfig {
    /**
     * Fixed model names of Messages' clients, and the model of ours that each stands for; none by default. A name with a dot is written in quotes:
     * {@code gateway.messages.models."claude-3.5"}.
     */
    Map<String, String> models();
}
