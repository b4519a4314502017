// Headless Chromium ($CHROMIUM) drives the playground at BASE through the named scenarios, and prints what it saw as one line of JSON.
// usage: node playground.mjs BASE SCREENSHOTS SCENARIO…      SCREENSHOTS: a folder, or - for none
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [base, screenshots, ...wanted] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), "playground-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM,
  headless: true,
  viewport: { width: 1280, height: 900 },
  acceptDownloads: true,
  args: [
    "--no-sandbox", "--disable-quic",
    ...(wanted.includes("webgpu") ? ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"] : ["--disable-gpu"]),
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});
const facts = { console: [], elsewhere: [] };
const page = await browser.newPage();
page.setDefaultTimeout(60_000);
page.on("console", (message) => {
  // The browser's own word where it has no GPU: the page tells it too.
  if (message.text() !== "No available adapters." && !expected) facts.console.push(message.text());
});
page.on("pageerror", (error) => facts.console.push(String(error)));
let body = "";
let expected = false;
page.on("request", (request) => {
  if (!request.url().startsWith(base) && !/^(blob|data):/.test(request.url())) facts.elsewhere.push(request.url());
  if (request.url().endsWith("/v1/chat/completions")) body = request.postData();
});

const answers = () => page.locator("#turns .assistant");
const last = () => answers().last();
const textOf = (selector) => last().locator(selector).innerText();

/** A fact about the last answer; the facts are folded. */
const factOf = (name) => last().locator(`.facts .${name} dd`).textContent();

async function open() {
  await page.goto(base);
  await page.locator("#model-buttons button").first().waitFor();
}

async function choose(model) {
  await page.locator("#model-buttons button", { hasText: model }).click();
}

/** Types a question and sends it with the keyboard; resolves when the answer is complete. */
async function ask(question) {
  await begin(question);
  await page.locator('#turns .assistant[aria-busy="false"]').nth((await answers().count()) - 1).waitFor();
  await page.locator("#send:enabled").waitFor();
}

async function begin(question) {
  await page.locator("#prompt").fill(question);
  const before = await answers().count();
  await page.locator("#prompt").press("Enter");
  await answers().nth(before).waitFor();
}

/** The same by the button. */
async function askHere(question) {
  await page.locator("#prompt").fill(question);
  const before = await answers().count();
  await page.locator("#send").click();
  await page.locator('#turns .assistant[aria-busy="false"]').nth(before).waitFor();
  await page.locator("#send:enabled").waitFor();
}

async function downloaded(button) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(button).click()]);
  return readFileSync(await download.path(), "utf8");
}

async function drop(name, text) {
  const transfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([typeof content === "string" ? content : new Uint8Array(content)], fileName, { type: "text/plain" }));
      return data;
    },
    [name, text],
  );
  await page.dispatchEvent("#documents", "drop", { dataTransfer: transfer });
  await page.locator("#document-list li", { hasText: name }).waitFor();
}

/** Unticks in Compare "use the chat's documents", looks at the stores, and tells whether it is ticked then. */
async function untickedStays() {
  await page.locator("#tab-compare").click();
  await page.locator("#compare-documents").uncheck();
  await page.locator("#tab-documents").click();
  await page.locator("#store-list li").first().waitFor();
  await page.locator("#tab-chat").click();
  return page.locator("#compare-documents").isChecked();
}

