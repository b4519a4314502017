import { byId, colour, make, save } from "./dom.js";
import { PARTS, Samples, parts, sentence } from "./samples.js";
import { uPlot } from "./vendor.js";

const HEIGHT = 200;

/** Where the time of the last answers went, stacked, with tokens per second over it; models can be left out. */
export class Chart {
  #samples;
  #hidden = new Set();
  #shown = [];
  #plot;

  constructor(samples) {
    this.#samples = samples;
    byId("csv").addEventListener("click", () => save("latency.csv", "text/csv", samples.csv()));
    byId("forget").addEventListener("click", () => {
      samples.clear();
      this.draw();
    });
    let width = 0;
    new ResizeObserver(([entry]) => {
      const now = Math.floor(entry.contentRect.width);
      if (now !== width && now > 0) {
        width = now;
        this.#plot?.setSize({ width, height: HEIGHT });
      }
    }).observe(byId("chart"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    this.draw();
  }

  /** Draws it anew: after an answer, or in other colours. */
  draw() {
    const models = this.#samples.models();
    this.#shown = this.#samples.of(new Set(models.filter((model) => !this.#hidden.has(model))));
    byId("chart-models").replaceChildren(...models.map((model) => this.#toggle(model)));
    document.querySelector(".chart-box").hidden = models.length === 0;
    byId("chart").setAttribute("aria-label", sentence(this.#shown));
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(), this.#columns(), byId("chart"));
    this.#table();
  }

  #toggle(model) {
    const button = make("button", { type: "button", textContent: model, "aria-pressed": String(!this.#hidden.has(model)) });
    button.addEventListener("click", () => {
      if (!this.#hidden.delete(model)) this.#hidden.add(model);
      this.draw();
      [...byId("chart-models").children].find((other) => other.textContent === model)?.focus();
    });
    return button;
  }

  /** The highest stack first, so that each lower one is painted over it; then the speed. */
  #columns() {
    const stacks = this.#shown.map((sample) => {
      let sum = 0;
      return parts(sample).map((part) => (sum += part));
    });
    return [
      this.#shown.map((_, index) => index),
      ...PARTS.map((_, index) => stacks.map((stack) => stack[PARTS.length - 1 - index])),
      this.#shown.map((sample) => sample.tokensPerSecond || null),
    ];
  }

  #options() {
    const text = colour("--text");
    const grid = { stroke: colour("--line"), width: 1 };
    const axis = { stroke: text, grid, ticks: grid };
    const bars = uPlot.paths.bars({ size: [0.7, 44] });
    return {
      width: Math.max(240, Math.floor(byId("chart").clientWidth)),
      height: HEIGHT,
      legend: { live: true },
      // Where nobody points at an answer the legend tells the last one's figures.
      hooks: { setLegend: [(plot) => plot.legend.idx == null && this.#shown.length > 0 && plot.setLegend({ idx: this.#shown.length - 1 })] },
      scales: {
        // Of the count alone: for one answer uPlot's own limits are those of two.
        x: { time: false, range: () => [-0.6, Math.max(1, this.#shown.length) - 0.4] },
        ms: { range: (_, from, to) => [0, (to ?? 1) * 1.05 || 1] },
        speed: { range: (_, from, to) => [0, (to ?? 1) * 1.2 || 1] },
      },
      axes: [
        { ...axis, values: (_, at) => at.map((index) => (Number.isInteger(index) && this.#shown[index] ? `#${this.#shown[index].number}` : "")) },
        { ...axis, scale: "ms", size: 74, values: (_, at) => at.map((value) => `${value} ms`) },
        { ...axis, scale: "speed", side: 1, size: 60, grid: { show: false }, values: (_, at) => at.map((value) => `${value}/s`) },
      ],
      series: [
        { label: "answer", value: (_, index) => (this.#shown[index] ? `#${this.#shown[index].number} ${this.#shown[index].model}` : "–") },
        ...PARTS.map((_, index) => {
          const part = PARTS.length - 1 - index;
          const ink = colour(`--part-${part}`);
          return {
            label: PARTS[part],
            scale: "ms",
            paths: bars,
            points: { show: false },
            stroke: ink,
            fill: ink,
            value: (_plot, _value, _series, at) => (this.#shown[at] ? `${parts(this.#shown[at])[part].toFixed(1)} ms` : "–"),
          };
        }),
        {
          label: "tokens/s",
          scale: "speed",
          stroke: text,
          width: 1.5,
          spanGaps: true,
          points: { show: true, size: 6, fill: colour("--surface") },
          value: (_, value) => (value == null ? "–" : value.toFixed(1)),
        },
      ],
    };
  }

  #table() {
    const [names, rows] = Samples.table(this.#shown);
    const table = byId("samples");
    table.tHead.replaceChildren(make("tr", {}, ...names.map((name) => make("th", { scope: "col", textContent: name }))));
    table.tBodies[0].replaceChildren(...rows.map((row) => make("tr", {}, ...row.map((value) => make("td", { textContent: value })))));
  }
}
