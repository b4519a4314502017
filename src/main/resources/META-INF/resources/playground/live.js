import { call } from "./api.js";
import { announce, button, byId, fill, make, millis, money } from "./dom.js";
import { eventData } from "./sse.js";

const PATH = "/v1/gateway/exchanges";
const MOST = 200;
const AGAIN_MS = 3000;

/** What runs now and what ran lately, as the gateway tells it every second, as long as the view is open. */
export class Live {
  #watching;
  #finished = [];

  constructor() {
    byId("live-filter").addEventListener("input", () => this.#showFinished());
  }

  /** The view is open. */
  async show() {
    this.hide();
    const watching = (this.#watching = new AbortController());
    while (!watching.signal.aborted) {
      try {
        this.#finished = [];
        const response = await call(PATH, { headers: { Accept: "text/event-stream" }, signal: watching.signal });
        if (response.headers.get("Content-Type")?.startsWith("application/json")) {
          this.#take(await response.json());
        } else {
          for await (const data of eventData(response.body)) this.#take(JSON.parse(data));
        }
      } catch (error) {
        if (watching.signal.aborted) return;
        this.#clear(said(error));
        if (error.status >= 400 && error.status < 500 && error.status !== 429) return;
      }
      await new Promise((wake) => setTimeout(wake, AGAIN_MS));
    }
  }

  /** The view is closed: nothing is asked. */
  hide() {
    this.#watching?.abort();
  }

  #take({ running, finished, in_flight: inFlight, ended }) {
    byId("live-said").textContent = `${inFlight === 1 ? "1 exchange runs" : `${inFlight} exchanges run`}, ${ended} ended since the start.`;
    const known = new Set(finished.map(({ id, created_at: at }) => `${id} ${at}`));
    this.#finished = [...finished, ...this.#finished.filter(({ id, created_at: at }) => !known.has(`${id} ${at}`))].slice(0, MOST);
    fill(
      byId("running"),
      ["model", "state", "answered by", "first token", "so far", "tokens", "tokens/s", "key", ""],
      running.map((one) => [
        one.model, one.queue_place ? `queued, place ${one.queue_place}` : one.state, one.answered_by ?? "–", time(one.first_token_ms), time(one.total_ms),
        String(one.tokens ?? 0), speed(one), one.key ?? "–", this.#stop(one.id),
      ]),
    );
    byId("running-none").hidden = running.length > 0;
    this.#showFinished();
  }

  #showFinished() {
    const wanted = byId("live-filter").value.trim().toLowerCase();
    const rows = this.#finished.filter((one) =>
      [one.id, one.model, one.answered_by, one.route, one.reason, one.outcome, one.error, one.key].some((value) => value?.toLowerCase().includes(wanted)),
    );
    const worst = Math.max(1, ...rows.map((one) => one.total_ms));
    fill(
      byId("finished"),
      ["at", "model", "answered by", "route", "outcome", "first token", "total", "tokens", "tokens/s", "cost", "id"],
      rows.map((one) => [
        new Date(one.created_at * 1000).toLocaleTimeString(), one.model, one.answered_by ?? "–", [one.route, one.reason].filter(Boolean).join(", ") || "–",
        make("span", { className: one.outcome === "ok" ? "" : "problem", textContent: one.error ? `${one.outcome}: ${one.error}` : one.outcome }),
        time(one.first_token_ms), bar(one, worst), String(one.tokens ?? 0), speed(one), one.cost === undefined ? "–" : money(one.cost),
        make("code", { textContent: one.id }),
      ]),
    );
    byId("finished-none").hidden = rows.length > 0;
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
    for (const id of ["running", "finished"]) {
      byId(id).tHead.replaceChildren();
      byId(id).tBodies[0].replaceChildren();
    }
    byId("running-none").hidden = true;
    byId("finished-none").hidden = true;
  }
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
