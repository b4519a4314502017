import { ask } from "./chat.js";
import { announce, byId, make, save } from "./dom.js";
import { favourites } from "./picker.js";
import { RUBRIC, asMarkdown, judgeRequest, readScores } from "./rubric.js";
import { AnswerView } from "./turns.js";

/** One prompt to two or three models, side by side, and a rubric on their answers. */
export class Comparison {
  #page;
  #running;
  #prompt = "";
  #results = [];

  constructor(page) {
    this.#page = page;
    byId("compare").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#run();
    });
    byId("compare-stop").addEventListener("click", () => this.#running?.abort());
    byId("judge-run").addEventListener("click", () => this.#judge());
    byId("save-json").addEventListener("click", () => save("comparison.json", "application/json", JSON.stringify(this.#report(), null, 2)));
    byId("save-markdown").addEventListener("click", () => save("comparison.md", "text/markdown", asMarkdown(this.#report())));
  }

  offer(ids) {
    const first = favourites(ids);
    byId("compare-models").replaceChildren(
      ...ids.map((id) =>
        make("label", { className: "inline" }, make("input", { type: "checkbox", name: "compared", value: id, checked: first.slice(0, 2).includes(id) }), ` ${id}`),
      ),
    );
    byId("judge").replaceChildren(...ids.map((id) => make("option", { value: id, textContent: id, selected: id === first[1] })));
  }

  async #run() {
    if (this.#running) return;
    const models = [...document.querySelectorAll("[name=compared]:checked")].map((box) => box.value);
    this.#results = [];
    this.#prompt = byId("compare-prompt").value.trim();
    const missing = models.length < 2 || models.length > 3 ? "Choose two or three models." : this.#prompt ? "" : "Type a prompt first.";
    if (missing) {
      byId("columns").replaceChildren(make("p", { className: "problem", role: "alert", textContent: missing }));
      this.#busy(false);
      return;
    }
    this.#results = models.map((model) => ({ model, error: "", scores: {} }));
    byId("columns").replaceChildren(...this.#results.map((result) => this.#column(result)));
    this.#running = new AbortController();
    this.#busy(true);
    try {
      if (document.querySelector("[name=order]:checked").value === "parallel") {
        await Promise.all(this.#results.map((result) => this.#answer(result)));
      } else {
        for (const result of this.#results) await this.#answer(result);
      }
    } finally {
      this.#running = undefined;
      this.#busy(false);
      announce("The comparison is complete");
    }
  }

  #column(result) {
    const column = make("section", { className: "column", "aria-label": result.model });
    result.view = new AnswerView(result.model, column);
    result.selects = RUBRIC.map((criterion) => {
      const select = make("select", { name: criterion }, ...["", 1, 2, 3, 4, 5].map((value) => make("option", { value, textContent: value || "–" })));
      select.addEventListener("change", () => {
        result.scores[criterion] = Number(select.value) || undefined;
        if (result.judge) result.judge = `${result.by}, changed by hand`;
      });
      return select;
    });
    column.append(
      make(
        "fieldset",
        { className: "rubric" },
        make("legend", { textContent: "Rubric, 1 to 5" }),
        ...RUBRIC.map((criterion, index) => make("label", {}, `${criterion} `, result.selects[index])),
      ),
    );
    return column;
  }

  async #answer(result) {
    const { signal } = this.#running;
    if (signal.aborted) return;
    try {
      result.answer = await ask(
        { model: result.model, messages: [{ role: "user", content: this.#prompt }], ...this.#page.settings(byId("compare-documents").checked) },
        { signal, onText: (text) => result.view.text(text), onReasoning: (text) => result.view.reasoning(text) },
      );
      result.view.finish(result.answer);
      if (!result.answer.stopped) this.#page.samples.add(result.model, result.answer);
    } catch (error) {
      result.error = error.message;
      result.view.fail(error);
    }
  }

  async #judge() {
    const judge = byId("judge").value;
    this.#busy(true);
    announce(`${judge} is judging`);
    this.#running = new AbortController();
    byId("columns").querySelectorAll(".rubric .problem").forEach((problem) => problem.remove());
    for (const result of this.#results.filter(({ answer }) => answer?.text)) {
      try {
        const verdict = await ask(judgeRequest(judge, this.#prompt, result.answer.text), { signal: this.#running.signal });
        if (verdict.stopped) break;
        result.scores = readScores(verdict.text);
        result.judge = result.by = judge;
        RUBRIC.forEach((criterion, index) => (result.selects[index].value = result.scores[criterion]));
      } catch (error) {
        announce(`${judge} gave no verdict on ${result.model}: ${error.message}`);
        result.selects[0].closest("fieldset").append(make("p", { className: "problem", role: "alert", textContent: `${judge}: ${error.message}` }));
      }
    }
    this.#running = undefined;
    this.#busy(false);
  }

  /** What is saved. */
  #report() {
    return {
      prompt: this.#prompt,
      at: new Date().toISOString(),
      results: this.#results.map(({ model, answer, error, scores, judge }) => ({
        alias: model,
        model: answer?.model ?? model,
        route: answer?.route ?? "",
        first_token_sec: seconds(answer?.firstMs),
        latency_sec: seconds(answer?.totalMs),
        tokens: answer?.tokens ?? 0,
        tokens_estimated: answer?.estimated ?? true,
        tokens_per_sec: Math.round((answer?.tokensPerSecond ?? 0) * 100) / 100,
        cost: answer?.gateway.cost ?? null,
        rubric: scores,
        judge: judge ?? "by hand",
        text: answer?.text ?? "",
        error,
      })),
    };
  }

  #busy(is) {
    byId("compare-run").disabled = is;
    byId("compare-stop").disabled = !is;
    const some = !is && this.#results.some(({ answer }) => answer);
    byId("after-compare").hidden = this.#results.length === 0;
    for (const id of ["judge-run", "save-markdown", "save-json"]) byId(id).disabled = !some;
  }
}

const seconds = (value) => Math.round(value ?? 0) / 1000;
