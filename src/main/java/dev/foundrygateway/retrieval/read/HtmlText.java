package dev.foundrygateway.retrieval.read;

import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/** The visible text of a page, cut at its headings. */
final class HtmlText {
    private static final Set<String> INVISIBLE =
            Set.of("head", "script", "style", "noscript", "template", "svg", "nav", "iframe", "object");

    private HtmlText() {}

    static Extraction read(String html) {
        Document page = Jsoup.parse(html);
        Headings document = new Headings();
        page.body().filter(new Walk(document));
        return document.extraction(page.title());
    }

    private static final class Walk implements NodeFilter {
        private final Headings document;
        /** How many {@code pre} elements are around: asking the parents of each text would be quadratic in the depth. */
        private int pre;

        Walk(Headings document) {
            this.document = document;
        }

        @Override
        public FilterResult head(Node node, int depth) {
            if (node instanceof TextNode text) {
                document.text(pre > 0 ? text.getWholeText() : text.text());
            } else if (node instanceof Element element) {
                String tag = element.normalName();
                if (INVISIBLE.contains(tag)) {
                    return FilterResult.SKIP_ENTIRELY;
                }
                if (tag.length() == 2 && tag.charAt(0) == 'h' && tag.charAt(1) >= '1' && tag.charAt(1) <= '6') {
                    document.heading(tag.charAt(1) - '0', element.text());
                    return FilterResult.SKIP_ENTIRELY;
                }
                pre += tag.equals("pre") ? 1 : 0;
                if (element.isBlock() || tag.equals("br")) {
                    lineBreak();
                }
            }
            return FilterResult.CONTINUE;
        }

        @Override
        public FilterResult tail(Node node, int depth) {
            if (node instanceof Element element) {
                pre -= element.normalName().equals("pre") ? 1 : 0;
                if (element.isBlock()) {
                    lineBreak();
                } else if (element.normalName().equals("td")
                        || element.normalName().equals("th")) {
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
