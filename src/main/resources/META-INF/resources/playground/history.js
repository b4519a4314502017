const KEY = "conversations";
const MOST = 50;

/**
 * The conversations of this browser, newest first; each has an id, a title and its turns: what was asked, and the answer with its numbers. Where the browser keeps
 * no more, the oldest go.
 */
export class History {
  #all = read();
  #gone = new Set();

  list() {
    return this.#all;
  }

  find(id) {
    return this.#all.find((chat) => chat.id === id);
  }

  /** Keeps it as the newest one, unless it was removed meanwhile. */
  keep(chat) {
    if (this.#gone.has(chat.id)) return;
    // Read anew: another tab may have kept one meanwhile.
    this.#all = [chat, ...read().filter((other) => other.id !== chat.id && !this.#gone.has(other.id))].slice(0, MOST);
    this.#write();
  }

  remove(id) {
    this.#gone.add(id);
    this.#all = read().filter((chat) => chat.id !== id);
    this.#write();
  }

  clear() {
    this.#all = [];
    this.#write();
  }

  #write() {
    for (let most = this.#all.length; most >= 0; most--) {
      try {
        localStorage.setItem(KEY, JSON.stringify(this.#all.slice(0, most)));
        return;
      } catch {
        // The browser's quota is full: one less.
      }
    }
  }
}

function read() {
  try {
    const all = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(all) ? all.filter((chat) => chat?.id && Array.isArray(chat.turns)) : [];
  } catch {
    return [];
  }
}
