import { announce, byId, make } from "./dom.js";

const LARGEST = 2 * 1024 * 1024;

/** A file's bytes as text; the gateway reads every kind that it takes. */
async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let letters = "";
  for (let at = 0; at < bytes.length; at += 8192) letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(letters);
}

/** The reference documents: a text, and files that were chosen or dropped. */
export class Documents {
  #files = [];

  constructor() {
    const box = byId("documents");
    byId("document-files").addEventListener("change", (event) => {
      this.#take(event.target.files);
      event.target.value = "";
    });
    byId("document-text").addEventListener("input", () => this.#show());
    // A file that misses the box must not replace the page.
    for (const type of ["dragover", "drop"]) window.addEventListener(type, (event) => event.preventDefault());
    box.addEventListener("dragover", () => box.classList.add("over"));
    box.addEventListener("dragleave", () => box.classList.remove("over"));
    box.addEventListener("drop", (event) => {
      box.classList.remove("over");
      this.#take(event.dataTransfer.files);
    });
    this.#show();
  }

  /** As the member `gateway.documents` takes them; empty if there are none. */
  list() {
    const text = byId("document-text").value.trim();
    return [...(text ? [{ title: "Pasted text", text }] : []), ...this.#files.map(({ title, data }) => ({ filename: title, file_data: data }))];
  }

  async #take(files) {
    byId("document-list").querySelectorAll(".problem").forEach((problem) => problem.remove());
    for (const file of files) {
      if (file.size > LARGEST) {
        this.#say(`${file.name} is larger than 2 MB`);
      } else {
        this.#files.push({ title: file.name, size: file.size, data: await base64(file) });
      }
    }
    this.#show();
  }

  #say(problem) {
    announce(problem);
    byId("document-list").append(make("li", { className: "problem", textContent: problem }));
  }

  #show() {
    const problems = [...byId("document-list").querySelectorAll(".problem")];
    byId("document-list").replaceChildren(
      ...this.#files.map((file) => {
        const remove = make("button", { type: "button", textContent: "Remove", "aria-label": `Remove ${file.title}` });
        remove.addEventListener("click", () => {
          this.#files = this.#files.filter((other) => other !== file);
          this.#show();
        });
        return make("li", {}, `${file.title} (${file.size.toLocaleString("en")} bytes) `, remove);
      }),
      ...problems,
    );
    const count = this.list().length;
    byId("document-count").textContent = count ? `(${count} in use)` : "";
  }
}
