package dev.foundrygateway.upstream.foundry;

import dev.foundrygateway.upstream.repair.Dialect;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What kind of server runs the models: what it lists, how it loads, what it takes at a time. What its answers need is its {@link Dialect}. One class for a
 * kind; what a kind doesn't say is as at a plain server, which lists OpenAI's way and has all of its models loaded. Stateless.
 */
public interface ServerKind {
    /** The kind whose answers are of that dialect. */
    static ServerKind of(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> new Plain();
            case FOUNDRY_0X -> new Foundry0x();
            case FOUNDRY_1X -> new Foundry1x();
            case FOUNDRY_2X -> new Foundry2x();
        };
    }

    /** The kind that a {@code /status} answer is of; empty for another server's. */
    static Optional<ServerKind> ofStatus(String body) {
        if (body.contains("\"modelCachePath\"")) {
            return Optional.of(new Foundry2x());
        }
        return body.contains("\"modelDirPath\"") ? Optional.of(new Foundry1x()) : Optional.empty();
    }

    /** The kind that an {@code /openai/status} answer is of: the 0.x service, which some versions write with capitals, or a plain one. */
    static ServerKind ofOldStatus(String body) {
        return body.toLowerCase(Locale.ROOT).contains("\"modeldirpath\"") ? new Foundry0x() : new Plain();
    }

    /** What its answers need. */
    Dialect dialect();

    /** Whether it loads and unloads models, and tells which are loaded. */
    default boolean loads() {
        return false;
    }

    /** Asks for the models that it could run, with the ids that it takes. */
    default Uni<Response> list(ModelServer server) {
        return server.models();
    }

    /** Asks what is loaded, if it {@link #loads}. */
    default Uni<Response> loaded(ModelServer server) {
        return server.loaded();
    }

    default Uni<Response> load(ModelServer server, String name) {
        return server.load(name);
    }

    default Uni<Response> unload(ModelServer server, String name) {
        return server.unload(name);
    }

    /**
     * What a model may be called when it is loaded or unloaded, the likeliest first; never empty.
     *
     * @param aliases the names that it may go by beside its id
     */
    default List<String> loadNames(String id, List<String> aliases) {
        return List.of(id);
    }

    /** Whether an id says a model's alias, version and device. */
    default boolean idsSpeak() {
        return loads();
    }

    /** How many calls of a model it is given at a time at most, zero for any number: Foundry Local is built for one user, others schedule for themselves. */
    default int slots() {
        return loads() ? 8 : 0;
    }

    /** Whether it serves nothing but what it lists. */
    default boolean closedList() {
        return loads();
    }

    /** Whether it answers 0.x's own calls itself: its catalogue and the count of tokens. */
    default boolean answersOldCalls() {
        return false;
    }

    /** Whether it may have Responses. */
    default boolean hasResponses() {
        return true;
    }

    /** Asks for its state. */
    default Uni<Response> status(ModelServer server) {
        return server.status();
    }

    /** Whether {@code POST /shutdown} ends it. */
    default boolean shutsDown() {
        return false;
    }

    /** Whether it refuses a streamed call by status 200 and a cut connection, without a word of why. */
    default boolean cutsRefusedStreams() {
        return false;
    }

    /** Whether an embeddings call for a model that has none ends it as a process. */
    default boolean diesOfEmbeddings() {
        return false;
    }

    /** Any OpenAI-compatible server. */
    record Plain() implements ServerKind {
        @Override
        public Dialect dialect() {
            return Dialect.OPENAI;
        }
    }

    /** Foundry Local's service of the {@code foundry} command: it leaves the version out of OpenAI's list, and loads by the whole id alone. */
    record Foundry0x() implements ServerKind {
        @Override
        public Dialect dialect() {
            return Dialect.FOUNDRY_0X;
        }

        @Override
        public boolean loads() {
            return true;
        }

        @Override
        public Uni<Response> list(ModelServer server) {
            return server.oldModels();
        }

        @Override
        public Uni<Response> loaded(ModelServer server) {
            return server.oldLoaded();
        }

        /** The workshop's SDK asks for ten minutes as well; a model that went is loaded anew when it is called. */
        @Override
        public Uni<Response> load(ModelServer server, String name) {
            return server.oldLoad(name, 600);
        }

        @Override
        public Uni<Response> unload(ModelServer server, String name) {
            return server.oldUnload(name);
        }

        @Override
        public boolean answersOldCalls() {
            return true;
        }

        @Override
        public boolean hasResponses() {
            return false;
        }

        @Override
        public Uni<Response> status(ModelServer server) {
            return server.oldStatus();
        }
    }

    /** Foundry Local's core in C#. */
    record Foundry1x() implements ServerKind {
        @Override
        public Dialect dialect() {
            return Dialect.FOUNDRY_1X;
        }

        @Override
        public boolean loads() {
            return true;
        }

        @Override
        public boolean cutsRefusedStreams() {
            return true;
        }

        @Override
        public boolean diesOfEmbeddings() {
            return true;
        }
    }

    /** Foundry Local's core in C++: it loads and unloads by alias alone, chats by id alone, and tells nobody which alias an id has. */
    record Foundry2x() implements ServerKind {
        @Override
        public Dialect dialect() {
            return Dialect.FOUNDRY_2X;
        }

        @Override
        public boolean loads() {
            return true;
        }

        @Override
        public List<String> loadNames(String id, List<String> aliases) {
            List<String> names = new ArrayList<>(aliases);
            names.add(id);
            return names;
        }

        @Override
        public boolean shutsDown() {
            return true;
        }
    }
}
