package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.retrieval.read.XmlEvents.Attributes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parts of a document of Office Open XML, with what they refer to each other by. */
final class OfficeParts {
    private static final int MAX_TITLE = 300;
    private static final int MOST_REFERENCES = 65_536;

    private final ZipParts parts;

    OfficeParts(byte[] document) throws UnreadableFileException {
        this.parts = ZipParts.of(document);
    }

    /** The part that the package names as its document, or else the one of that name. */
    String main(String usual) throws IOException, UnreadableFileException {
        for (Reference reference : references("").values()) {
            if (reference.type().endsWith("/officeDocument") && parts.names().contains(reference.target())) {
                return reference.target();
            }
        }
        if (!parts.names().contains(usual)) {
            throw ZipParts.damaged();
        }
        return usual;
    }

    /** A part of this document that another one refers to. */
    record Reference(String type, String target) {}

    /** What a part refers to, by the ids of its references; the whole package's for an empty name. */
    Map<String, Reference> references(String part) throws IOException, UnreadableFileException {
        int slash = part.lastIndexOf('/') + 1;
        String folder = part.substring(0, slash);
        Map<String, Reference> references = new HashMap<>();
        read(folder + "_rels/" + part.substring(slash) + ".rels", new Elements() {
            @Override
            public boolean start(String name, Attributes attributes) {
                if (name.equals("Relationship")
                        && references.size() < MOST_REFERENCES
                        && !attributes.get("TargetMode").equals("External")) {
                    references.put(
                            attributes.get("Id"),
                            new Reference(attributes.get("Type"), resolved(folder, attributes.get("Target"))));
                }
                return true;
            }
        });
        return references;
    }

    /** The first part of a type that another one refers to; empty if there is none. */
    Optional<String> related(String part, String type) throws IOException, UnreadableFileException {
        return allRelated(part, type).stream().findFirst();
    }

    /** All parts of a type that another one refers to, by their names. */
    List<String> allRelated(String part, String type) throws IOException, UnreadableFileException {
        return references(part).values().stream()
                .filter(reference -> reference.type().endsWith("/" + type))
                .map(Reference::target)
                .filter(parts.names()::contains)
                .distinct()
                .sorted()
                .toList();
    }

    static String resolved(String folder, String target) {
        if (target.startsWith("/")) {
            return target.substring(1);
        }
        String base = folder;
        int at = 0;
        while (target.startsWith("../", at)) {
            at += 3;
            int slash = base.lastIndexOf('/', base.length() - 2);
            base = slash < 0 ? "" : base.substring(0, slash + 1);
        }
        return base + target.substring(target.startsWith("./", at) ? at + 2 : at);
    }

    /** Goes through a part, if it is there. */
    void read(String part, XmlEvents.Listener listener) throws IOException, UnreadableFileException {
        Optional<InputStream> xml = parts.open(part);
        if (xml.isPresent()) {
            XmlEvents.read(xml.get(), listener);
        }
    }

    ZipParts parts() {
        return parts;
    }

    /** The title among the document's own notes; empty if it names none. */
    String title(String part) throws IOException, UnreadableFileException {
        byte[] notes = parts.bytes(part);
        if (notes.length == 0) {
            return "";
        }
        StringBuilder title = new StringBuilder();
        XmlEvents.read(new ByteArrayInputStream(notes), new Elements() {
            private boolean within;

            @Override
            public boolean start(String name, Attributes attributes) {
                within = name.equals("title") && title.length() == 0;
                return true;
            }

            @Override
            public void text(char[] characters, int from, int length) {
                if (within && title.length() < MAX_TITLE) {
                    title.append(characters, from, Math.min(length, MAX_TITLE));
                }
            }

            @Override
            public void end(String name) {
                within = false;
            }
        });
        return title.toString().strip();
    }

    /** Listens to the beginnings of elements alone. */
    abstract static class Elements implements XmlEvents.Listener {
        @Override
        public void text(char[] characters, int from, int length) throws UnreadableFileException {}

        @Override
        public void end(String name) throws UnreadableFileException {}
    }
}
