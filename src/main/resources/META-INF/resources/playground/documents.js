import { announce, button, byId, make } from "./dom.js";
import { addFile, createStore, stores } from "./stores.js";

const LARGEST = 2 * 1024 * 1024;
const DROPPED = "Dropped in the chat";

/** A file's bytes as the gateway reads one of its kind. */
function asFile(filename, content) {
  let binary = "";
  for (const byte of content) binary += String.fromCharCode(byte);
  return { filename, file_data: btoa(binary) };
}

/** The text of these bytes; undefined where they are not UTF-8. */
function textOf(content) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** The documents of the chat: a text, text files, and a store; what is no text goes into a store, which can read it. */
export class Documents {
  /** Each with its title, its size in words, and how it is sent. */
  #files = [];
  #any = false;

  constructor() {
    const box = byId("documents");
    byId("document-files").addEventListener("change", (event) => {
      this.#take([...event.target.files]);
      event.target.value = "";
    });
    byId("document-text").addEventListener("input", () => this.#show());
    byId("store").addEventListener("change", () => this.#show());
    // A file that misses the box must not replace the page.
    for (const type of ["dragover", "drop"]) window.addEventListener(type, (event) => event.preventDefault());
    for (const place of [box, byId("ask")]) {
      place.addEventListener("dragover", () => place.classList.add("over"));
      place.addEventListener("dragleave", () => place.classList.remove("over"));
      place.addEventListener("drop", (event) => {
        place.classList.remove("over");
        box.open = true;
        this.#take([...event.dataTransfer.files]);
      });
    }
    this.#show();
  }

  /** As the member `gateway` of a request takes them; empty if there are none. */
  members() {
    const text = byId("document-text").value.trim();
    const documents = [...(text ? [{ title: "Pasted text", text }] : []), ...this.#files.map((file) => file.document)];
    const store = byId("store").value;
    return {
      ...(documents.length > 0 ? { documents } : {}),
      ...(store ? { vector_store_ids: [store] } : {}),
      ...(documents.length > 0 || store ? { sources: ["annotations", "chunks"] } : {}),
    };
  }

  /** Adds a text that has a title, once. */
  add(title, text) {
    if (!this.#files.some((file) => file.title === title)) this.#push(title, text, { title, text });
    this.#show();
  }

  /** Offers these stores; keeps the choice if it is among them. */
  offer(list, chosen = byId("store").value) {
    byId("store").replaceChildren(
      make("option", { value: "", textContent: "none" }),
      ...list.map((store) => make("option", { value: store.id, textContent: store.name || store.id, selected: store.id === chosen })),
    );
    this.#show();
  }

  async #take(files) {
    byId("document-list").querySelectorAll(".problem").forEach((problem) => problem.remove());
    for (const file of files) {
      const content = file.size > LARGEST ? undefined : new Uint8Array(await file.arrayBuffer());
      if (!content || content.includes(0) || /\.(pdf|docx|pptx|xlsx|epub|odt)$/i.test(file.name)) {
        await this.#store(file);
        continue;
      }
      const text = textOf(content);
      if (text?.trim() === "") this.#say(`${file.name} is empty`);
      else if (text !== undefined && (/\.txt$/i.test(file.name) || !/\.\w+$/.test(file.name))) this.#push(file.name, text, { title: file.name, text });
      else this.#push(file.name, text, asFile(file.name, content));
    }
    this.#show();
  }

  #push(title, text, document) {
    this.#files.push({ title, size: text === undefined ? "not UTF-8" : `${text.length.toLocaleString("en")} characters`, document });
  }

  async #store(file) {
    const line = make("li", { className: "quiet", textContent: `${file.name}: uploading` });
    byId("document-list").append(line);
    try {
      const store = (await stores()).find(({ name }) => name === DROPPED) ?? (await createStore(DROPPED));
      await addFile(store.id, file, (state) => (line.textContent = `${file.name}: ${state}`));
      this.offer(await stores(), store.id);
    } catch (error) {
      this.#say(`${file.name}: ${error.message}`);
    }
    line.remove();
  }

  #say(problem) {
    announce(problem);
    byId("document-list").append(make("li", { className: "problem", textContent: problem }));
  }

  #show() {
    const problems = [...byId("document-list").querySelectorAll(".problem")];
    byId("document-list").replaceChildren(
      ...this.#files.map((file) => {
        const remove = button("Remove", () => {
          this.#files = this.#files.filter((other) => other !== file);
          this.#show();
        }, { className: "small", "aria-label": `Remove ${file.title}` });
        return make("li", {}, `${file.title} (${file.size}) `, remove);
      }),
      ...problems,
    );
    const { documents = [], vector_store_ids: chosen = [] } = this.members();
    const parts = [
      ...(documents.length > 0 ? [documents.length === 1 ? "1 document" : `${documents.length} documents`] : []),
      ...(chosen.length > 0 ? [`store ${byId("store").selectedOptions[0].textContent}`] : []),
    ];
    byId("document-count").textContent = parts.length > 0 ? `(${parts.join(", ")})` : "";
    byId("grounding").textContent = parts.join(", ");
    byId("grounding").hidden = parts.length === 0;
    byId("compare-documents").disabled = parts.length === 0;
    // Only the first document ticks it: who has unticked it keeps that.
    if (this.#any !== parts.length > 0) byId("compare-documents").checked = parts.length > 0;
    this.#any = parts.length > 0;
    byId("compare-documents-label").textContent = parts.length > 0 ? `use ${parts.join(" and ")} of the chat` : "use the chat's documents (none)";
  }
}
