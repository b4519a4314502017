/** The element of that id. */
export const byId = (id) => document.getElementById(id);

/** A new element: properties, then children, which are elements or text. Text is never read as HTML. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && !name.includes("-")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Tells those who can't see the page. */
export function announce(text) {
  byId("status").textContent = text;
}

/** Has the browser save a text as a file. */
export function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** Milliseconds for people. */
export const millis = (value) => (value >= 1000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`);

/** An amount of money for people: cents, or below that two digits that say something. */
export const money = (value) => (value === 0 ? "$0" : value < 0.00005 ? "<$0.0001" : value < 0.1 ? `$${Number(value.toPrecision(2)).toFixed(4).replace(/0{1,2}$/, "")}` : `$${value.toFixed(2)}`);

/** A size in bytes for people. */
export const bytes = (value) => (value >= 1e6 ? `${(value / 1e6).toFixed(1)} MB` : value >= 1e3 ? `${Math.round(value / 1e3)} kB` : `${value} bytes`);

/** A button with words and what it does. */
export function button(text, onClick, properties = {}) {
  const made = make("button", { type: "button", textContent: text, ...properties });
  made.addEventListener("click", onClick);
  return made;
}

/** A button that copies; it says so for a moment. */
export function copyButton(text, properties = {}) {
  const made = button("Copy", async () => {
    await copy(text());
    made.textContent = "Copied";
    announce("Copied");
    setTimeout(() => (made.textContent = "Copy"), 1500);
  }, { className: "small", ...properties });
  return made;
}

/** Puts a text on the clipboard; pages that are not served securely have only the old way. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { value: text, className: "unseen" });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/** A table's body, anew: each row a list of texts or elements. */
export function fill(table, head, rows) {
  if (head) table.tHead.replaceChildren(make("tr", {}, ...head.map((name) => make("th", { scope: "col", textContent: name }))));
  table.tBodies[0].replaceChildren(...rows.map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, cell ?? "")))));
}

/** The colour of a custom property as it is now, light or dark, for a canvas. */
export function colour(name) {
  const probe = make("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