const scenarios = {
  async asked() {
    await choose("phi-4-mini");
    await page.evaluate(() => {
      globalThis.updates = new Set();
      new MutationObserver(() => globalThis.updates.add(document.querySelector("#turns .assistant .markdown")?.innerText)).observe(
        document.querySelector("#turns"),
        { childList: true, subtree: true, characterData: true },
      );
    });
    await ask("Why is the sky blue?");
    return {
      updates: await page.evaluate(() => globalThis.updates.size),
      text: await textOf(".markdown"),
      route: await factOf("route"),
      spoken: await page.locator("#status").innerText(),
      sentence: await textOf(".how summary"),
      models: await page.locator("#model option").allInnerTexts(),
    };
  },

  async toggled() {
    await choose("gpt-oss-20b");
    await ask("And the sea?");
    const sent = JSON.parse(body);
    return { heading: await textOf("h3"), text: await textOf(".markdown"), model: sent.model, turns: sent.messages.length };
  },

  async settings() {
    await page.locator("#settings summary").click();
    await page.locator("#system").fill("Answer in one word.");
    await page.locator("#temperature").fill("0.5");
    await page.locator("#max_tokens").fill("12");
    await choose("phi-4-mini");
    await ask("Short?");
    const sent = JSON.parse(body);
    for (const id of ["#system", "#temperature", "#max_tokens"]) await page.locator(id).fill("");
    return { system: sent.messages[0].content, temperature: sent.temperature, most: sent.max_tokens, tokens: await factOf("tokens") };
  },

  async hybrid() {
    await choose("hybrid");
    await ask("Which of you answers?");
    return { route: await factOf("route"), reason: await factOf("reason"), legs: await last().locator(".legs tbody tr").count() };
  },

  /** What a new user sees, before anything is asked; then a click on the first question. */
  async welcome() {
    const seen = {
      bytes: await page.evaluate(() => performance.getEntries().reduce((sum, entry) => sum + (entry.encodedBodySize ?? 0), 0)),
      paint: await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime),
      title: await page.locator("#welcome h2").innerText(),
      base: await page.locator("#base-url").innerText(),
      questions: await page.locator("#questions button").count(),
      focus: await page.evaluate(() => document.activeElement.id),
    };
    await page.locator("#snippets summary").click();
    seen.snippets = [];
    for (const name of ["curl", "Python", "JavaScript"]) {
      await page.locator("#snippet-buttons button", { hasText: name }).click();
      seen.snippets.push(await page.locator("#snippet").innerText());
    }
    await page.locator("#send").click();
    seen.said = await page.locator("#status").innerText();
    await page.locator("#questions button").first().click();
    await page.locator('#turns .assistant[aria-busy="false"]').waitFor();
    seen.text = await textOf(".markdown");
    return seen;
  },

  /** A conversation outlives a reload; a question can be changed, an answer asked for once more, and all of it deleted. */
  async kept() {
    await page.locator("#clear").click();
    await choose("phi-4-mini");
    await ask("First of all?");
    await page.reload();
    await last().waitFor();
    const seen = { text: await textOf(".markdown"), listed: await page.locator("#chat-list li").count() };
    await last().locator("button", { hasText: "Regenerate" }).click();
    await page.locator('#turns .assistant[aria-busy="true"]').waitFor();
    await page.locator("#send:enabled").waitFor();
    seen.regenerated = [await answers().count(), await textOf(".markdown")];
    await page.locator("#turns .user").last().hover();
    await page.locator("#turns .user button", { hasText: "Edit" }).click();
    seen.edited = [await answers().count(), await page.locator("#prompt").inputValue()];
    await ask("Second of all?");
    for (let i = 0; i < 6; i++) await ask(`Question ${i}, so that there is something to scroll?`);
    await page.locator("#turns").evaluate((turns) => (turns.scrollTop = 0));
    await begin("Where does the page stand?");
    await page.waitForTimeout(100);
    seen.fromEnd = await page.locator("#turns").evaluate((turns) => turns.scrollHeight - turns.scrollTop - turns.clientHeight);
    await page.locator("#send:enabled").waitFor();
    await page.locator("#forget-chats").click();
    seen.left = [await page.evaluate(() => localStorage.getItem("conversations")), await page.locator("#welcome").isVisible()];
    return seen;
  },

  /** The page is left while an answer is written: by a reload, and for a new chat. */
  async left() {
    await choose("gpt-oss-20b");
    await begin("slow, please");
    await last().locator(".markdown", { hasText: "slow" }).waitFor();
    await page.reload();
    await last().waitFor();
    const seen = { question: await page.locator("#turns .user p").innerText(), text: await textOf(".markdown"), answer: await textOf(".stopped") };
    await begin("slow, once more");
    await last().locator(".markdown", { hasText: "slow" }).waitFor();
    await page.locator("#clear").click();
    await page.locator("#send:enabled").waitFor();
    await page.reload();
    await page.locator("#model-buttons button").first().waitFor();
    seen.fresh = await page.locator("#welcome").isVisible();
    await page.locator("#chat-list .chat").click();
    seen.turns = await page.locator("#turns .user").count();
    seen.stopped = await page.locator("#turns .stopped").count();
    await page.locator("#forget-chats").click();
    return seen;
  },

  /** A gateway that asks for a key: the field for it opens, in the views that have none too. */
  async keyWanted() {
    expected = true;
    await page.route("**/v1/gateway/exchanges?*", (route) =>
      route.fulfill({ status: 401, contentType: "application/json", body: JSON.stringify({ error: { message: "no API key", code: "invalid_api_key" } }) }),
    );
    await page.locator("#tab-live").click();
    await page.locator("#key:focus").waitFor();
    const live = [await page.locator("#problem").innerText()];
    await page.unroute("**/v1/gateway/exchanges?*");
    await page.locator("#key").fill("secret");
    await page.locator("#key").press("Enter");
    await page.locator("#view-live").waitFor();
    live.push(await page.evaluate(() => sessionStorage.getItem("key")));
    await page.locator("#tab-chat").click();
    await page.locator("#key").fill("");
    await page.route("**/v1/chat/completions", (route) =>
      route.fulfill({ status: 401, contentType: "application/json", body: JSON.stringify({ error: { message: "no API key", code: "invalid_api_key" } }) }),
    );
    await ask("Who may ask?");
    const seen = { live, focus: await page.evaluate(() => document.activeElement.id), alert: await page.locator("#problem").innerText() };
    await page.unroute("**/v1/chat/completions");
    expected = false;
    return seen;
  },

  /** A store is made, filled, searched, asked and deleted. */
  async stores() {
    await page.locator("#tab-documents").click();
    await page.locator("#store-name").fill("towers");
    await page.locator("#store-create button").click();
    await page.locator("#store-title", { hasText: "towers" }).waitFor();
    await page.locator("#store-files").setInputFiles({ name: "tower.md", mimeType: "text/markdown", buffer: Buffer.from("# Tower\n\nThe tower at Aldermoor is 61 metres high.") });
    await page.locator("#file-list li button").waitFor();
    const seen = { file: await page.locator("#file-list li").innerText() };
    await page.locator("#store-query").fill("How high is the tower?");
    await page.locator("#store-search button").click();
    seen.passage = await page.locator("#passages blockquote").first().innerText();
    await page.locator("#store-ask").click();
    await choose("phi-4-mini");
    await ask("source: how high is the tower?");
    seen.stores = JSON.parse(body).gateway.vector_store_ids.length;
    await page.locator("#tab-documents").click();
    for (let i = 0; i < 2; i++) await page.locator("#store-delete").click();
    await page.locator("#store-box").waitFor({ state: "hidden" });
    await page.locator("#tab-chat").click();
    return seen;
  },

  /** The view of what runs, by two events as the gateway sends them, and a gateway that refuses it. */
  async live() {
    const one = { operation: "chat", tier: "none", stream: true, created_at: 1_700_000_000, tokens_estimated: true, timing: {} };
    const events = [
      { in_flight: 1, ended: 1, running: [{ ...one, id: "r2", model: "hybrid", state: "queued", queue_place: 2, total_ms: 400, tokens: 0 }],
        finished: [{ ...one, id: "r1", model: "hybrid", state: "ended", answered_by: "gpt-oss-20b", route: "escalated", reason: "hedging", total_ms: 2400, first_token_ms: 300, tokens: 84, tokens_per_second: 40, cost: 0.0002, status: 200, outcome: "ok" }] },
      { in_flight: 0, ended: 2, running: [], finished: [{ ...one, id: "r2", model: "hybrid", state: "ended", total_ms: 900, tokens: 3, status: 502, outcome: "upstream_error", error: "upstream_unreachable" }] },
    ];
    const serve = (handler) => page.route("**/v1/gateway/exchanges?*", handler);
    await serve((route) => route.fulfill({ contentType: "text/event-stream", body: `: here\n\ndata: ${JSON.stringify(events[0])}\n\n` }));
    await page.locator("#tab-live").click();
    await page.locator("#running tbody tr").waitFor();
    const seen = { running: await page.locator("#running tbody tr").innerText(), finished: await page.locator("#finished tbody tr").allInnerTexts() };
    if (screenshots !== "-") await page.screenshot({ path: join(screenshots, "playground-live.png") });
    await page.locator("#tab-chat").click();
    await page.unroute("**/v1/gateway/exchanges?*");
    await serve((route) => route.fulfill({ contentType: "text/event-stream", body: events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("") }));
    await page.locator("#tab-live").click();
    await page.locator("#running-none").waitFor();
    seen.later = await page.locator("#finished tbody tr").allInnerTexts();
    // The gateway is restarted under the open view: it fails once, and then has nothing to tell but that.
    await page.unroute("**/v1/gateway/exchanges?*");
    expected = true;
    let asked = 0;
    await serve((route) =>
      asked++ === 0
        ? route.fulfill({ status: 503, contentType: "application/json", body: '{"error":{"message":"not yet up","code":"unavailable"}}' })
        : route.fulfill({ contentType: "text/event-stream", body: `data: ${JSON.stringify({ in_flight: 0, ended: 0, running: [], finished: [] })}\n\n` }),
    );
    await page.locator("#live-said", { hasText: "not yet up" }).waitFor();
    await page.locator("#live-said", { hasText: "0 ended" }).waitFor();
    seen.restarted = [await page.locator("#finished tbody tr").count(), await page.locator("#finished-none").isVisible()];
    await page.locator("#tab-chat").click();
    await page.unroute("**/v1/gateway/exchanges?*");
    await serve((route) => route.fulfill({ status: 403, contentType: "application/json", body: '{"error":{"message":"not for this origin","code":"origin_denied"}}' }));
    await page.locator("#tab-live").click();
    await page.locator("#live-said", { hasText: "not for this origin" }).waitFor();
    seen.refused = await page.locator("#live-said").innerText();
    await page.unroute("**/v1/gateway/exchanges?*");
    await page.locator("#tab-chat").click();
    expected = false;
    return seen;
  },

  /** The page of its own: a real exchange searched for, its timeline, the log, the models; and a thousand streams at once. */
  async livePage() {
    await choose("phi-4-mini");
    await ask("Who will be seen?");
    await page.goto(new URL("/live", page.url()).href);
    await page.locator("#live-search [name=model]").fill("phi-4-mini");
    await page.locator("#live-search button").click();
    const id = page.locator("#finished tbody tr button").first();
    await id.waitFor();
    await id.click();
    await page.locator("#one").waitFor();
    const seen = { path: new URL(page.url()).pathname, parts: await page.locator("#waterfall tbody tr td:first-child").allInnerTexts() };
    await page.locator("#one-close").click();
    await page.locator("#live-log summary").click();
    await page.locator("#log", { hasText: "INFO" }).waitFor();
    await page.locator("#live-log summary").click();
    await page.locator("#live-models summary").click();
    await page.locator("#loaded-table tbody tr").first().waitFor();
    seen.models = await page.locator("#loaded-table tbody tr td:first-child").allInnerTexts();
    await page.locator("#live-models summary").click();
    await page.locator("#live-search [name=model]").fill("");
    const one = { operation: "chat", tier: "none", stream: true, created_at: 1_700_000_000, tokens_estimated: true, timing: {}, state: "answering", total_ms: 4, tokens: 1 };
    const running = Array.from({ length: 1000 }, (_, n) => ({ ...one, id: n < 500 ? "alike" : `s${n}`, model: n === 999 ? "the newest" : "phi-4-mini" }));
    await page.route("**/v1/gateway/exchanges?*", (route) =>
      route.fulfill({ contentType: "text/event-stream", body: `data: ${JSON.stringify({ in_flight: 1000, ended: 0, running, finished: [] })}\n\n` }),
    );
    await page.locator("#live-search button").click();
    await page.locator("#running tbody tr", { hasText: "the newest" }).waitFor();
    seen.many = [await page.locator("#running tbody tr").count(), await page.locator("#live-said").innerText()];
    await page.unroute("**/v1/gateway/exchanges?*");
    await page.goto(new URL("/", page.url()).href);
    return seen;
  },

  /** The models and their servers. */
  async served() {
    await page.locator("#tab-models").click();
    await page.locator("#model-table tbody tr").first().waitFor();
    const seen = {
      models: await page.locator("#model-table tbody tr td:first-child").allInnerTexts(),
      servers: await page.locator("#server-table tbody tr td:first-child").allInnerTexts(),
    };
    await page.locator("#tab-chat").click();
    return seen;
  },

  async stopped() {
    await choose("gpt-oss-20b");
    await begin("slow, please");
    await last().locator(".markdown", { hasText: "slow" }).waitFor();
    await page.locator("#prompt").press("Escape");
    await last().locator(".stopped").waitFor();
    return { text: await textOf(".markdown"), canSend: await page.locator("#send").isEnabled() };
  },

  async sources() {
    await drop("tower.txt", "The tower at Aldermoor is 61 metres high.");
    await choose("phi-4-mini");
    await ask("source: how high is the tower?");
    const { documents } = JSON.parse(body).gateway;
    const seen = { documents, source: await textOf(".sources"), passage: await textOf(".sources blockquote") };
    await page.locator("#document-list button").click();
    await page.locator("#document-list li").waitFor({ state: "detached" });
    await drop("orte.csv", [...Buffer.from("Ort;Straße\nKöln;Bahnhofstraße\nMünchen;Königsplatz\n", "latin1")]);
    seen.ticked = await untickedStays();
    await ask("source: which town is it?");
    seen.bytes = JSON.parse(body).gateway.documents;
    await page.locator("#document-list button").click();
    await drop("empty.txt", "");
    seen.empty = await page.locator("#document-list li").allInnerTexts();
    return seen;
  },

  async hostile() {
    await ask("hostile answer, please");
    await page.waitForTimeout(200);
    return {
      ran: await page.evaluate(() => globalThis.hostile ?? "nothing"),
      elements: await last().locator(".markdown :is(script, img, iframe, svg, style, form, input, object)").count(),
      handlers: await last().evaluate((element) => [...element.querySelectorAll("*")].flatMap((child) => child.getAttributeNames().filter((name) => name.startsWith("on"))).length),
      links: await last().locator(".markdown a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
      text: await textOf(".markdown"),
    };
  },

  /** A block of code, coloured while it stays the same text. */
  async highlighted() {
    await choose("phi-4-mini");
    await ask("code, please");
    const code = last().locator("pre code");
    return {
      text: await code.innerText(),
      kinds: await code.locator("span").evaluateAll((spans) => spans.map((span) => `${span.className} ${span.textContent}`)),
      copy: await last().locator(".code button").innerText(),
      others: await last().locator(".markdown [class]:not(.code, .code *)").count(),
    };
  },

  async failed() {
    await ask("fail, please");
    return {
      alert: await page.locator("#problem").innerText(),
      retry: await page.locator("#problem button", { hasText: "Try again" }).count(),
      partial: await textOf(".markdown"),
      kept: await page.locator("#prompt").inputValue(),
    };
  },

  async chart() {
    const picture = () => page.locator("#chart canvas").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const colours = new Set();
      for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) colours.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
      return colours.size;
    });
    const rows = () => page.locator("#samples tbody tr").count();
    const all = { colours: await picture(), rows: await rows(), label: await page.locator("#chart").getAttribute("aria-label") };
    await page.locator("#chart-models button", { hasText: "gpt-oss-20b" }).click();
    const some = { rows: await rows() };
    await page.locator("#chart-models button", { hasText: "gpt-oss-20b" }).click();
    return { all, some, again: await rows(), csv: await downloaded("#csv") };
  },

  async long() {
    await page.evaluate(() => {
      const reads = (globalThis.reads = []);
      globalThis.mutations = [];
      const original = ReadableStreamDefaultReader.prototype.read;
      ReadableStreamDefaultReader.prototype.read = function read() {
        return original.call(this).then((result) => {
          if (result.value) reads.push(performance.now());
          return result;
        });
      };
      new MutationObserver(() => requestAnimationFrame(() => globalThis.mutations.push(performance.now()))).observe(document.querySelector("#turns"), {
        childList: true, subtree: true, characterData: true,
      });
    });
    await choose("phi-4-mini");
    await ask("long answer, please");
    return page.evaluate(() => {
      const late = globalThis.reads.slice(-41, -1);
      const delays = late.map((at) => (globalThis.mutations.find((shown) => shown > at) ?? Infinity) - at).sort((a, b) => a - b);
      return { tokens: Number.parseInt(document.querySelector("#turns .assistant:last-child .facts .tokens dd").textContent, 10), median: delays[20], most: delays.at(-1) };
    });
  },

  async compared() {
    await page.locator("#tab-compare").click();
    await page.locator("#compare-prompt").fill("What is a gateway?");
    await page.locator("#compare-run").click();
    await page.locator("#judge-run:enabled").waitFor();
    await page.locator("#judge-run").click();
    await page.locator("#judge-run:disabled").waitFor().catch(() => {});
    await page.locator("#judge-run:enabled").waitFor();
    await page.locator('[name="conciseness"]').first().selectOption("2");
    // A judge that is stopped has said nothing wrong.
    await page.route("**/v1/chat/completions", () => {});
    await page.locator("#judge-run").click();
    await page.locator("#compare-stop").click();
    await page.locator("#judge-run:enabled").waitFor();
    await page.unroute("**/v1/chat/completions");
    return {
      problems: await page.locator("#columns .problem").count(),
      columns: await page.locator("#columns .column").count(),
      json: JSON.parse(await downloaded("#save-json")),
      markdown: await downloaded("#save-markdown"),
    };
  },

  /** https://github.com/dequelabs/axe-core: what a machine can check of WCAG 2.2 AA, in each view, on a wide and a narrow screen, light and dark. */
  async accessible() {
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    const violations = [];
    await page.locator("details").evaluateAll((all) => all.forEach((details) => (details.open = true)));
    for (const tab of ["#tab-chat", "#tab-compare", "#tab-live", "#tab-documents", "#tab-models"]) {
      // A gateway that shows no exchanges refuses them, and the browser says so.
      expected = tab === "#tab-live";
      await page.locator(tab).click();
      await page.waitForTimeout(300);
      for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [390, "light"], [390, "dark"]]) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > width) violations.push(`${tab} is ${wide} pixels wide on a screen of ${width}`);
        await page.evaluate(axe);
        const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }));
        violations.push(...found.violations.map(({ id, nodes }) => `${width} ${colorScheme} ${tab} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" ")}`));
      }
    }
    expected = false;
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.locator("#tab-chat").click();
    return violations;
  },

  async narrow() {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    await page.locator("#model-buttons button").first().waitFor();
    await ask("Why is the sky blue?");
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    const composer = await page.locator("#send").evaluate((send) => send.getBoundingClientRect().bottom);
    const header = await page.locator("header").evaluate((element) => element.getBoundingClientRect().height);
    if (screenshots !== "-") await page.screenshot({ path: join(screenshots, "playground-390.png") });
    await page.setViewportSize({ width: 1280, height: 900 });
    return { width, composer, header };
  },

  async withoutWebgpu() {
    await page.goto(`${base}playground/webgpu.html`);
    await page.locator("#adapter", { hasText: "The gateway answers." }).waitFor();
    await askHere("Why is the sky blue?");
    return { said: await page.locator("#adapter").innerText(), text: await textOf(".markdown"), rows: await page.locator("#samples tbody tr").count() };
  },

  /** With the browser's software adapter. */
  async webgpu() {
    await page.goto(`${base}playground/webgpu.html`);
    await page.locator("#adapter", { hasText: "WebGPU: " }).waitFor();
    const said = await page.locator("#adapter").innerText();
    await page.locator("[name=engine][value=page]:checked").waitFor();
    await askHere("Why is the sky blue?");
    const text = await textOf(".markdown");
    await page.locator("[name=engine][value=gateway]").check();
    await askHere("And by the gateway?");
    return { said, text, other: await textOf(".markdown"), models: await page.locator("#chart-models button").allInnerTexts() };
  },

  async wide() {
    if (screenshots !== "-") await page.screenshot({ path: join(screenshots, "playground-1280.png") });
    return page.evaluate(() => document.documentElement.scrollWidth);
  },
};

try {
  await open();
  for (const name of wanted) facts[name] = await scenarios[name]();
} catch (error) {
  console.error(JSON.stringify(facts));
  throw error;
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(JSON.stringify(facts));
