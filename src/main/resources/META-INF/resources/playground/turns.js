import { copyButton, fill, make, millis, money } from "./dom.js";
import { highlight } from "./highlight.js";
import { MarkdownView } from "./markdown.js";
import { sentence } from "./words.js";

/** One question as it stands in the conversation. */
export function question(text, ...actions) {
  return make(
    "article",
    { className: "turn user", "aria-label": "You" },
    make("h3", { className: "unseen", textContent: "You" }),
    make("p", { textContent: text }),
    make("div", { className: "actions" }, copyButton(() => text, { className: "small plain" }), ...actions),
  );
}

/** One answer as it grows: text, reasoning, then how it came about and what it rests on. */
export class AnswerView {
  element;
  #text = make("div", { className: "markdown" });
  #reasoning = make("details", { className: "reasoning", hidden: true }, make("summary", { textContent: "Reasoning" }), make("p"));
  #view = new MarkdownView(this.#text);

  constructor(model, parent) {
    this.element = make(
      "article",
      { className: "turn assistant", "aria-label": `Answer of ${model}`, "aria-busy": "true" },
      make("h3", { textContent: model }),
      make("div", { className: "beside" }, make("div", {}, this.#reasoning, this.#text)),
    );
    parent.append(this.element);
  }

  text(text) {
    this.#view.show(text);
  }

  reasoning(text) {
    this.#reasoning.hidden = false;
    this.#reasoning.lastChild.textContent = text;
  }

  /** The whole answer has come, or as much as will. */
  finish(answer, ...actions) {
    this.#view.finish(answer.text);
    if (answer.reasoning) this.reasoning(answer.reasoning);
    for (const block of this.#text.querySelectorAll("pre")) {
      block.tabIndex = 0;
      for (const code of block.querySelectorAll("code")) highlight(code);
      const box = make("div", { className: "code" });
      block.replaceWith(box);
      box.append(block, copyButton(() => block.innerText));
    }
    this.element.setAttribute("aria-busy", "false");
    if (answer.stopped) this.element.append(make("p", { className: "quiet stopped", textContent: "Stopped." }));
    if (answer.finish === "length") this.element.append(make("p", { className: "quiet", textContent: "Cut off at the token limit." }));
    const sources = sourceList(answer);
    if (sources) this.element.querySelector(".beside").append(sources);
    this.element.append(
      make(
        "div",
        { className: "foot" },
        make(
          "details",
          { className: answer.route === "fallback" ? "how fallback" : "how" },
          make("summary", { textContent: sentence(answer) }),
          facts(answer),
          ...((answer.gateway.legs ?? []).length > 0 && answer.route !== "direct" ? [legTable(answer.gateway.legs)] : []),
        ),
        make("div", { className: "actions" }, copyButton(() => answer.text, { className: "small plain" }), ...actions),
      ),
    );
  }

  /** It broke off; what came before stays. */
  fail(error, ...actions) {
    if (error.partial?.text) this.#view.finish(error.partial.text);
    this.element.setAttribute("aria-busy", "false");
    this.element.append(
      make("p", { className: "problem", textContent: error.code ? `${error.message} (${error.code})` : error.message }),
      ...(actions.length > 0 ? [make("div", { className: "actions" }, ...actions)] : []),
    );
  }
}

function facts(answer) {
  const { cost, cost_hypothetical: otherwise } = answer.gateway;
  const entries = [
    ["route", answer.route],
    ["reason", answer.reason],
    ["score", answer.score === "" ? "" : Number(answer.score).toFixed(2)],
    ["by", answer.model],
    ["first token", answer.firstMs ? millis(answer.firstMs) : ""],
    ["total", millis(answer.totalMs)],
    ["tokens", `${answer.tokens}${answer.estimated ? " (estimated)" : ""}`],
    ["tokens/s", answer.tokensPerSecond ? answer.tokensPerSecond.toFixed(1) : ""],
    ["cost", cost ? money(cost) : ""],
    ["large model alone", otherwise ? money(otherwise) : ""],
  ].filter(([, value]) => value !== "" && value !== undefined);
  return make(
    "dl",
    { className: "facts" },
    ...entries.map(([name, value]) =>
      make("div", { className: name.replaceAll(/\W/g, "-") }, make("dt", { textContent: name }), make("dd", { textContent: String(value) })),
    ),
  );
}

function legTable(legs) {
  const table = make("table", { className: "legs" }, make("thead"), make("tbody"));
  const time = (value) => (value === undefined ? "–" : millis(value));
  fill(
    table,
    ["part", "model", "queued", "first token", "total", "tokens read", "tokens written", "cost"],
    legs.map((leg) => [
      leg.role, leg.model, time(leg.queue_ms), time(leg.first_token_ms), time(leg.total_ms),
      String(leg.prompt_tokens ?? "–"), String(leg.completion_tokens ?? "–"), leg.cost === undefined ? "–" : money(leg.cost),
    ]),
  );
  return make("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Models that were asked" }, table);
}

/** The passages that the model was given, best first; undefined if there were none. One that scores nothing is none. */
function sourceList(answer) {
  const chunks = new Map((answer.gateway.chunks ?? []).map((chunk) => [chunk.id, chunk.text]));
  const sources = (answer.gateway.sources ?? []).filter((source) => source.cited || source.score === undefined || source.score > 0);
  if (sources.length === 0) return undefined;
  return make(
    "aside",
    { className: "sources", "aria-label": "Sources of this answer" },
    make("h4", { textContent: "Sources" }),
    ...sources.map((source, index) =>
      make(
        "details",
        { className: source.cited ? "source cited" : "source", open: index === 0 },
        make("summary", { textContent: `[${source.n ?? index + 1}] ${source.title || source.id || source}${source.cited ? "" : " · not cited"}` }),
        ...(source.heading ? [make("p", { className: "quiet", textContent: source.heading })] : []),
        make("blockquote", { textContent: source.text ?? chunks.get(source.id) ?? "" }),
        ...(/^https?:/i.test(source.url ?? "")
          ? [make("a", { href: source.url, target: "_blank", rel: "noopener noreferrer", textContent: source.url })]
          : []),
      ),
    ),
  );
}
