import { Chart } from "./chart.js";
import { ask, models } from "./chat.js";
import { Comparison } from "./compare.js";
import { Documents } from "./documents.js";
import { announce, byId } from "./dom.js";
import { ModelPicker } from "./picker.js";
import { Samples } from "./samples.js";
import { AnswerView, showQuestion } from "./turns.js";

const KEPT = ["system", "temperature", "max_tokens", "top_p", "seed", "escalate", "key"];
const NUMBERS = ["temperature", "max_tokens", "top_p", "seed"];

const samples = new Samples();
const chart = new Chart(samples);
const documents = new Documents();
const picker = new ModelPicker();
const comparison = new Comparison({ samples, chart, settings, key });
let history = [];
let running;

function key() {
  return byId("key").value.trim();
}

/** The request's members beside model and messages. */
function settings() {
  const request = {};
  for (const name of NUMBERS) {
    if (byId(name).value !== "") request[name] = Number(byId(name).value);
  }
  const used = documents.list();
  request.gateway = { report: true };
  if (byId("escalate").value) request.gateway.escalate = byId("escalate").value;
  if (used.length > 0) Object.assign(request.gateway, { documents: used, sources: ["annotations", "chunks"] });
  return request;
}

function messages(prompt) {
  const system = byId("system").value.trim();
  return [...(system ? [{ role: "system", content: system }] : []), ...history, { role: "user", content: prompt }];
}

async function send(event) {
  event?.preventDefault();
  const prompt = byId("prompt").value.trim();
  const model = picker.chosen;
  if (!prompt || !model || running) return;
  byId("welcome")?.remove();
  byId("prompt").value = "";
  showQuestion(prompt);
  const view = new AnswerView(model);
  running = new AbortController();
  busy(true);
  announce(`${model} is answering`);
  follow();
  try {
    const answer = await ask(
      { model, messages: messages(prompt), ...settings() },
      { signal: running.signal, key: key(), onText: (text) => follow(view.text(text)), onReasoning: (text) => follow(view.reasoning(text)) },
    );
    view.finish(answer);
    history.push({ role: "user", content: prompt }, ...(answer.text ? [{ role: "assistant", content: answer.text }] : []));
    announce(answer.stopped ? "Stopped" : `Answer: ${answer.text}`);
    if (!answer.stopped) {
      samples.add(model, answer);
      chart.draw();
    }
  } catch (error) {
    view.fail(error);
    byId("prompt").value ||= prompt;
  } finally {
    running = undefined;
    busy(false);
    follow();
  }
}

function busy(is) {
  byId("send").disabled = is;
  byId("stop").disabled = !is;
}

/** Keeps the newest words in sight, unless the reader has scrolled away from them. */
function follow() {
  const turns = byId("turns");
  if (turns.scrollHeight - turns.scrollTop - turns.clientHeight < 160) requestAnimationFrame(() => turns.scrollTo({ top: turns.scrollHeight }));
}

function clear() {
  running?.abort();
  history = [];
  byId("turns").replaceChildren();
  byId("prompt").focus();
  announce("New chat");
}

async function loadModels() {
  try {
    const ids = await models(key());
    picker.offer(ids);
    comparison.offer(ids);
    byId("upstreams").textContent = `${ids.length} models`;
  } catch (error) {
    byId("upstreams").textContent = `The list of models did not come: ${error.message}`;
  }
}

function selectTab(tab) {
  for (const other of document.querySelectorAll("[role=tab]")) {
    const selected = other === tab;
    other.setAttribute("aria-selected", String(selected));
    other.tabIndex = selected ? 0 : -1;
    byId(other.getAttribute("aria-controls")).hidden = !selected;
  }
  chart.draw();
}

for (const name of KEPT) {
  byId(name).value = sessionStorage.getItem(name) ?? byId(name).value;
  byId(name).addEventListener("change", () => sessionStorage.setItem(name, byId(name).value));
}
byId("key").addEventListener("change", loadModels);
byId("ask").addEventListener("submit", send);
byId("prompt").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
});
byId("stop").addEventListener("click", () => running?.abort());
byId("clear").addEventListener("click", clear);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") running?.abort();
});
const tabs = [...document.querySelectorAll("[role=tab]")];
for (const tab of tabs) {
  tab.addEventListener("click", () => selectTab(tab));
  tab.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    const other = tabs[(tabs.indexOf(tab) + 1) % tabs.length];
    selectTab(other);
    other.focus();
  });
}
const dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", () => chart.draw());
byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const now = root.dataset.theme ?? (dark.matches ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
  chart.draw();
});
if (matchMedia("(max-width: 60rem)").matches) byId("documents").open = false;
loadModels();
