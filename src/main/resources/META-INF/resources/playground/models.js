import { call, get } from "./api.js";
import { announce, button, byId, fill, make } from "./dom.js";

/** The models and the servers behind them; models are loaded and unloaded where the gateway lets pages do that. */
export class Models {
  #state = new Map();
  #table;
  #said;

  /** In which table, and where it is said how many; the one of the view Models has the servers as well. */
  constructor(table = "model-table", said = "models-said") {
    this.#table = table;
    this.#said = said;
  }

  async show() {
    try {
      const [listed, health] = await Promise.all([get("/v1/models"), get("/health")]);
      // A name with and without its version is one model; where management is closed nobody knows what is loaded.
      const loaded = await get("/models/loaded").then((names) => new Set(names.map(bare)), () => undefined);
      const own = listed.data.filter((model) => model.owned_by === "foundry-gateway").length;
      byId(this.#said).textContent = `${listed.data.length} models${own ? `, ${own === 1 ? "one" : own} of them virtual` : ""}. A model that isn't loaded is loaded when it is first asked.`;
      fill(byId(this.#table), undefined, listed.data.map((model) => this.#row(model, loaded)));
      if (this.#table !== "model-table") return;
      fill(
        byId("server-table"),
        undefined,
        health.upstreams.map((server) => [
          make("strong", { textContent: server.name }), make("code", { textContent: server.url }),
          server.up ? "up" : make("span", { className: "problem", textContent: "down" }), String(server.queued ?? 0),
        ]),
      );
    } catch (error) {
      byId(this.#said).textContent = `The models can't be listed: ${error.message}`;
    }
  }

  #row(model, loaded) {
    const virtual = model.owned_by === "foundry-gateway";
    const is = virtual || !loaded ? undefined : loaded.has(bare(model.id));
    const state = make("span", { textContent: virtual ? "virtual: small first, large when needed" : is === undefined ? "–" : is ? "loaded" : "not loaded" });
    const said = this.#state.get(model.id);
    if (said) state.append(make("span", { className: "problem", textContent: ` · ${said}` }));
    const change = is === undefined ? "" : button(is ? "Unload" : "Load", async (event) => {
      event.target.disabled = true;
      event.target.textContent = is ? "Unloading …" : "Loading …";
      this.#state.delete(model.id);
      try {
        await call(`/models/${is ? "unload" : "load"}/${encodeURIComponent(model.id)}`);
        announce(`${model.id} is ${is ? "unloaded" : "loaded"}`);
      } catch (error) {
        this.#state.set(
          model.id,
          is && error.status === 404 ? "Unloading is switched off; gateway.access.management=true allows it." : error.message,
        );
      }
      await this.show();
    }, { className: "small" });
    return [make("code", { textContent: model.id }), model.owned_by ?? "–", state, change];
  }
}

const bare = (name) => name.replace(/:\d+$/, "").toLowerCase();
