import { call, get } from "./api.js";
import { announce, button, byId, bytes, make } from "./dom.js";

const POLL_MS = 700;
const PAGE = 100;

/** All entries of one of OpenAI's lists, page by page. */
async function all(path) {
  const entries = [];
  for (let after = ""; ; ) {
    const page = await get(`${path}?limit=${PAGE}${after ? `&after=${encodeURIComponent(after)}` : ""}`);
    entries.push(...page.data);
    if (!page.has_more || page.data.length === 0) return entries;
    after = page.data.at(-1).id;
  }
}

/** The stores of the gateway, newest first. */
export const stores = () => all("/v1/vector_stores");

/** A new store. */
export const createStore = (name) => get("/v1/vector_stores", { json: { name } });

/** Puts a file into a store and waits until it has been read; throws where it can't be read. */
export async function addFile(store, file, onState = () => {}) {
  onState("uploading");
  const form = new FormData();
  form.append("purpose", "assistants");
  form.append("file", file);
  const uploaded = await get("/v1/files", { method: "POST", body: form });
  let entry = await get(`/v1/vector_stores/${store}/files`, { json: { file_id: uploaded.id } });
  while (entry.status === "in_progress") {
    onState("reading");
    await new Promise((wake) => setTimeout(wake, POLL_MS));
    entry = await get(`/v1/vector_stores/${store}/files/${uploaded.id}`);
  }
  if (entry.status !== "completed") throw new Error(entry.last_error?.message ?? entry.status);
  return entry;
}

/** The view of the stores: create, fill, search, delete. */
export class Stores {
  #chosen;
  #names = new Map();
  #page;

  /** `page` has `useStore(id)` and `storesChanged(stores)`. */
  constructor(page) {
    this.#page = page;
    byId("store-create").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#try(async () => {
        const store = await createStore(byId("store-name").value.trim());
        byId("store-name").value = "";
        this.#chosen = store.id;
        await this.show();
        announce(`Store ${store.name} is created`);
      });
    });
    byId("store-delete").addEventListener("click", () => this.#deleteStore());
    byId("store-ask").addEventListener("click", () => page.useStore(this.#chosen));
    byId("store-files").addEventListener("change", (event) => {
      this.#add([...event.target.files]);
      event.target.value = "";
    });
    const drop = byId("store-drop");
    drop.addEventListener("dragover", () => drop.classList.add("over"));
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      drop.classList.remove("over");
      this.#add([...event.dataTransfer.files]);
    });
    byId("store-search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#try(() => this.#search());
    });
  }

  /** Shows what there is now. */
  async show() {
    await this.#try(async () => {
      const list = await stores();
      this.#page.storesChanged(list);
      if (!list.some((store) => store.id === this.#chosen)) this.#chosen = list[0]?.id;
      byId("store-list").replaceChildren(
        ...list.map((store) => {
          const open = button("", () => {
            this.#chosen = store.id;
            byId("passages").replaceChildren();
            this.show();
          }, { className: "card", "aria-pressed": String(store.id === this.#chosen) });
          const { total, failed } = store.file_counts;
          open.append(
            make("strong", { textContent: store.name || store.id }),
            make("span", { className: "quiet", textContent: `${total === 1 ? "1 file" : `${total} files`}${failed ? `, ${failed} failed` : ""}` }),
          );
          return make("li", {}, open);
        }),
      );
      if (list.length === 0) byId("store-list").append(make("li", { className: "quiet", textContent: "There is no store yet. Create one, then drop files into it." }));
      const store = list.find((one) => one.id === this.#chosen);
      byId("store-box").hidden = !store;
      if (!store) return;
      byId("store-title").textContent = store.name || store.id;
      await this.#files();
    });
  }

  async #files() {
    const store = this.#chosen;
    const entries = await all(`/v1/vector_stores/${store}/files`);
    for (const { id } of entries) {
      if (!this.#names.has(id)) this.#names.set(id, await get(`/v1/files/${id}`).then((file) => `${file.filename} · ${bytes(file.bytes)}`, () => id));
    }
    if (store !== this.#chosen) return;
    byId("file-list").replaceChildren(...entries.map((entry) => this.#file(store, entry)));
  }

  #file(store, { id, status, last_error: error }) {
    const name = this.#names.get(id);
    const row = make("li", {}, make("span", { textContent: name }));
    if (status !== "completed") {
      row.append(make("span", { className: status === "failed" ? "problem" : "quiet", textContent: error?.message ?? status.replaceAll("_", " ") }));
    }
    row.append(
      button("Delete", () => this.#try(async () => {
        await call(`/v1/vector_stores/${store}/files/${id}`, { method: "DELETE" });
        await call(`/v1/files/${id}`, { method: "DELETE" });
        announce(`${name} is deleted`);
        await this.show();
      }), { className: "small plain", "aria-label": `Delete ${name}` }),
    );
    return row;
  }

  async #add(files) {
    const store = this.#chosen;
    await Promise.all(
      files.map(async (file) => {
        const state = make("span", { className: "quiet", textContent: "waiting" });
        const row = make("li", {}, make("span", { textContent: `${file.name} · ${bytes(file.size)}` }), make("progress", { "aria-label": file.name }), state);
        byId("file-list").append(row);
        try {
          await addFile(store, file, (text) => (state.textContent = text));
          row.remove();
        } catch (error) {
          row.querySelector("progress").remove();
          state.className = "problem";
          state.textContent = error.message;
          announce(`${file.name}: ${error.message}`);
        }
      }),
    );
    const failed = [...byId("file-list").querySelectorAll("li:has(.problem)")].filter((row) => !row.querySelector("button"));
    await this.show();
    for (const row of failed) {
      // A file that the store keeps as failed has its line already.
      if (![...byId("file-list").children].some((other) => other.firstChild.textContent === row.firstChild.textContent)) byId("file-list").append(row);
    }
  }

  async #search() {
    const query = byId("store-query").value.trim();
    if (!query) return byId("store-query").focus();
    const { data } = await get(`/v1/vector_stores/${this.#chosen}/search`, { json: { query, max_num_results: 8 } });
    byId("passages").replaceChildren(
      ...data.map((hit) =>
        make(
          "li",
          {},
          make("strong", { textContent: hit.filename }),
          make("span", { className: "quiet", textContent: ` · score ${hit.score.toFixed(2)}` }),
          make("blockquote", { textContent: hit.content.map((part) => part.text).join("\n") }),
        ),
      ),
    );
    if (data.length === 0) byId("passages").append(make("li", { className: "quiet", textContent: "No passage has these words." }));
    announce(`${data.length} passages`);
  }

  #deleteStore() {
    const remove = byId("store-delete");
    if (remove.textContent !== "Really delete?") {
      remove.textContent = "Really delete?";
      setTimeout(() => (remove.textContent = "Delete store"), 4000);
      return;
    }
    remove.textContent = "Delete store";
    this.#try(async () => {
      await call(`/v1/vector_stores/${this.#chosen}`, { method: "DELETE" });
      byId("passages").replaceChildren();
      await this.show();
    });
  }

  async #try(work) {
    byId("store-problem").hidden = true;
    try {
      await work();
    } catch (error) {
      byId("store-problem").textContent = error.status === 404 && error.code === "not_found" ? "This gateway has no stores." : error.message;
      byId("store-problem").hidden = false;
    }
  }
}
