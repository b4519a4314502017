package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.ServerLoad;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.upstream.UpstreamsConfig.Cancel;
import dev.foundrygateway.upstream.UpstreamsConfig.DialectSetting;
import dev.foundrygateway.upstream.UpstreamsConfig.Responses;
import dev.foundrygateway.upstream.foundry.ServerKind;
import dev.foundrygateway.upstream.repair.Dialect;
import dev.foundrygateway.upstream.wire.EndToEndHeaders;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One configured model server. Thread-safe: all is fixed but its address, its dialect and its breaker, which may change while it runs. */
public final class Upstream {
    private final String name;
    private final UpstreamsConfig.UpstreamConfig config;
    private final boolean discovered;
    private final NanoClock clock;
    private final PrefixAffinity affinity = new PrefixAffinity();
    private final Set<String> passHeaders;
    private volatile List<Endpoint> endpoints;
    private volatile ServerKind kind;
    private volatile @Nullable Circuit circuit;
    private volatile boolean refusesStreamOptions;
    private volatile boolean lacksResponses;

    Upstream(
            String name,
            UpstreamsConfig.UpstreamConfig config,
            List<UpstreamAddress> addresses,
            boolean discovered,
            NanoClock clock) {
        this.name = name;
        this.config = config;
        this.discovered = discovered;
        this.clock = clock;
        this.passHeaders = EndToEndHeaders.checked(
                key("pass-headers"), config.passHeaders().orElse(List.of()));
        this.endpoints = addresses.stream().map(Endpoint::new).toList();
        this.kind = ServerKind.of(
                config.dialect() == DialectSetting.AUTO
                        ? Dialect.OPENAI
                        : Dialect.valueOf(config.dialect().name()));
    }

    /** Its name in the configuration. */
    public String name() {
        return name;
    }

    /** Where it listens now: the address that the next call would go to. */
    public UpstreamAddress address() {
        return choose().address();
    }

    /** Where it is called now: {@link #address}, and of {@code localhost} the one of its addresses that answers. */
    public UpstreamAddress dialled() {
        return choose().dialled();
    }

    /** Where it is called now, at each of its addresses. */
    List<UpstreamAddress> dialledAll() {
        return endpoints.stream().map(Endpoint::dialled).toList();
    }

    /** Nothing answers at that address, as {@link #dialled} gave it. */
    void unanswered(UpstreamAddress dialled) {
        endpoints.forEach(endpoint -> endpoint.unanswered(dialled));
    }

    /** It listens elsewhere from now on; calls under way go on where they are. */
    public void moveTo(UpstreamAddress other) {
        endpoints = List.of(new Endpoint(other));
        // What failed at the old address says nothing about the new one, and a breaker may open on a success, too.
        circuit = null;
        refusesStreamOptions = false;
        lacksResponses = false;
    }

    /** Whether {@code stream_options} may be added to a call of it; until it has refused them. */
    boolean takesStreamOptions() {
        return !refusesStreamOptions;
    }

    /** It answered that it doesn't know {@code stream_options}. */
    void refusedStreamOptions() {
        refusesStreamOptions = true;
    }

    /** How Responses reach its models: as configured, and a chat where that leaves it to a server that has none. */
    public Responses responses() {
        boolean none = lacksResponses || !kind.hasResponses();
        return config.responses() == Responses.AUTO && none ? Responses.CHAT : config.responses();
    }

    /** It answered that it has no Responses. */
    public void lacksResponses() {
        lacksResponses = true;
    }

    /** The breaker around its calls. */
    Circuit circuit() {
        Circuit known = circuit;
        return known == null ? newCircuit() : known;
    }

    /** Not when the upstream is made: the guard's library asks for a running container. */
    private synchronized Circuit newCircuit() {
        Circuit known = circuit;
        if (known == null) {
            known = new Circuit(this);
            circuit = known;
        }
        return known;
    }

    /** Whether it has to be looked for. */
    public boolean isDiscovered() {
        return discovered;
    }

    /**
     * Of its addresses that haven't failed lately, or of all if all have, the one with the fewest calls under way; of several the one that has had the fewest,
     * or, where models are loaded by calls of ours, the first, where they were loaded.
     */
    Endpoint choose() {
        long nowNanos = clock.nanos();
        List<Endpoint> all = endpoints;
        Endpoint best = all.get(0);
        for (int i = 1; i < all.size(); i++) {
            Endpoint next = all.get(i);
            boolean up = !next.isOut(nowNanos);
            boolean bestUp = !best.isOut(nowNanos);
            if (up != bestUp ? up : next.isIdlerThan(best, !kind.loads())) {
                best = next;
            }
        }
        return best;
    }

