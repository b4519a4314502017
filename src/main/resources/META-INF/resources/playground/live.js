import { call } from "./api.js";
import { announce, button, byId, fill, make, millis, money } from "./dom.js";
import { Models } from "./models.js";
import { eventData } from "./sse.js";

const PATH = "/v1/gateway/exchanges";
const LOG = "/v1/gateway/log";
/** Of those that run all are shown, of those that have ended the last. */
const MOST = 1000;
const MOST_LINES = 1000;
const AGAIN_MS = 3000;
const RUNNING = ["model", "state", "answered by", "route", "first token", "so far", "tokens", "tokens/s", "key", "client", ""];

/** Which way, why, and by which rule the model was chosen. */
const way = ({ route, reason, rule }) => [route, reason, rule && `rule ${rule}`].filter(Boolean).join(", ") || "–";

/** What runs now and what ran lately, as the gateway tells it every second, as long as the view is open. */
export class Live {
  #watching;
  #reading;
  #finished = [];
  /** What is drawn of those that run, by exchange. */
  #rows = new Map();
  #models = new Models("loaded-table", "loaded-said");

  constructor() {
    byId("live-search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.show();
    });
    byId("one-close").addEventListener("click", () => (byId("one").hidden = true));
    byId("live-models").addEventListener("toggle", () => byId("live-models").open && this.#models.show());
    byId("live-log").addEventListener("toggle", () => this.#log());
  }

  /** The view is open. */
  async show() {
    this.hide();
    this.#log();
    const watching = (this.#watching = new AbortController());
    this.#finished = [];
    await follow(() => `${PATH}?${query()}`, watching.signal, (told) => this.#take(told), (error) => this.#clear(said(error)));
  }

  /** The view is closed: nothing is asked. */
  hide() {
    this.#watching?.abort();
    this.#reading?.abort();
  }

  /** Follows the log as long as its part is open. */
  #log() {
    this.#reading?.abort();
    if (!byId("live-log").open) return;
    this.#reading = new AbortController();
    const lines = [];
    follow(() => LOG, this.#reading.signal, ({ lines: more }, fresh) => {
      // A connection that is new tells all lines again.
      if (fresh) lines.length = 0;
      else if (more.length === 0) return;
      lines.push(...more.map((line) => `${new Date(line.at * 1000).toLocaleTimeString()} ${line.level} ${line.message}`));
      lines.splice(0, lines.length - MOST_LINES);
      byId("log").textContent = lines.join("\n");
      byId("log").scrollTop = byId("log").scrollHeight;
    }, (error) => (byId("log").textContent = error.message));
  }

  #take({ running, finished, in_flight: inFlight, ended, content_recorded: recorded }) {
    byId("live-content").hidden = !recorded;
    byId("live-said").textContent = `${inFlight === 1 ? "1 exchange runs" : `${inFlight} exchanges run`}, ${ended} ended since the start.`;
    this.#showRunning(running);
    // The view's first event has all; without news there is nothing to draw anew.
    if (finished.length === 0 && this.#finished.length > 0) return;
    const known = new Set(finished.map(({ id, created_at: at }) => `${id} ${at}`));
    this.#finished = [...finished, ...this.#finished.filter(({ id, created_at: at }) => !known.has(`${id} ${at}`))].slice(0, MOST);
    this.#showFinished();
  }

  /** Rows stay as long as their exchange runs, and only what has changed is written: a thousand can be looked at, and a button is not taken from under a finger. */
  #showRunning(running) {
    const table = byId("running");
    if (this.#rows.size === 0) fill(table, RUNNING, []);
    const rows = new Map();
    const seen = new Map();
    for (const one of running) {
      // A client may name its requests alike.
      const n = seen.get(one.id) ?? 0;
      seen.set(one.id, n + 1);
      const key = n ? `${one.id} ${n}` : one.id;
      const row = this.#rows.get(key) ?? make("tr", {}, ...RUNNING.slice(1).map(() => make("td")), make("td", {}, this.#stop(one.id)));
      const texts = [
        one.model, one.queue_place ? `queued, place ${one.queue_place}` : one.state, one.answered_by ?? "–", way(one),
        time(one.first_token_ms), time(one.total_ms), String(one.tokens ?? 0), speed(one), one.key ?? "–", one.client ?? "–",
      ];
      texts.forEach((text, n) => row.cells[n].textContent === text || (row.cells[n].textContent = text));
      rows.set(key, row);
    }
    this.#rows.forEach((row, key) => rows.has(key) || row.remove());
    let next = table.tBodies[0].firstElementChild;
    for (const row of rows.values()) {
      if (row === next) next = next.nextElementSibling;
      else table.tBodies[0].insertBefore(row, next);
    }
    this.#rows = rows;
    byId("running-none").hidden = running.length > 0;
  }

  #showFinished() {
    const rows = this.#finished;
    const worst = Math.max(1, ...rows.map((one) => one.total_ms));
    fill(
      byId("finished"),
      ["at", "model", "answered by", "route", "outcome", "first token", "total", "tokens", "tokens/s", "cost", "id"],
      rows.map((one) => [
        new Date(one.created_at * 1000).toLocaleTimeString(), one.model, one.answered_by ?? "–", way(one),
        make("span", { className: one.outcome === "ok" ? "" : "problem", textContent: one.error ? `${one.outcome}: ${one.error}` : one.outcome }),
        time(one.first_token_ms), bar(one, worst), String(one.tokens ?? 0), speed(one), one.cost === undefined ? "–" : money(one.cost),
        button(one.id, () => this.#showOne(one.id), { className: "small", "aria-label": `Timeline of ${one.id}` }),
      ]),
    );
    byId("finished-none").hidden = rows.length > 0;
  }

  /** Where one exchange's time went, from its arrival on, and what was said where that is recorded. */
  async #showOne(id) {
    let one;
    try {
      one = await (await call(`${PATH}/${encodeURIComponent(id)}`)).json();
    } catch (error) {
      byId("live-said").textContent = error.message;
      return;
    }
    byId("one-title").textContent = `${one.id}: ${one.model}, ${millis(one.total_ms)}`;
    fill(
      byId("waterfall"),
      ["part", "from its arrival on", "took"],
      [...phases(one), ...legs(one)].map(([name, start, took]) => [name, span(start, took, one.total_ms), millis(took)]),
    );
    byId("one-content").replaceChildren(
      ...Object.entries(one.content ?? {}).flatMap(([name, text]) => [make("dt", { textContent: name }), make("dd", { textContent: text })]),
    );
    byId("one-content").hidden = !one.content;
    byId("one").hidden = false;
    byId("one").scrollIntoView({ block: "nearest" });
  }

