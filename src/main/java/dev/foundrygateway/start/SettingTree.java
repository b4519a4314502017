package dev.foundrygateway.start;

import dev.foundrygateway.exchange.Within;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.NameIterator;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import io.smallrye.config.common.utils.StringUtil;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All settings there are, as the mapping interfaces say, in a tree of the parts of their names. */
final class SettingTree {
    /** The part that stands for any name. */
    static final String ANY = "*";

    private final TreeMap<String, SettingTree> children = new TreeMap<>();
    private @Nullable Setting setting;

    /**
     * One setting.
     *
     * @param type what its value is, that of an element where it is a list
     * @param list whether it is a list
     * @param optional whether it may be left empty
     * @param method which has its annotations
     */
    record Setting(Class<?> type, boolean list, boolean optional, Method method) {
        Optional<Within> range() {
            return Optional.ofNullable(method.getAnnotation(Within.class));
        }

        Optional<WithConverter> converter() {
            return Optional.ofNullable(method.getAnnotation(WithConverter.class));
        }
    }

    private SettingTree() {}

    static SettingTree of(Collection<Class<?>> mappings) {
        SettingTree root = new SettingTree();
        for (Class<?> mapping : mappings) {
            root.at(parts(mapping.getAnnotation(ConfigMapping.class).prefix())).addAll(mapping);
        }
        return root;
    }

    /** A name's parts; what stands in quotes is one. An element of a list has the list's name. */
    static List<String> parts(String name) {
        List<String> parts = new ArrayList<>();
        for (NameIterator rest = new NameIterator(name); rest.hasNext(); rest.next()) {
            parts.add(rest.getNextSegment().replaceFirst("\\[\\d+]$", ""));
        }
        return parts;
    }

    private SettingTree at(List<String> parts) {
        SettingTree node = this;
        for (String part : parts) {
            node = node.children.computeIfAbsent(part, added -> new SettingTree());
        }
        return node;
    }

    private void addAll(Class<?> group) {
        for (Method method : group.getMethods()) {
            if (method.isDefault() || Modifier.isStatic(method.getModifiers()) || method.getParameterCount() > 0) {
                continue;
            }
            boolean here = method.isAnnotationPresent(WithParentName.class);
            SettingTree node = here ? this : at(List.of(name(method)));
            node.add(method, method.getGenericReturnType(), false, false);
        }
    }

    private static String name(Method method) {
        WithName named = method.getAnnotation(WithName.class);
        return named == null ? StringUtil.skewer(method.getName()) : named.value();
    }

    private void add(Method method, Type type, boolean optional, boolean list) {
        if (type instanceof ParameterizedType generic) {
            Class<?> raw = (Class<?>) generic.getRawType();
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (raw == Map.class) {
                at(List.of(ANY)).add(method, last, false, false);
            } else {
                add(method, last, optional || raw == Optional.class, list || Collection.class.isAssignableFrom(raw));
            }
        } else if (type instanceof Class<?> plain && plain.isInterface() && isGroup(plain)) {
            addAll(plain);
        } else if (type instanceof Class<?> plain) {
            boolean maybe = plain == OptionalInt.class || plain == OptionalLong.class || plain == OptionalDouble.class;
            setting = new Setting(plain, list, optional || maybe, method);
        }
    }

    /** The JDK's interfaces, such as a path, are values. */
    private static boolean isGroup(Class<?> type) {
        return !type.getName().startsWith("java.");
    }

    /** The part of the tree below a name; empty if there is none. A name that is written out goes before one that stands for any. */
    Optional<SettingTree> find(List<String> parts) {
        SettingTree node = this;
        for (String part : parts) {
            SettingTree next = node.child(part);
            if (next == null) {
                return Optional.empty();
            }
            node = next;
        }
        return Optional.of(node);
    }

    private @Nullable SettingTree child(String part) {
        SettingTree own = children.get(part);
        return own == null ? children.get(ANY) : own;
    }

    /** The setting that ends here; empty if others only go on from here. */
    Optional<Setting> setting() {
        return Optional.ofNullable(setting);
    }

    /** The next parts that there are, sorted; {@link #ANY} for any name. */
    Collection<String> next() {
        return children.keySet();
    }

    /** All names below, with {@link #ANY} in them. */
    List<List<String>> names() {
        List<List<String>> names = new ArrayList<>();
        collect(new ArrayList<>(), names);
        return names;
    }

    private void collect(List<String> parts, List<List<String>> names) {
        if (setting != null) {
            names.add(List.copyOf(parts));
        }
        children.forEach((part, child) -> {
            parts.add(part);
            child.collect(parts, names);
            parts.remove(parts.size() - 1);
        });
    }
}
