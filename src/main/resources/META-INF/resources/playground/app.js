import { get } from "./api.js";
import { Chart } from "./chart.js";
import { models } from "./chat.js";
import { Comparison } from "./compare.js";
import { Conversation } from "./conversation.js";
import { Documents } from "./documents.js";
import { announce, button, byId, make } from "./dom.js";
import { Live } from "./live.js";
import { Models } from "./models.js";
import { ModelPicker } from "./picker.js";
import { Samples } from "./samples.js";
import { showSnippets } from "./snippets.js";
import { Stores, stores } from "./stores.js";

const KEPT = ["system", "temperature", "max_tokens", "top_p", "seed", "escalate", "key"];
const NUMBERS = ["temperature", "max_tokens", "top_p", "seed"];
const FERRY = "The ferry to Orland leaves at 8:15 from pier 4. It does not run on Sundays. A ticket costs 12 crowns.";
const QUESTIONS = [
  ["Why is the sky blue?", "An easy one, for the small model"],
  ["How many people will live on Mars in 2100?", "A hard one: watch who answers"],
  ["When does the ferry to Orland leave?", "With a document, and its source cited"],
];

const samples = new Samples();
const picker = new ModelPicker();
const documents = new Documents();
const wide = matchMedia("(min-width: 75rem)");
const dark = matchMedia("(prefers-color-scheme: dark)");
/** The view that waits for a key. */
let back;

for (const name of KEPT) {
  byId(name).value = sessionStorage.getItem(name) ?? byId(name).value;
  byId(name).addEventListener("change", () => sessionStorage.setItem(name, byId(name).value.trim()));
}

const chart = new Chart(samples);
const comparison = new Comparison({ samples, chart, settings });
const conversation = new Conversation({ model: () => picker.chosen, settings, system: () => byId("system").value.trim(), answered });
const live = new Live();
const served = new Models();
const kept = new Stores({ useStore, storesChanged: (list) => documents.offer(list) });
showSnippets(() => picker.chosen);

/** The request's members beside model and messages. */
function settings(grounded = true) {
  const request = {};
  for (const name of NUMBERS) {
    if (byId(name).value !== "") request[name] = Number(byId(name).value);
  }
  request.gateway = { report: true, ...(grounded ? documents.members() : {}) };
  if (byId("escalate").value) request.gateway.escalate = byId("escalate").value;
  return request;
}

function answered(model, answer) {
  samples.add(model, answer);
  chart.draw();
}

/** Shows the field for the key, which is beside the chat. With the key, the view that asked opens again. */
function keyWanted() {
  const asking = tabs.find((tab) => tab.getAttribute("aria-selected") === "true");
  if (asking !== tabs[0]) {
    back = asking;
    selectTab(tabs[0]);
    byId("problem").replaceChildren(make("p", {}, make("strong", { textContent: `${asking.textContent} needs an API key.` }), " Enter it under Options, Settings."));
    byId("problem").hidden = false;
  }
  drawer("options", true);
  byId("settings").open = true;
  byId("key").focus();
}

async function useStore(id) {
  documents.offer(await stores(), id);
  selectTab(byId("tab-chat"));
  byId("prompt").focus();
  announce("The chat uses this store");
}

async function load() {
  try {
    const ids = await models();
    picker.offer(ids);
    comparison.offer(ids);
  } catch (error) {
    byId("problem").replaceChildren(make("p", {}, make("strong", { textContent: "The models can't be listed." }), ` ${error.message}`), button("Try again", load, { className: "small" }));
    byId("problem").hidden = false;
    return;
  }
  byId("problem").hidden = true;
  const practice = await get("/health").then((health) => health.practice_upstream, () => false);
  byId("practice").hidden = !practice;
  byId("practice-hint").hidden = !practice;
  // Stores may be closed to this key: then there is none to choose.
  documents.offer(await stores().catch(() => []));
}

function selectTab(tab) {
  for (const other of tabs) {
    const selected = other === tab;
    other.setAttribute("aria-selected", String(selected));
    other.tabIndex = selected ? 0 : -1;
    byId(other.getAttribute("aria-controls")).hidden = !selected;
  }
  document.body.dataset.view = tab.id.replace("tab-", "");
  drawer("chats", false);
  if (!wide.matches) drawer("options", false);
  live.hide();
  if (tab.id === "tab-live") live.show();
  else if (tab.id === "tab-documents") kept.show();
  else if (tab.id === "tab-models") served.show();
  const view = document.body.dataset.view;
  const page = location.pathname === "/live" ? "/" : location.pathname;
  history.replaceState(null, "", view === "live" ? "/live" : view === "chat" ? page : `${page}#${view}`);
  chart.draw();
}

/** Opens or closes one of the two side panels. */
function drawer(name, open) {
  byId(name).dataset.open = String(open);
  byId(`${name}-open`).setAttribute("aria-expanded", String(open));
  if (open && name === "options") chart.draw();
}

byId("questions").append(
  ...QUESTIONS.map(([text, hint], index) => {
    const card = button("", () => {
      if (index === 2) documents.add("Timetable", FERRY);
      conversation.send(text);
    }, { className: "card" });
    card.append(make("strong", { textContent: text }), make("span", { className: "quiet", textContent: hint }));
    return card;
  }),
);
for (const name of ["chats", "options"]) {
  byId(`${name}-open`).addEventListener("click", () => drawer(name, byId(name).dataset.open !== "true"));
}
byId("key").addEventListener("change", () => {
  load();
  if (back) selectTab(back);
  back = undefined;
});
window.addEventListener("keywanted", keyWanted);
byId("chat-list").addEventListener("click", () => drawer("chats", false));
byId("clear").addEventListener("click", () => drawer("chats", false));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  conversation.stop();
  drawer("chats", false);
  if (!wide.matches) drawer("options", false);
});
const tabs = [...document.querySelectorAll("[role=tab]")];
for (const tab of tabs) {
  tab.addEventListener("click", () => selectTab(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const other = tabs.at((tabs.indexOf(tab) + step) % tabs.length);
    selectTab(other);
    other.focus();
  });
}
wide.addEventListener("change", () => drawer("options", wide.matches));
byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const now = root.dataset.theme ?? (dark.matches ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
  chart.draw();
});
drawer("options", wide.matches);
const named = byId(`tab-${location.pathname === "/live" ? "live" : location.hash.slice(1)}`);
selectTab(tabs.includes(named) ? named : tabs[0]);
load();