  #stop(id) {
    return button("Stop", async () => {
      try {
        await call(`${PATH}/${encodeURIComponent(id)}`, { method: "DELETE" });
        announce("Stopped");
      } catch (error) {
        byId("live-said").textContent = error.message;
      }
    }, { className: "small", "aria-label": `Stop ${id}` });
  }

  #clear(text) {
    byId("live-said").textContent = text;
    this.#rows = new Map();
    this.#finished = [];
    for (const id of ["running", "finished"]) {
      byId(id).tHead.replaceChildren();
      byId(id).tBodies[0].replaceChildren();
    }
    byId("running-none").hidden = true;
    byId("finished-none").hidden = true;
  }
}

/** Takes what a route tells by events, once and again, until the signal, and whether it is a reply's first; a gateway that tells once is asked again. */
async function follow(path, signal, take, failed) {
  while (!signal.aborted) {
    try {
      const response = await call(path(), { headers: { Accept: "text/event-stream" }, signal });
      if (response.headers.get("Content-Type")?.startsWith("application/json")) {
        take(await response.json(), true);
      } else {
        let fresh = true;
        for await (const data of eventData(response.body)) {
          take(JSON.parse(data), fresh);
          fresh = false;
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      failed(error);
      if (error.status >= 400 && error.status < 500 && error.status !== 429) return;
    }
    await new Promise((wake) => setTimeout(wake, AGAIN_MS));
  }
}

/** What is looked for, as the gateway's filters; it searches all that it remembers. */
function query() {
  const asked = new URLSearchParams([...new FormData(byId("live-search"))].filter(([, value]) => value.trim()).map(([name, value]) => [name, value.trim()]));
  asked.set("limit", String(MOST));
  return asked;
}

/** The exchange's own parts, each with its start and its length in ms. */
function phases({ timing, first_token_ms: released, total_ms: total }) {
  const parts = [];
  let at = 0;
  const add = (name, took) => {
    if (took > 0) parts.push([name, at, took]);
    at += Math.max(0, took ?? 0);
  };
  add("preparation", timing.prep);
  add("retrieval", timing.retrieval);
  add("queue", timing.queue);
  add("until the model server's head", timing.send);
  const first = timing["first-token"] ?? released;
  if (first !== undefined) add("until the model's first token", first - at);
  if (timing.hold > 0) parts.push(["held back", Math.max(0, (released ?? total) - timing.hold), timing.hold]);
  at = Math.max(at, released ?? at);
  add("rest of the answer", total - at);
  return parts;
}

/** The parts of the models behind a hybrid answer. */
const legs = (one) => (one.legs ?? []).map((leg) => [`${leg.role}: ${leg.model}`, leg.start_ms ?? 0, leg.total_ms]);

function span(start, took, total) {
  const bar = make("span", { className: "span" });
  const whole = Math.max(total, start + took, 0.001);
  bar.style.marginInlineStart = `${(100 * start) / whole}%`;
  bar.style.width = `${(100 * took) / whole}%`;
  return bar;
}

function said(error) {
  if (error.status === 404) return "This gateway does not show its exchanges.";
  if (error.status === 401 || error.status === 403) return `Live is not open to you: ${error.message}`;
  return error.message;
}

const time = (value) => (value === undefined ? "–" : millis(value));
const speed = (one) => (one.tokens_per_second === undefined ? "–" : one.tokens_per_second.toFixed(1));

/** The whole time, and how much of it passed before the first token. */
function bar(one, worst) {
  return make(
    "span",
    { className: "time" },
    make("meter", { max: worst, value: one.total_ms, "aria-label": "total", title: `first token after ${time(one.first_token_ms)}` }),
    ` ${millis(one.total_ms)}`,
  );
}
