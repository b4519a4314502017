package dev.foundrygateway.retrieval.store;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A map in the order in which its entries were first put, such as a store's files. Immutable: a changed one shares most of what it has with the one it was made
 * of, so that a change of one entry costs the root of their number.
 */
final class Layered<V> extends AbstractMap<String, V> {
    private static final int LEAST_CHANGES = 64;

    private final Map<String, V> base;
    /** Entries in place of the base's, and those that are new. */
    private final Map<String, V> changed;
    /** Keys of the base that were taken out; one that was put again since stands at the end. */
    private final Set<String> gone;

    private final int size;

    private Layered(Map<String, V> base, Map<String, V> changed, Set<String> gone) {
        this.base = base;
        this.changed = changed;
        this.gone = gone;
        this.size = base.size()
                - gone.size()
                + (int) changed.keySet().stream().filter(this::isNew).count();
    }

    /** That map as it is now. */
    static <V> Layered<V> of(Map<String, V> map) {
        return map instanceof Layered<V> already
                ? already
                : new Layered<>(new LinkedHashMap<>(map), Map.of(), Set.of());
    }

    private boolean isNew(String key) {
        return gone.contains(key) || !base.containsKey(key);
    }

    /** With these entries, which keep the places that they have. */
    Layered<V> with(Map<String, V> entries) {
        Map<String, V> more = new LinkedHashMap<>(changed);
        more.putAll(entries);
        return new Layered<>(base, more, gone).flat();
    }

    /** Without these. */
    Layered<V> without(Collection<String> keys) {
        Map<String, V> left = new LinkedHashMap<>(changed);
        Set<String> more = new HashSet<>(gone);
        for (String key : keys) {
            left.remove(key);
            if (base.containsKey(key)) {
                more.add(key);
            }
        }
        return new Layered<>(base, left, more).flat();
    }

    private Layered<V> flat() {
        int changes = changed.size() + gone.size();
        return changes <= LEAST_CHANGES || (long) changes * changes <= base.size()
                ? this
                : new Layered<>(new LinkedHashMap<>(this), Map.of(), Set.of());
    }

    /** What is another entry, or none, in that earlier map. */
    Map<String, V> newSince(Layered<V> before) {
        Map<String, V> differing = new LinkedHashMap<>();
        (before.base == base ? changed : this).forEach((key, value) -> {
            if (!value.equals(before.get(key))) {
                differing.put(key, value);
            }
        });
        return differing;
    }

    /** The keys of that earlier map that are none any more. */
    Set<String> goneSince(Layered<V> before) {
        Set<String> keys = new LinkedHashSet<>(before.base == base ? gone : before.keySet());
        keys.addAll(before.changed.keySet());
        keys.removeIf(key -> containsKey(key) || !before.containsKey(key));
        return keys;
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        V value = changed.get(key);
        return value != null || gone.contains(key) ? value : base.get(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Set<Entry<String, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, V>> iterator() {
                return Stream.concat(
                                base.entrySet().stream()
                                        .filter(entry -> !gone.contains(entry.getKey()))
                                        .map(entry -> Map.entry(
                                                entry.getKey(),
                                                changed.getOrDefault(entry.getKey(), entry.getValue()))),
                                changed.entrySet().stream().filter(entry -> isNew(entry.getKey())))
                        .iterator();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }
}
