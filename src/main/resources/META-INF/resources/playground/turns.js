import { byId, make, millis } from "./dom.js";
import { MarkdownView } from "./markdown.js";

/** One question as it stands in the conversation. */
export function showQuestion(text) {
  byId("turns").append(make("article", { className: "turn user", "aria-label": "You" }, make("h3", { textContent: "You" }), make("p", { textContent: text })));
}

/** One answer as it grows: text, reasoning, then how it came about and what it rests on. */
export class AnswerView {
  #article;
  #text = make("div", { className: "markdown" });
  #reasoning = make("details", { className: "reasoning", hidden: true }, make("summary", { textContent: "Reasoning" }), make("p"));
  #view = new MarkdownView(this.#text);

  constructor(model, parent = byId("turns")) {
    this.#article = make(
      "article",
      { className: "turn assistant", "aria-label": `Answer of ${model}`, "aria-busy": "true" },
      make("h3", { textContent: model }),
      make("div", { className: "beside" }, make("div", {}, this.#reasoning, this.#text)),
    );
    parent.append(this.#article);
  }

  text(text) {
    this.#view.show(text);
  }

  reasoning(text) {
    this.#reasoning.hidden = false;
    this.#reasoning.lastChild.textContent = text;
  }

  /** The whole answer has come, or as much as will. */
  finish(answer) {
    this.#view.finish(answer.text);
    this.#article.setAttribute("aria-busy", "false");
    if (answer.stopped) this.#article.append(make("p", { className: "quiet stopped", textContent: "Stopped." }));
    if (answer.finish === "length") this.#article.append(make("p", { className: "quiet", textContent: "Cut at the most tokens." }));
    const sources = sourceList(answer);
    if (sources) this.#article.querySelector(".beside").append(sources);
    this.#article.append(facts(answer));
    const legs = answer.gateway.legs ?? [];
    if (legs.length > 0 && answer.route !== "direct") this.#article.append(legTable(legs));
  }

  fail(error) {
    if (error.partial?.text) this.#view.finish(error.partial.text);
    this.#article.setAttribute("aria-busy", "false");
    this.#article.append(
      make("p", { className: "problem", role: "alert", textContent: error.code ? `${error.message} (${error.code})` : error.message }),
    );
  }
}

function facts(answer) {
  const cost = answer.gateway.cost;
  const entries = [
    ["route", answer.route],
    ["reason", answer.reason],
    ["score", answer.score],
    ["by", answer.model],
    ["first token", answer.firstMs ? millis(answer.firstMs) : ""],
    ["total", millis(answer.totalMs)],
    ["tokens", `${answer.tokens}${answer.estimated ? " (estimated)" : ""}`],
    ["tokens/s", answer.tokensPerSecond ? answer.tokensPerSecond.toFixed(1) : ""],
    ["cost", cost ? cost.toPrecision(3) : ""],
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
  const columns = ["role", "model", "queue_ms", "first_token_ms", "total_ms", "prompt_tokens", "completion_tokens", "cost"];
  const row = (cells, tag) => make("tr", {}, ...cells.map((cell) => make(tag, { textContent: String(cell ?? "–") })));
  return make(
    "details",
    { className: "legs" },
    make("summary", { textContent: `${legs.length === 1 ? "One model was" : "Two models were"} asked` }),
    make(
      "div",
      { className: "scroll", tabIndex: 0 },
      make(
        "table",
        {},
        make("thead", {}, row(columns.map((name) => name.replaceAll("_", " ")), "th")),
        make("tbody", {}, ...legs.map((leg) => row(columns.map((name) => leg[name]), "td"))),
      ),
    ),
  );
}

/** The passages that the model was given, best first; undefined if there were none. */
function sourceList(answer) {
  const chunks = new Map((answer.gateway.chunks ?? []).map((chunk) => [chunk.id, chunk.text]));
  const sources = answer.gateway.sources ?? [];
  if (sources.length === 0) return undefined;
  return make(
    "aside",
    { className: "sources", "aria-label": "Sources of this answer" },
    make("h4", { textContent: "Sources" }),
    ...sources.map((source, index) => {
      const passage = source.text ?? chunks.get(source.id) ?? "";
      const title = `[${source.n ?? index + 1}] ${source.title || source.id || source}`;
      return make(
        "details",
        { className: source.cited ? "source cited" : "source", open: index === 0 },
        make("summary", { textContent: source.score === undefined ? title : `${title} · ${Number(source.score).toFixed(2)}` }),
        ...(source.heading ? [make("p", { className: "quiet", textContent: source.heading })] : []),
        make("blockquote", { textContent: passage }),
        ...(/^https?:/i.test(source.url ?? "")
          ? [make("a", { href: source.url, target: "_blank", rel: "noopener noreferrer", textContent: source.url })]
          : []),
      );
    }),
  );
}