    /**
     * The same for a chat: a conversation goes where its beginning was read before, as long as that address isn't much busier than another.
     *
     * @param chat the request's body
     */
    Endpoint choose(Buffer chat) {
        Endpoint idlest = choose();
        if (endpoints.size() == 1) {
            return idlest;
        }
        long[] prefixes = ChatRequest.parse(chat).prefixes();
        int most = idlest.inFlight() * 3 / 2;
        // Who goes on with a conversation may wait for one call more; who asks the same again is another caller.
        Endpoint chosen = affinity.find(prefixes, prefixes.length - 1)
                .filter(known -> known.inFlight() <= most + 1)
                .or(() -> affinity.find(prefixes, prefixes.length).filter(known -> known.inFlight() <= most))
                .filter(known -> endpoints.contains(known) && !known.isOut(clock.nanos()))
                .orElse(idlest);
        affinity.remember(prefixes, chosen);
        return chosen;
    }

    /** Its calls at all of its addresses. */
    ServerLoad.Load load() {
        long begun = 0;
        int open = 0;
        for (Endpoint endpoint : endpoints) {
            begun += endpoint.begun();
            open += endpoint.inFlight();
        }
        return new ServerLoad.Load(begun, open);
    }

    /** Nobody listens at that address, as {@link #dialled} gave it: others are tried first for a while. False if there is no other that is up. */
    public boolean passOver(UpstreamAddress dialled) {
        long now = clock.nanos();
        List<Endpoint> all = endpoints;
        for (Endpoint endpoint : all) {
            if (endpoint.dialled().equals(dialled)) {
                takeOut(endpoint);
            }
        }
        return all.stream().anyMatch(endpoint -> !endpoint.isOut(now));
    }

    /** A call could not reach that address: others are tried for as long as an open breaker would pause. */
    void takeOut(Endpoint failing) {
        failing.takeOut(clock.nanos() + config.breaker().delay().toNanos());
    }

    /** What kind of server it is: configured, or as it was recognised last. */
    public ServerKind kind() {
        return kind;
    }

    /** What its answers need. */
    public Dialect dialect() {
        return kind.dialect();
    }

    /** Whether it serves nothing but what it lists: configured, or as its kind has it. */
    boolean closedList() {
        return config.modelsClosed().orElse(kind.closedList());
    }

    /** It was recognised as this; of no effect where the configuration says what it is. */
    void recognised(ServerKind found) {
        if (config.dialect() == DialectSetting.AUTO) {
            lacksResponses &= kind.equals(found);
            kind = found;
        }
    }

    /** Whether plain chat answers are asked for as streams. */
    boolean alwaysStream() {
        return config.alwaysStream().orElse(dialect().has(Dialect.Trait.ALWAYS_STREAM));
    }

    /** Whether the reply to a client that has left is read to its end. */
    boolean drains() {
        return config.cancel().orElse(dialect().cancel()) == Cancel.DRAIN;
    }

    /** The most tokens of an answer where {@link #drains}. */
    long drainMaxTokens() {
        return config.drainMaxTokens();
    }

    /** Whether its {@code url} asks for the practice upstream by name. */
    public boolean asksForPractice() {
        return config.url().orElse("").equals(Upstreams.PRACTICE);
    }

    /** The {@code Authorization} value for it, empty if none. */
    public String authorization() {
        return config.apiKey().map(key -> "Bearer " + key).orElse("");
    }

    /** Names of the client's headers that it gets beside the usual ones, in lower case. */
    Set<String> passHeaders() {
        return passHeaders;
    }

    boolean forwardsAuthorization() {
        return config.forwardAuthorization();
    }

    List<String> configuredModels() {
        return config.models().orElse(List.of());
    }

    public UpstreamsConfig.UpstreamConfig config() {
        return config;
    }

    public UpstreamsConfig.Timeouts timeouts() {
        return config.timeouts();
    }

    /** The name of one of its settings, for messages. */
    String key(String setting) {
        return UpstreamsConfig.PREFIX + "." + name + "." + setting;
    }
}
