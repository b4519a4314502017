package dev.foundrygateway.retrieval.read;

import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeVisitor;

/** The visible text of a page, cut at its headings: its article without menus, asides, forms and notices, as far as the page says which is which. */
final class HtmlText {
    private static final Set<String> INVISIBLE = Set.of(
            "head",
            "script",
            "style",
            "noscript",
            "template",
            "svg",
            "nav",
            "aside",
            "iframe",
            "object",
            "dialog",
            "button",
            "select",
            "textarea",
            "menu");

    private static final int LOOKED_AT = 4_096;

    private static final Pattern CHARSET = Pattern.compile(
            "<(?:meta|\\?xml)\\s[^>]{0,200}?(?:charset|encoding)\\s{0,9}=[\\s\"']{0,9}([a-z0-9][\\w.:-]{1,39})",
            Pattern.CASE_INSENSITIVE);

    private static final Set<String> ROLES = Set.of(
            "navigation",
            "complementary",
            "search",
            "dialog",
            "alertdialog",
            "menu",
            "menubar",
            "toolbar",
            "contentinfo");

    /** Names of classes and ids that say what a part of the page is, by whole words. */
    private static final Set<String> BESIDE = Set.of(
            "sidebar",
            "navbar",
            "breadcrumb",
            "breadcrumbs",
            "nav",
            "navigation",
            "advert",
            "advertisement",
            "ads",
            "newsletter",
            "share",
            "sharing",
            "social",
            "skip-link",
            "popup",
            "modal",
            "cookie",
            "cookies",
            "consent",
            "gdpr",
            "cookie-banner",
            "cookiebanner",
            "cookie-consent",
            "cookie-notice",
            "cookie-bar",
            "site-footer",
            "menu",
            "related");

    private static final String XHTML = "http://www.w3.org/1999/xhtml";
    private static final Pattern CLOSED = Pattern.compile("<([A-Za-z][A-Za-z0-9:.-]*+)((?:\\s[^<>]*)?)/>");
    private static final Set<String> EMPTY = Set.of(
            "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
            "wbr");

    /** A page's tags take memory as nodes, many times their bytes. */
    private static final int MOST_TAGS = 500_000;

    private static final int MAX_NAMES = 500;

    private HtmlText() {}

    /**
     * Reads a page.
     *
     * @param maxLength how many characters its text may have: cells that reach over several rows are said in each
     */
    static Extraction read(String html, int maxLength) {
        long tags = html.chars().filter(c -> c == '<').count();
        if (tags > MOST_TAGS) {
            throw new Headings.TooLongException("the page has more than " + MOST_TAGS + " tags");
        }
        Document page = Jsoup.parse(html.contains(XHTML) ? opened(html) : html);
        IdentityHashMap<Element, Integer> lengths = lengths(page.body());
        int all = lengths.getOrDefault(page.body(), 0);
        Extraction article = walked(article(page, lengths, all), page.title(), lengths, all, maxLength);
        return article.sections().isEmpty()
                ? walked(page.body(), page.title(), new IdentityHashMap<>(), 0, maxLength)
                : article;
    }

    /** The character set that a page says it is in; empty where it says none. */
    static String charset(byte[] page) {
        String beginning = new String(page, 0, Math.min(page.length, LOOKED_AT), StandardCharsets.ISO_8859_1);
        Matcher declared = CHARSET.matcher(beginning);
        return declared.find() ? declared.group(1) : "";
    }

    /** Elements that XHTML closes in their own tag: in HTML they would be open, and all that follows would stand in them. */
    private static String opened(String xhtml) {
        return CLOSED.matcher(xhtml).replaceAll(tag -> {
            String name = tag.group(1);
            String whole = EMPTY.contains(name) ? tag.group() : "<" + name + tag.group(2) + "></" + name + ">";
            return Matcher.quoteReplacement(whole);
        });
    }

    private static Extraction walked(
            Element from, String title, IdentityHashMap<Element, Integer> lengths, int all, int maxLength) {
        Headings document = new Headings(maxLength);
        from.filter(new Walk(document, lengths, all));
        return document.extraction(title);
    }

    /** How much text stands in each element, its parts included; in one pass, from the last to the first. */
    private static IdentityHashMap<Element, Integer> lengths(Element body) {
        IdentityHashMap<Element, Integer> lengths = new IdentityHashMap<>();
        body.traverse(new NodeVisitor() {
            @Override
            public void head(Node node, int depth) {}

            @Override
            public void tail(Node node, int depth) {
                int own = node instanceof TextNode text
                        ? text.text().length()
                        : node instanceof Element element ? lengths.getOrDefault(element, 0) : 0;
                if (depth > 0 && node.parent() instanceof Element parent) {
                    lengths.merge(parent, own, Integer::sum);
                }
            }
        });
        return lengths;
    }

