import { DOMPurify, Marked } from "./vendor.js";

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

// HTML in an answer is shown as the text that it is, but for a break. So are pictures: their address could carry the conversation to another host.
const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => (/^<br ?\/?>$/i.test(text.trim()) ? "<br>" : escaped(text)),
    image: ({ raw }) => escaped(raw),
  },
});

// A model's words are never trusted: what comes out of the Markdown is sanitised all the same.
const ALLOWED = {
  ALLOWED_TAGS: [
    "a", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "kbd", "li", "ol", "p", "pre",
    "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
  ],
  ALLOWED_ATTR: ["href", "title", "start", "align", "class"],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

const purify = DOMPurify(window);
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A") {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer");
  }
});

// The one class that comes of Markdown: a block of code's language.
purify.addHook("uponSanitizeAttribute", (node, attribute) => {
  if (attribute.attrName === "class") attribute.keepAttr = node.tagName === "CODE" && /^language-[\w+#.-]{1,20}$/.test(attribute.attrValue);
});

/** Markdown as a sanitised fragment. */
export function fragment(text) {
  return purify.sanitize(marked.parse(text), ALLOWED);
}

/**
 * Shows Markdown that grows. Only the blocks that have changed are rendered, and at most once a frame: so the work for one more token doesn't grow with
 * the answer's length, but for the splitting into blocks, which is cheap.
 */
export class MarkdownView {
  #element;
  #text = "";
  #frame = 0;
  #blocks = [];

  constructor(element) {
    this.#element = element;
  }

  /** Shows the text with the next frame. */
  show(text) {
    this.#text = text;
    this.#frame ||= requestAnimationFrame(() => this.flush());
  }

  /** Shows at once what has not been shown yet: at the end, and where the tab is hidden and has no frames. */
  flush() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const tokens = marked.lexer(this.#text).filter((token) => token.type !== "space");
    tokens.forEach((token, index) => {
      if (this.#blocks[index]?.raw === token.raw) return;
      const block = document.createElement("div");
      block.append(purify.sanitize(marked.parser([token]), ALLOWED));
      if (this.#blocks[index]) this.#blocks[index].element.replaceWith(block);
      else this.#element.append(block);
      this.#blocks[index] = { raw: token.raw, element: block };
    });
    while (this.#blocks.length > tokens.length) this.#blocks.pop().element.remove();
  }

  /** Shows the whole text afresh: a link that was defined at its very end counts for all of it. */
  finish(text) {
    cancelAnimationFrame(this.#frame);
    this.#blocks = [];
    this.#element.replaceChildren(fragment(text));
  }
}
