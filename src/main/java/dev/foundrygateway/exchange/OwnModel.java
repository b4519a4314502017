package dev.foundrygateway.exchange;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** The model inside the program, which answers where no upstream has one of its name. Thread-safe. */
public interface OwnModel {
    /** Its name, if that is what a client means by this one and it is not left out by a setting. */
    Optional<String> nameOf(String model);

    /** Answers a call for it; fails with {@link GatewayException}. */
    Uni<ChatReply> send(Call call);
}