    /** The one element that the page says is its content; its body, where it names none or what it names is not the most of it. */
    private static Element article(Document page, IdentityHashMap<Element, Integer> lengths, int all) {
        for (String names : List.of("main, [role=main]", "article")) {
            List<Element> named = page.body().select(names);
            if (named.size() == 1 && lengths.getOrDefault(named.get(0), 0) * 5L >= all) {
                return named.get(0);
            }
        }
        return page.body();
    }

    private static final class Walk implements NodeFilter {
        private final Headings document;
        private final IdentityHashMap<Element, Integer> lengths;
        /** The text of the whole page; 0 to leave nothing out but what is never seen. */
        private final int all;

        /** How many {@code pre} elements are around: asking the parents of each text would be quadratic in the depth. */
        private int pre;

        /** The same for what has a header or footer of its own. */
        private int articles;

        /** The same for tables: each is looked through once, not again for each that it stands in. */
        private int tables;

        Walk(Headings document, IdentityHashMap<Element, Integer> lengths, int all) {
            this.document = document;
            this.lengths = lengths;
            this.all = all;
        }

        @Override
        public FilterResult head(Node node, int depth) {
            if (node instanceof TextNode text) {
                document.text(pre > 0 ? text.getWholeText() : text.text());
            } else if (node instanceof Element element) {
                String tag = element.normalName();
                if ((INVISIBLE.contains(tag) && (all > 0 || !tag.equals("aside")) && !isNote(element))
                        || (all > 0 && isBeside(element, tag))) {
                    return FilterResult.SKIP_ENTIRELY;
                }
                if (tag.length() == 2 && tag.charAt(0) == 'h' && tag.charAt(1) >= '1' && tag.charAt(1) <= '6') {
                    document.heading(tag.charAt(1) - '0', element.text());
                    return FilterResult.SKIP_ENTIRELY;
                }
                if (tag.equals("table") && tables == 0 && table(element)) {
                    return FilterResult.SKIP_ENTIRELY;
                }
                pre += tag.equals("pre") ? 1 : 0;
                tables += tag.equals("table") ? 1 : 0;
                articles += tag.equals("article") || tag.equals("main") ? 1 : 0;
                if (element.isBlock() || tag.equals("br") || tag.equals("summary")) {
                    lineBreak();
                }
            }
            return FilterResult.CONTINUE;
        }

        /** Whether it is a note to the text, as books have them. */
        private static boolean isNote(Element element) {
            return element.attr("epub:type").contains("note")
                    || element.attr("role").startsWith("doc-");
        }

        /** Whether it is no part of the article; what holds half of the page's text is, whatever it calls itself. */
        private boolean isBeside(Element element, String tag) {
            if (element.attributesSize() == 0 && !tag.equals("footer")) {
                return false;
            }
            String style = element.attr("style").replace(" ", "").toLowerCase(Locale.ROOT);
            if (element.hasAttr("hidden") || style.contains("display:none") || style.contains("visibility:hidden")) {
                return true;
            }
            boolean beside = (tag.equals("footer") && articles == 0)
                    || ROLES.contains(element.attr("role").toLowerCase(Locale.ROOT))
                    || element.attr("aria-hidden").equals("true")
                    || named(element.attr("class"))
                    || named(element.attr("id"));
            return beside && lengths.getOrDefault(element, 0) * 2L < all;
        }

        private static boolean named(String names) {
            if (names.isEmpty() || names.length() > MAX_NAMES) {
                return false;
            }
            for (String name : names.toLowerCase(Locale.ROOT).split("\\s+", -1)) {
                if (BESIDE.contains(name) || name.startsWith("cookie") || name.startsWith("consent")) {
                    return true;
                }
            }
            return false;
        }

        /** A table whose first row has headings alone is told row by row; one for the layout is text. */
        private boolean table(Element table) {
            Element first = table.selectFirst("tr");
            if (first == null
                    || table.select("table").size() > 1
                    || first.childrenSize() < 2
                    || !HtmlTable.isHead(first)) {
                return false;
            }
            StringBuilder lines = new StringBuilder();
            Rows rows = new Rows(lines, document.maxLength());
            try {
                HtmlTable.read(table, rows, document.maxLength());
                rows.end();
            } catch (UnreadableFileException e) {
                throw new Headings.TooLongException(String.valueOf(e.getMessage()));
            }
            lineBreak();
            Element caption = table.selectFirst("caption");
            document.text(caption == null ? "" : caption.text() + "\n").text(lines);
            return true;
        }

        @Override
        public FilterResult tail(Node node, int depth) {
            if (node instanceof Element element) {
                String tag = element.normalName();
                pre -= tag.equals("pre") ? 1 : 0;
                tables -= tag.equals("table") ? 1 : 0;
                articles -= tag.equals("article") || tag.equals("main") ? 1 : 0;
                if (element.isBlock() || tag.equals("summary")) {
                    lineBreak();
                } else if (tag.equals("td") || tag.equals("th")) {
                    document.text(" ");
                }
            }
            return FilterResult.CONTINUE;
        }

        private void lineBreak() {
            if (!document.atLineStart()) {
                document.text("\n");
            }
        }
    }
}
