package dev.foundrygateway.upstream;

import dev.foundrygateway.chat.GatewayException;
import dev.foundrygateway.chat.ModelFacts;
import dev.foundrygateway.chat.ModelNames;
import dev.foundrygateway.chat.VirtualModels;
import dev.foundrygateway.openai.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which upstream serves which model, and under what id: from {@code gateway.models}, then an upstream's {@code models} setting, then what the upstreams
 * list themselves. Names are compared without case. Thread-safe.
 */
@ApplicationScoped
public class ModelCatalog implements ModelNames, ModelFacts {
    /**
     * Where a model's calls go.
     *
     * @param upstream who serves it
     * @param id the name that the upstream knows it by
     */
    public record Target(Upstream upstream, String id) {}

    private static final int NAMES_SHOWN = 50;

    private final Upstreams upstreams;
    private final VirtualModels virtual;
    private final Map<String, ModelsConfig.ModelConfig> aliases = new HashMap<>();
    private final Map<String, Target> configured = new HashMap<>();
    private final Map<Upstream, Map<String, Target>> listed = new ConcurrentHashMap<>();

    ModelCatalog(Upstreams upstreams, ModelsConfig models, VirtualModels virtual) {
        this.upstreams = upstreams;
        this.virtual = virtual;
        models.byAlias().forEach((alias, config) -> {
            config.upstream().ifPresent(name -> upstreams.named("gateway.models." + alias + ".upstream", name));
            aliases.put(key(alias), config);
        });
        for (Upstream upstream : upstreams.all()) {
            for (String id : upstream.configuredModels()) {
                configured.putIfAbsent(key(id), new Target(upstream, id));
            }
        }
    }

    /**
     * Where calls for this model go; one that nobody knows goes to the first upstream under its own name, since a server may know more than it lists.
     *
     * @throws GatewayException when that upstream has never been there, while others are and list no such model
     */
    public Target resolve(String model) {
        return find(model).orElseGet(() -> {
            if (!listed.containsKey(upstreams.fallback()) && !listed.isEmpty()) {
                throw unknown(model);
            }
            return new Target(upstreams.fallback(), model);
        });
    }

    /** The error for a model that nobody serves, naming what there is. */
    GatewayException unknown(String model) {
        TreeSet<String> names = new TreeSet<>(ownNames());
        configured.values().forEach(target -> names.add(target.id()));
        listed.values().forEach(targets -> targets.values().forEach(target -> names.add(target.id())));
        String shown = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        return new GatewayException(
                ErrorCode.MODEL_NOT_FOUND,
                (model.isEmpty() ? "the request names no model" : "no upstream serves this model") + "; there are: "
                        + (shown.isEmpty() ? "none yet" : shown),
                "model");
    }

    private Optional<Target> find(String model) {
        String key = key(model);
        ModelsConfig.ModelConfig alias = aliases.get(key);
        if (alias == null) {
            return served(key);
        }
        String id = alias.id().orElse(model);
        Upstream upstream = alias.upstream()
                .map(name -> upstreams.named("gateway.models", name))
                .or(() -> served(key(id)).map(Target::upstream))
                .orElseGet(upstreams::fallback);
        return Optional.of(new Target(upstream, id));
    }

    private Optional<Target> served(String key) {
        Target target = configured.get(key);
        if (target != null) {
            return Optional.of(target);
        }
        for (Upstream upstream : upstreams.all()) {
            target = listed.getOrDefault(upstream, Map.of()).get(key);
            if (target != null) {
                return Optional.of(target);
            }
        }
        return Optional.empty();
    }

    /** What an upstream lists from now on. */
    void list(Upstream upstream, List<String> ids) {
        Map<String, Target> targets = new HashMap<>();
        for (String id : ids) {
            targets.put(key(id), new Target(upstream, id));
        }
        listed.put(upstream, Map.copyOf(targets));
    }

    /** How many models an upstream listed last. */
    int count(Upstream upstream) {
        return listed.getOrDefault(upstream, Map.of()).size();
    }

    /** Aliases that no upstream lists itself. */
    List<String> aliases() {
        return aliases.keySet().stream().sorted().toList();
    }

    /** Names that the gateway adds to the upstreams' own: aliases, and virtual models. */
    List<String> ownNames() {
        return Stream.concat(virtual.names().stream(), aliases().stream())
                .distinct()
                .toList();
    }

    /** Whether a name is a virtual model's, which no upstream knows. */
    boolean isVirtual(String model) {
        return !virtual.nameOf(model).isEmpty();
    }

    @Override
    public Facts of(String model) {
        ModelsConfig.ModelConfig config = aliases.get(key(model));
        if (config == null) {
            return Facts.UNKNOWN;
        }
        ModelsConfig.Price price = config.price();
        boolean priced = price.input().isPresent() || price.output().isPresent();
        return new Facts(
                config.contextLength(),
                priced
                        ? Optional.of(new Price(
                                price.input().orElse(0), price.output().orElse(0)))
                        : Optional.empty());
    }

    @Override
    public String label(String model) {
        String own = virtual.nameOf(model);
        if (!own.isEmpty()) {
            return own;
        }
        String key = key(model);
        if (aliases.containsKey(key)) {
            return key;
        }
        return served(key).map(Target::id).orElse(OTHER);
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
