package dev.foundrygateway.retrieval.read;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Goes through XML once, by the local names of its elements: nothing fetched, so deep and no deeper. Of its document type no more is read than entities that
 * stand for plain text; those of HTML are known, and any other stays as it is written.
 */
final class XmlEvents {
    private static final int DEEPEST = 500;
    private static final int MOST_ATTRIBUTES = 10_000;
    private static final int MOST_ENTITIES = 1_000;
    /** Bytes that the reader may hold before it tells of them: a tag with its attributes, a comment or a section of text is held whole. */
    private static final int LONGEST_PIECE = 8 << 20;

    private static final Pattern ENTITY =
            Pattern.compile("<!ENTITY\\s++([\\w.-]++)\\s++(?:\"([^\"&<%]{0,200})\"|'([^'&<%]{0,200})')\\s*+>");
    /** Of an attribute that names something: names are kept. */
    private static final int LONGEST_NAME = 1_000;

    private static final String JDK_LIMIT = "jdk.xml.";

    private XmlEvents() {}

    /** What is made of an element and its text. */
    interface Listener {
        /**
         * An element begins.
         *
         * @return whether it is looked into; else it ends unseen
         */
        boolean start(String name, Attributes attributes) throws UnreadableFileException;

        /** Text, in pieces of any length. */
        void text(char[] characters, int from, int length) throws UnreadableFileException;

        /** An element ends. */
        void end(String name) throws UnreadableFileException;
    }

    /** The attributes of the element that has just begun. */
    static final class Attributes {
        private final XMLStreamReader reader;

        private Attributes(XMLStreamReader reader) {
            this.reader = reader;
        }

        /** The value of the first one of that local name, at most 1,000 characters of it; empty if there is none. */
        String get(String name) {
            for (int i = 0; i < reader.getAttributeCount(); i++) {
                if (reader.getAttributeLocalName(i).equals(name)) {
                    return cut(reader.getAttributeValue(i));
                }
            }
            return "";
        }

        /** The value of the one of that name that is of a namespace of its own, unlike the element's; empty if there is none. */
        String foreign(String name) {
            for (int i = 0; i < reader.getAttributeCount(); i++) {
                String namespace = reader.getAttributeNamespace(i);
                if (reader.getAttributeLocalName(i).equals(name) && namespace != null && !namespace.isEmpty()) {
                    return cut(reader.getAttributeValue(i));
                }
            }
            return "";
        }

        private static String cut(String value) {
            return value.length() <= LONGEST_NAME ? value : value.substring(0, LONGEST_NAME);
        }

        /** The value as a number, within these; {@code otherwise} where it is none. */
        int number(String name, int least, int most, int otherwise) {
            try {
                return Math.max(least, Math.min(most, Integer.parseInt(get(name))));
            } catch (NumberFormatException e) {
                return otherwise;
            }
        }

        /** All names and values, in their order. */
        List<String> all() {
            List<String> all = new ArrayList<>();
            for (int i = 0; i < reader.getAttributeCount(); i++) {
                all.add(reader.getAttributeLocalName(i));
                all.add(String.valueOf(reader.getAttributeValue(i)));
            }
            return all;
        }
    }

    /** Tells all of it; closes the stream. */
    static void read(InputStream xml, Listener listener) throws IOException, UnreadableFileException {
        try (xml) {
            Pieces pieces = new Pieces(xml);
            read(factory().createXMLStreamReader(pieces), pieces, listener);
        } catch (XMLStreamException | RuntimeException e) {
            if (e instanceof CancellationException stopped) {
                throw stopped;
            }
            if (e instanceof Headings.TooLongException tooLong) {
                throw tooLong;
            }
            if (cause(e) instanceof ZipParts.UnfoldsException unfolds) {
                throw unfolds;
            }
            throw new UnreadableFileException("the XML is damaged, or has more than is read: " + place(e));
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        // The JDK's own limits differ by its version: the same file shall be read, or refused in our words, by each.
        factory.setProperty(JDK_LIMIT + "maxElementDepth", DEEPEST + 1);
        factory.setProperty(JDK_LIMIT + "elementAttributeLimit", MOST_ATTRIBUTES);
        // Only the five entities that need no document type are left, each one character; from JDK 24 on, 100,000 of
        // them would be too many.
        for (String limit : List.of("entityExpansionLimit", "maxGeneralEntitySizeLimit", "totalEntitySizeLimit")) {
            factory.setProperty(JDK_LIMIT + limit, 0);
        }
        // By itself it writes damages to the error stream.
        factory.setXMLReporter((message, type, related, place) -> {});
        factory.setXMLResolver((id, system, base, namespace) -> InputStream.nullInputStream());
        return factory;
    }

    /** Counts what is read for one event. */
    private static final class Pieces extends CountedStream {
        private int length;

        Pieces(InputStream xml) {
            super(xml);
        }

        void next() {
            length = 0;
        }

        @Override
        void count(int more) {
            length += more;
            if (length > LONGEST_PIECE) {
                throw new Headings.TooLongException(
                        "the XML has a tag, a comment or the like of more than " + (LONGEST_PIECE >> 20) + " MiB");
            }
        }
    }

    private static void read(XMLStreamReader reader, Pieces pieces, Listener listener)
            throws XMLStreamException, UnreadableFileException {
        Attributes attributes = new Attributes(reader);
        Map<String, String> entities = new HashMap<>();
        int depth = 0;
        int skipped = 0;
        while (reader.hasNext()) {
            int event = reader.next();
            pieces.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                BoundedReading.check();
                if (++depth > DEEPEST) {
                    throw new UnreadableFileException("the XML is nested more than " + DEEPEST + " deep");
                }
                if (skipped == 0 && !listener.start(reader.getLocalName(), attributes)) {
                    skipped = depth;
                }
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                if (skipped == 0) {
                    listener.end(reader.getLocalName());
                }
                skipped = skipped == depth ? 0 : skipped;
                depth--;
            } else if (event == XMLStreamConstants.DTD) {
                entities(String.valueOf(reader.getText()), entities);
            } else if (skipped == 0 && event == XMLStreamConstants.ENTITY_REFERENCE) {
                String written = "&" + reader.getLocalName() + ";";
                String words = entities.getOrDefault(reader.getLocalName(), Parser.unescapeEntities(written, false));
                listener.text(words.toCharArray(), 0, words.length());
            } else if (skipped == 0 && (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA)) {
                listener.text(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
            }
        }
    }

    private static void entities(String type, Map<String, String> entities) {
        Matcher entity = ENTITY.matcher(type);
        while (entities.size() < MOST_ENTITIES && entity.find()) {
            String words = entity.group(2) == null ? entity.group(3) : entity.group(2);
            entities.putIfAbsent(entity.group(1), words == null ? "" : words);
        }
    }

    private static @Nullable Throwable cause(Exception e) {
        Throwable nested = e instanceof XMLStreamException stream ? stream.getNestedException() : e.getCause();
        return nested == null ? e.getCause() : nested;
    }

    private static String place(Exception e) {
        return e instanceof XMLStreamException stream && stream.getLocation() != null
                ? "line " + stream.getLocation().getLineNumber()
                : "it cannot be read";
    }
}
