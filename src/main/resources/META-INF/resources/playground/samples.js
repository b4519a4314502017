import { millis } from "./dom.js";

/** The parts of an answer's time, in their order: five by the gateway's clock (Server-Timing), two by the page's. */
export const PARTS = ["queue", "prep", "retrieval", "hold", "send", "first token", "rest"];

const LIMIT = 50;
const KEY = "samples";
const COLUMNS = [
  ["answer", (sample) => sample.number],
  ["time", (sample) => sample.at],
  ["model", (sample) => sample.model],
  ["answered by", (sample) => sample.answeredBy],
  ["route", (sample) => sample.route],
  ...["queue", "prep", "retrieval", "hold", "send"].map((name) => [`${name} ms`, (sample) => round(sample.timing[name] ?? 0)]),
  ["first token ms", (sample) => round(sample.firstMs)],
  ["total ms", (sample) => round(sample.totalMs)],
  ["tokens", (sample) => sample.tokens],
  ["tokens/s", (sample) => round(sample.tokensPerSecond)],
];

const round = (value) => Math.round(value * 100) / 100;

/** The numbers of the last fifty answers, and nothing of their words. Kept as long as the tab. */
export class Samples {
  #all = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");

  /** Adds an answer to what `model` was asked. */
  add(model, answer) {
    this.#all.push({
      number: (this.#all.at(-1)?.number ?? 0) + 1,
      at: new Date().toISOString(),
      model,
      answeredBy: answer.model,
      route: answer.route,
      timing: answer.timing,
      firstMs: answer.firstMs || answer.totalMs,
      totalMs: answer.totalMs,
      tokens: answer.tokens,
      tokensPerSecond: answer.tokensPerSecond,
    });
    this.#all = this.#all.slice(-LIMIT);
    this.#keep();
  }

  clear() {
    this.#all = [];
    this.#keep();
  }

  /** The models that were asked, each once. */
  models() {
    return [...new Set(this.#all.map((sample) => sample.model))];
  }

  /** Those of some models, oldest first. */
  of(models) {
    return this.#all.filter((sample) => models.has(sample.model));
  }

  /** All, as comma-separated values. https://www.rfc-editor.org/rfc/rfc4180 */
  csv() {
    const rows = [COLUMNS.map(([name]) => name), ...this.#all.map((sample) => COLUMNS.map(([, value]) => value(sample)))];
    return rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
  }

  /** Column names, and a row of texts for each sample. */
  static table(samples) {
    return [COLUMNS.map(([name]) => name), samples.map((sample) => COLUMNS.map(([, value]) => String(value(sample))))];
  }

  #keep() {
    sessionStorage.setItem(KEY, JSON.stringify(this.#all));
  }
}

const quoted = (value) => (/[",\r\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : value);

/** The durations of PARTS, in milliseconds; together they are the total. */
export function parts(sample) {
  const measured = ["queue", "prep", "retrieval", "hold", "send"].map((name) => sample.timing[name] ?? 0);
  const before = measured.reduce((sum, part) => sum + part, 0);
  const first = Math.max(sample.firstMs, before);
  return [...measured, first - before, Math.max(0, sample.totalMs - first)];
}

/** The last answer in one sentence, for those who can't see the chart. */
export function sentence(samples) {
  const last = samples.at(-1);
  return last
    ? `${samples.length} answers; the last, by ${last.model}: first token after ${millis(last.firstMs)}, all after ${millis(last.totalMs)}, ` +
        `${last.tokensPerSecond.toFixed(1)} tokens per second`
    : "No answers yet";
}
