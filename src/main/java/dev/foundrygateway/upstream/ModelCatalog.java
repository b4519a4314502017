package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.LoadedModels;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.OwnModel;
import dev.foundrygateway.exchange.VirtualModels;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.ModelList;
import dev.foundrygateway.upstream.foundry.VariantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which upstream serves which model, and under what id: from {@code gateway.models}, then an upstream's {@code models} setting, then what the upstreams
 * list themselves. Names are compared without case. Thread-safe.
 */
@ApplicationScoped
public class ModelCatalog implements ModelNames, ModelFacts, LoadedModels {
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
    private final OwnModel inside;
    private final Map<String, ModelsConfig.ModelConfig> aliases = new HashMap<>();
    private final Map<String, Target> configured = new HashMap<>();
    private final Map<Upstream, ListedModels> listed = new ConcurrentHashMap<>();

    ModelCatalog(Upstreams upstreams, ModelsConfig models, VirtualModels virtual, OwnModel inside) {
        this.inside = inside;
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
     * Where calls for this model go. A name that nobody lists goes to the first upstream if that has been there, or is the only one, and its list isn't
     * closed: many servers take names that they don't list.
     *
     * @throws GatewayException {@code model_not_found}, naming what exists
     */
    public Target resolve(String model) {
        return find(model).orElseGet(() -> {
            Upstream first = upstreams.fallback();
            boolean absent = of(first).ids().isEmpty() && hasListed();
            if (absent || (!model.isEmpty() && isClosed())) {
                throw unknown(model);
            }
            return new Target(first, model);
        });
    }

    /** The error for a model that nobody serves, naming what there is. */
    GatewayException unknown(String model) {
        List<String> names = names();
        String shown = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        return new GatewayException(
                ErrorCode.MODEL_NOT_FOUND,
                (model.isEmpty() ? "the request names no model" : "the model '" + model + "' does not exist")
                        + "; available models: " + (shown.isEmpty() ? "none" : shown),
                "model");
    }

    /** Where calls for this model go, if anybody is known to serve it. */
    public Optional<Target> find(String model) {
        String key = key(model);
        ModelsConfig.ModelConfig alias = aliases.get(key);
        if (alias == null) {
            return served(key);
        }
        String id = alias.id().orElse(model);
        if (alias.upstream().isPresent()) {
            Upstream upstream =
                    upstreams.named("gateway.models", alias.upstream().get());
            return Optional.of(new Target(upstream, of(upstream).find(key(id)).orElse(id)));
        }
        // An alias without an id and an upstream only describes a model; whether there is one, the lists tell.
        return served(key(id))
                .or(() ->
                        alias.id().isPresent() ? Optional.of(new Target(upstreams.fallback(), id)) : Optional.empty());
    }

    private Optional<Target> served(String key) {
        Target target = configured.get(key);
        if (target != null) {
            return Optional.of(target);
        }
        // A name that is only guessed from an id never goes before one that a server tells, whichever server comes
        // first.
        return first(models -> models.told(key)).or(() -> first(models -> models.find(key)));
    }

    private Optional<Target> first(Function<ListedModels, Optional<String>> find) {
        for (Upstream upstream : upstreams.all()) {
            Optional<String> id = find.apply(of(upstream));
            if (id.isPresent()) {
                return Optional.of(new Target(upstream, id.get()));
            }
        }
        return Optional.empty();
    }

    /** Whether the lists are all there is: something is listed, or configured to be all, and no upstream is alone and free to take any name. */
    boolean isClosed() {
        Upstream first = upstreams.fallback();
        boolean configuredAll = first.config().modelsClosed().orElse(false) && !configured.isEmpty();
        return (hasListed() || configuredAll) && (upstreams.all().size() > 1 || first.closedList());
    }

    /** Whether the lists, asked for anew, may decide: with several upstreams one that was down may be the one that was meant. */
    boolean mayBeClosed() {
        return upstreams.all().size() > 1 || isClosed();
    }

    private boolean hasListed() {
        return upstreams.all().stream().anyMatch(upstream -> !of(upstream).ids().isEmpty());
    }

    /** What an upstream lists from now on; what was known of loaded models stays. */
    void list(Upstream upstream, ModelList list) {
        listed.compute(
                upstream,
                (key, before) -> ListedModels.of(list, upstream.kind().idsSpeak())
                        .withLoadedOf(before == null ? ListedModels.NONE : before));
    }

    /** What an upstream has loaded from now on. */
    void loaded(Upstream upstream, List<String> ids) {
        listed.computeIfPresent(upstream, (key, before) -> before.withLoaded(ids));
    }

    /** What an upstream listed last. */
    public ListedModels of(Upstream upstream) {
        return listed.getOrDefault(upstream, ListedModels.NONE);
    }

    /** How many models an upstream listed last. */
    int count(Upstream upstream) {
        return of(upstream).ids().size();
    }

    /** Names that no upstream lists itself, sorted: configured aliases, and those taken from ids. */
    public List<String> aliases() {
        Set<String> names = new TreeSet<>(aliases.keySet());
        upstreams.all().forEach(upstream -> names.addAll(of(upstream).aliases()));
        return List.copyOf(names);
    }

    /** Names that the configuration gives this id, in lower case, then those that can be read from it; the likeliest first. */
    public List<String> aliases(Target target) {
        List<String> names = new ArrayList<>();
        aliases.forEach((alias, config) -> {
            boolean same = config.id()
                    .flatMap(id -> of(target.upstream()).find(key(id)))
                    .filter(target.id()::equals)
                    .isPresent();
            if (same) {
                names.add(alias);
            }
        });
        names.addAll(of(target.upstream()).aliases(target.id()));
        return names;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(ownNames());
        configured.values().forEach(target -> names.add(target.id()));
        upstreams.all().forEach(upstream -> names.addAll(of(upstream).ids()));
        return names.stream().distinct().toList();
    }

    /** The models that a virtual model may ask; empty for any other. */
    List<String> tiers(String model) {
        return virtual.tiers(model);
    }

    /** Names that the gateway adds to the upstreams' own: aliases, and virtual models whose tiers there are. */
    List<String> ownNames() {
        return Stream.concat(
                        virtual.names().stream()
                                .filter(name -> virtual.tiers(name).stream()
                                        .allMatch(tier -> find(tier).isPresent())),
                        aliases().stream())
                .distinct()
                .toList();
    }

    /** What an alias is configured to read, in tokens; empty for another name. */
    OptionalLong contextLength(String name) {
        ModelsConfig.ModelConfig config = aliases.get(key(name));
        return config == null ? OptionalLong.empty() : config.contextLength();
    }

    @Override
    public Facts of(String model) {
        ModelsConfig.ModelConfig config = aliases.get(key(model));
        if (config != null) {
            return new Facts(config.contextLength(), price(config));
        }
        if (aliases.isEmpty() || !virtual.nameOf(model).isEmpty()) {
            return Facts.UNKNOWN;
        }
        // By its id a model costs what it costs by its alias, by the dearest of several; how much of the context is
        // used is an alias's own affair.
        return new Facts(
                OptionalLong.empty(),
                find(model)
                        .flatMap(target -> aliases(target).stream()
                                .map(name -> aliases.get(key(name)))
                                .filter(Objects::nonNull)
                                .flatMap(named -> price(named).stream())
                                .max(Comparator.comparingDouble(price -> price.of(1, 1)))));
    }

    private static Optional<Price> price(ModelsConfig.ModelConfig config) {
        ModelsConfig.Price price = config.price();
        return price.input().isPresent() || price.output().isPresent()
                ? Optional.of(new Price(price.input().orElse(0), price.output().orElse(0)))
                : Optional.empty();
    }

    @Override
    public boolean ready(String model) {
        return find(model)
                .filter(target -> !target.upstream().kind().loads()
                        || of(target.upstream()).loadedIds().contains(target.id()))
                .isPresent();
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
        return served(key).map(Target::id).or(() -> inside.nameOf(model)).orElse(OTHER);
    }

    @Override
    public boolean isOneOf(String model, Set<String> names) {
        if (names.contains(key(model))) {
            return true;
        }
        String own = virtual.nameOf(model);
        if (!own.isEmpty()) {
            return names.contains(key(own));
        }
        Optional<Target> found = find(model);
        return found.filter(target -> names.contains(key(target.id()))
                        || names.contains(VariantId.of(target.id()).unversioned())
                        || aliases(target).stream().anyMatch(names::contains)
                        || names.stream().anyMatch(name -> find(name).equals(found)))
                .isPresent();
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
