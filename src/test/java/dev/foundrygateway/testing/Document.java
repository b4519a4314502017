package dev.foundrygateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A node of a YAML or JSON document: what is not there is an empty node, so that a test can ask for a path without asking for each step. Immutable. */
public final class Document {
    private static final Document NOTHING = new Document(null);

    private final @Nullable Object node;

    private Document(@Nullable Object node) {
        this.node = node;
    }

    /** The one document of a file; a key that comes twice is an error. */
    public static Document read(Path file) {
        List<Document> all = readAll(file);
        if (all.size() != 1) {
            throw new IllegalArgumentException(file + " holds " + all.size() + " documents");
        }
        return all.get(0);
    }

    /** The documents of a file, those without content left out. */
    public static List<Document> readAll(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** The documents of a text. */
    public static List<Document> parse(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return StreamSupport.stream(
                        new Yaml(new SafeConstructor(options)).loadAll(text).spliterator(), false)
                .map(Document::new)
                .filter(Document::exists)
                .toList();
    }

    /** Whether there is anything. */
    public boolean exists() {
        return node != null;
    }

    /** The node at the end of these keys. */
    public Document at(String... keys) {
        Document here = this;
        for (String key : keys) {
            here = here.node instanceof Map<?, ?> map ? of(map.get(key)) : NOTHING;
        }
        return here;
    }

    /** The text, number or truth at the end of these keys, as text; empty if there is none. */
    public String text(String... keys) {
        Object value = at(keys).node;
        return value == null ? "" : value.toString();
    }

    /** The elements of the list at the end of these keys. */
    public List<Document> list(String... keys) {
        return at(keys).node instanceof List<?> list
                ? list.stream().map(Document::of).toList()
                : List.of();
    }

    /** The texts of the list at the end of these keys. */
    public List<String> texts(String... keys) {
        return list(keys).stream().map(Document::text).toList();
    }

    /** The keys of this node. */
    public Set<String> keys() {
        return node instanceof Map<?, ?> map
                ? Set.copyOf(map.keySet().stream().map(Object::toString).toList())
                : Set.of();
    }

    /** All nodes below this one, and itself. */
    public Stream<Document> all() {
        List<Document> below = new ArrayList<>();
        if (node instanceof Map<?, ?> map) {
            map.values().forEach(value -> below.add(of(value)));
        } else {
            below.addAll(list());
        }
        return Stream.concat(Stream.of(this), below.stream().flatMap(Document::all));
    }

    private static Document of(@Nullable Object node) {
        return node == null ? NOTHING : new Document(node);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Document document && String.valueOf(node).equals(String.valueOf(document.node));
    }

    @Override
    public int hashCode() {
        return String.valueOf(node).hashCode();
    }

    @Override
    public String toString() {
        return String.valueOf(node);
    }
}
