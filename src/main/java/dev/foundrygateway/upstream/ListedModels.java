package dev.foundrygateway.upstream;

import dev.foundrygateway.openai.ModelList;
import dev.foundrygateway.upstream.foundry.VariantId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one upstream lists, under all the names that its models go by: id, id without version, alias. Names are compared without case; of several variants
 * with one alias a loaded one is taken, then the best by {@link VariantId#BEST_FIRST}. Immutable.
 */
public final class ListedModels {
    /** Nothing has been listed yet. */
    static final ListedModels NONE = new ListedModels(List.of(), Map.of(), Set.of(), Map.of(), Optional.empty());

    /**
     * What is loaded.
     *
     * @param names as the upstream told them
     * @param keys in lower case, with and without the version
     */
    private record Loaded(List<String> names, Set<String> keys) {}

    private final List<VariantId> variants;
    private final Map<String, List<String>> aliasesById;
    /** The ids whose alias the server tells. */
    private final Set<String> telling;

    private final Map<String, String> owners;
    /** Who owns all that is listed; empty if there are several. */
    private final String soleOwner;

    private final Optional<Loaded> loaded;
    private final Map<String, String> byName = new HashMap<>();
    private final Set<String> aliases = new TreeSet<>();
    private final Set<String> told = new HashSet<>();

    private ListedModels(
            List<VariantId> variants,
            Map<String, List<String>> aliasesById,
            Set<String> telling,
            Map<String, String> owners,
            Optional<Loaded> loaded) {
        this.variants = variants;
        this.aliasesById = aliasesById;
        this.telling = telling;
        this.owners = owners;
        this.soleOwner = new HashSet<>(owners.values()).size() == 1
                ? owners.values().iterator().next()
                : "";
        this.loaded = loaded;
        List<VariantId> best = new ArrayList<>(variants);
        best.sort(Comparator.comparing((VariantId variant) -> !isLoaded(variant.id()))
                .thenComparing(VariantId.BEST_FIRST));
        variants.forEach(variant -> byName.put(key(variant.id()), variant.id()));
        best.stream()
                .sorted(Comparator.comparing(VariantId::version, Comparator.reverseOrder()))
                .forEach(variant -> byName.putIfAbsent(variant.unversioned(), variant.id()));
        // An alias that the server tells goes before one that is guessed, and every variant's likeliest before anyone's
        // second.
        for (VariantId variant : best) {
            if (telling.contains(variant.id())) {
                byName.putIfAbsent(aliases(variant.id()).get(0), variant.id());
            }
        }
        told.addAll(byName.keySet());
        for (int choice = 0; choice < 2; choice++) {
            for (VariantId variant : best) {
                List<String> names = aliases(variant.id());
                if (names.size() > choice) {
                    byName.putIfAbsent(names.get(choice), variant.id());
                    aliases.add(names.get(choice));
                }
            }
        }
        for (VariantId variant : variants) {
            aliases.remove(key(variant.id()));
            aliases.remove(variant.unversioned());
        }
    }

    /**
     * An upstream's list.
     *
     * @param foundry whether its ids may be taken apart; another server's names mean what they are
     */
    static ListedModels of(ModelList list, boolean foundry) {
        List<VariantId> variants = new ArrayList<>();
        Map<String, List<String>> aliasesById = new LinkedHashMap<>();
        Set<String> telling = new HashSet<>();
        Map<String, String> owners = new HashMap<>();
        for (String id : list.ids()) {
            owners.put(id, list.owner(id));
            VariantId variant = VariantId.of(id);
            variants.add(foundry ? variant : new VariantId(id, key(id), -1, VariantId.Device.UNKNOWN, List.of()));
            if (foundry) {
                list.parent(id).ifPresent(parent -> telling.add(id));
                aliasesById.put(
                        id, list.parent(id).map(alias -> List.of(key(alias))).orElseGet(variant::aliases));
            }
        }
        return new ListedModels(List.copyOf(variants), aliasesById, telling, owners, Optional.empty());
    }

    /** The same list, with what is loaded from now on. */
    ListedModels withLoaded(List<String> ids) {
        Set<String> keys = new HashSet<>();
        for (String id : ids) {
            keys.add(key(id));
            // 1.x lists ids without their version and tells what is loaded with it.
            keys.add(VariantId.of(id).unversioned());
        }
        return new ListedModels(
                variants, aliasesById, telling, owners, Optional.of(new Loaded(List.copyOf(ids), Set.copyOf(keys))));
    }

    /** The same list, with what the one before it knew of what is loaded. */
    ListedModels withLoadedOf(ListedModels before) {
        return new ListedModels(variants, aliasesById, telling, owners, before.loaded);
    }

    /**
     * The id of the model of that name, if there is one.
     *
     * @param key a name in lower case
     */
    Optional<String> find(String key) {
        String id = byName.get(key);
        if (id == null && key.indexOf(':') > 0) {
            // 1.x lists no versions, yet takes them: a version of what it lists without one.
            VariantId asked = VariantId.of(key);
            String unversioned = byName.get(asked.unversioned());
            return Optional.ofNullable(unversioned).filter(found -> asked.version() >= 0 && isUnversioned(found));
        }
        return Optional.ofNullable(id);
    }

    /** The same, by a name that the server itself has for it. */
    Optional<String> told(String key) {
        return told.contains(key) ? find(key) : Optional.empty();
    }

    private static boolean isUnversioned(String id) {
        return VariantId.of(id).version() < 0;
    }

    /** The names that this id may go by, the likeliest first; empty if none can be told. */
    List<String> aliases(String id) {
        return aliasesById.getOrDefault(id, List.of());
    }

    /** Who a model is owned by, as the upstream says; empty if it doesn't. What answers to a name that isn't listed, as llama.cpp's model does to any, is the owner's of the whole list. */
    String owner(String id) {
        return owners.getOrDefault(id, soleOwner);
    }

    /** All ids as the upstream writes them, in its order. */
    public List<String> ids() {
        return variants.stream().map(VariantId::id).toList();
    }

    /** All aliases that are no ids too, sorted. */
    Set<String> aliases() {
        return aliases;
    }

    /** Whether it is known that the model isn't loaded. One that isn't listed is nobody's to load. */
    boolean isCold(String id) {
        return loaded.isPresent() && !isLoaded(id) && ids().contains(id);
    }

    private boolean isLoaded(String id) {
        return loaded.filter(those -> those.keys().contains(key(id))).isPresent();
    }

    /**
     * The names of what is loaded as the upstream tells them: 1.x names the version here alone, and its SDK insists on it. Empty where it hasn't told, which is
     * another thing than an empty list.
     */
    public Optional<List<String>> loadedNames() {
        return loaded.map(Loaded::names);
    }

    /** The ids that are loaded, as the upstream lists them. */
    public List<String> loadedIds() {
        return ids().stream().filter(this::isLoaded).toList();
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
