import { Chart } from "./chart.js";
import { ask, models } from "./chat.js";
import { announce, byId, make } from "./dom.js";
import { findAdapter, loadModel } from "./engine.js";
import { favourites } from "./picker.js";
import { Samples } from "./samples.js";
import { AnswerView, question } from "./turns.js";

const samples = new Samples();
const chart = new Chart(samples);
const loaded = new Map();
let adapter;
let running;

const options = (names) => names.map((name) => make("option", { value: name, textContent: name }));
const engine = (value) => document.querySelector(`[name=engine][value=${value}]`);

/** Says what is there, and lets the page answer where both WebGPU and a model are. */
async function prepare() {
  byId("model").replaceChildren(...options(await models().catch(() => [])));
  byId("model").value = favourites([...byId("model").options].map(({ value }) => value))[0] ?? "";
  const { models: own } = await (await fetch("/playground/webgpu.json")).json();
  adapter = await findAdapter();
  const found = adapter ? `WebGPU: ${adapter.name}.` : "This browser has no WebGPU.";
  const missing = own.length === 0 ? " No model for the page is installed." : "";
  byId("missing").hidden = own.length > 0;
  byId("adapter").textContent = `${found}${missing}${adapter && own.length > 0 ? "" : " The gateway answers."}`;
  byId("page-model").replaceChildren(...options(own));
  byId("page-model").hidden = own.length === 0;
  if (adapter && own.length > 0) {
    byId("page-model").disabled = false;
    engine("page").disabled = false;
    engine("page").checked = true;
  }
}

/** The page's own answer; the gateway's, and a word about it, where the page fails. */
async function answer(prompt) {
  const name = byId("page-model").value;
  if (!engine("page").checked) return fromGateway(prompt);
  const view = new AnswerView(`${name} (in this page)`, byId("turns"));
  try {
    if (!loaded.has(name)) {
      byId("adapter").textContent = `Loading ${name} …`;
      loaded.set(name, await loadModel(name, adapter, (percent) => (byId("adapter").textContent = `Loading ${name}: ${percent} %`)));
      byId("adapter").textContent = `${name} runs on ${adapter.name}.`;
    }
    const result = await loaded.get(name)([{ role: "user", content: prompt }], { signal: running.signal, onText: (text) => view.text(text) });
    view.finish(result);
    return [`${name} (page)`, result];
  } catch (error) {
    view.fail(error);
    byId("adapter").textContent = `The page could not answer (${error.message}). The gateway answers.`;
    return fromGateway(prompt);
  }
}

async function fromGateway(prompt) {
  const model = byId("model").value;
  const view = new AnswerView(model, byId("turns"));
  try {
    const result = await ask(
      { model, messages: [{ role: "user", content: prompt }] },
      { signal: running.signal, onText: (text) => view.text(text), onReasoning: (text) => view.reasoning(text) },
    );
    view.finish(result);
    return [model, result];
  } catch (error) {
    view.fail(error);
    return [model, undefined];
  }
}

byId("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const prompt = byId("prompt").value.trim();
  if (running) return;
  if (!prompt) {
    announce("Type a question first");
    byId("prompt").focus();
    return;
  }
  byId("prompt").value = "";
  byId("turns").append(question(prompt));
  byId("turns").scrollTop = byId("turns").scrollHeight;
  running = new AbortController();
  byId("send").disabled = true;
  byId("stop").disabled = false;
  const [model, result] = await answer(prompt);
  running = undefined;
  byId("send").disabled = false;
  byId("stop").disabled = true;
  if (!result) return;
  announce(result.stopped ? "Stopped" : `Answer: ${result.text}`);
  if (result.stopped) return;
  samples.add(model, result);
  chart.draw();
});
byId("prompt").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("ask").requestSubmit();
});
byId("stop").addEventListener("click", () => running?.abort());
prepare();
