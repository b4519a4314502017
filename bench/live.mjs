// What the live view costs with many open streams. It starts the packaged gateway before a model server of its own, opens the streams, and measures
// the gateway's processor time with the view closed and open in turn; then how soon a new stream is shown, and, where there is Chromium, how the page bears it.
//
// node bench/live.mjs [STREAMS] [SECONDS]     1000 and 10 if left out; build first: ./mvnw package -DskipTests
// CHROMIUM          a Chromium; with it, OPENAI_NODE_DIR names a folder in whose node_modules playwright-core is
// VIEWERS           how many have the view open; 1 if left out
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";

const streams = Number(process.argv[2] ?? 1000);
const seconds = Number(process.argv[3] ?? 10);
const viewers = Number(process.env.VIEWERS ?? 1);
const folder = mkdtempSync(join(tmpdir(), "live-"));
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
const wait = (ms) => new Promise((wake) => setTimeout(wake, ms));

/** A model server whose streams go on, a token a second, until they are left. */
const model = http.createServer((request, response) => {
  if (request.method === "GET") {
    response.writeHead(200, { "Content-Type": "application/json" });
    return response.end('{"object":"list","data":[{"id":"phi-4-mini","object":"model"}]}');
  }
  request.resume();
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  const token = () => response.write('data: {"id":"1","object":"chat.completion.chunk","model":"phi-4-mini","choices":[{"index":0,"delta":{"content":"word "}}]}\n\n');
  token();
  const timer = setInterval(token, 1000);
  response.on("close", () => clearInterval(timer));
});
await new Promise((listening) => model.listen(0, "127.0.0.1", 4096, listening));

const probe = http.createServer();
await new Promise((listening) => probe.listen(0, "127.0.0.1", listening));
const port = probe.address().port;
await new Promise((closed) => probe.close(closed));
const gateway = spawn(
  process.env.JAVA ?? "java",
  ["-Xmx1g", `-Dquarkus.http.port=${port}`, `-Dgateway.retrieval.directory=${folder}/data`, "-Dgateway.retrieval.embedding-model=none",
    `-Dgateway.upstreams.foundry.url=http://127.0.0.1:${model.address().port}/v1`, "-Dgateway.upstreams.foundry.dialect=openai", "-Dgateway.upstreams.foundry.concurrency=0",
    "-jar", resolve(import.meta.dirname ?? ".", "../target/quarkus-app/quarkus-run.jar")],
  { stdio: ["ignore", "ignore", "inherit"], cwd: folder },
);

function ask(path, options = {}, body = "") {
  return new Promise((answered, failed) => {
    const request = http.request({ port, host: "127.0.0.1", path, agent, ...options }, answered);
    request.on("error", failed);
    request.end(body);
  });
}

async function json(path) {
  let text = "";
  for await (const piece of await ask(path)) text += piece;
  return JSON.parse(text);
}

/** Opens a stream; resolves to what ends it, when its first token is there. */
function open() {
  return new Promise((opened, failed) => {
    const request = http.request({ port, host: "127.0.0.1", path: "/v1/chat/completions", method: "POST", agent, headers: { "Content-Type": "application/json" } }, (response) => {
      if (response.statusCode !== 200) return failed(new Error(`status ${response.statusCode}`));
      response.once("data", () => opened(() => request.destroy()));
      response.on("data", () => {});
      response.on("error", () => {});
    });
    request.on("error", failed);
    request.end('{"model":"phi-4-mini","stream":true,"messages":[{"role":"user","content":"why"}]}');
  });
}

/** Follows the view; each event goes to the reader. */
async function view(read) {
  const response = await ask("/v1/gateway/exchanges?limit=1000", { headers: { Accept: "text/event-stream" } });
  let text = "";
  response.setEncoding("utf8");
  response.on("data", (piece) => {
    text += piece;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      if (text.startsWith("data: ")) read(JSON.parse(text.slice(6, end)));
      text = text.slice(end + 2);
    }
  });
  response.on("error", () => {});
  return () => response.destroy();
}

/** Seconds of processor that the gateway has used. */
function used() {
  const fields = readFileSync(`/proc/${gateway.pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Its part of one core meanwhile, in %. */
async function share() {
  const [before, began] = [used(), performance.now()];
  await wait(seconds * 1000);
  return (100 * (used() - before)) / ((performance.now() - began) / 1000);
}

const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

async function page() {
  const require = createRequire(join(resolve(process.env.OPENAI_NODE_DIR ?? "."), "package.json"));
  const { chromium } = require("playwright-core");
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await tab.goto(`http://127.0.0.1:${port}/live`);
  await tab.locator("#running tbody tr").first().waitFor();
  await tab.evaluate(() => {
    window.tasks = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((one) => one.duration))).observe({ type: "longtask" });
  });
  await wait(seconds * 1000);
  const tasks = await tab.evaluate(() => window.tasks);
  const before = await tab.locator("#live-said").innerText();
  const began = performance.now();
  const leave = await open();
  await tab.waitForFunction((text) => document.getElementById("live-said").innerText !== text, before, { polling: 20 });
  const shown = performance.now() - began;
  leave();
  const typed = performance.now();
  await tab.locator("#live-search [name=model]").pressSequentially("phi-4-mini");
  const keys = performance.now() - typed;
  console.log(
    `page: ${await tab.locator("#running tbody tr").count()} rows drawn, "${await tab.locator("#live-said").innerText()}" ` +
      `work of over 50 ms: ${tasks.length} times in ${seconds} s, the longest ${Math.round(Math.max(0, ...tasks))} ms; a new stream shown after ${Math.round(shown)} ms; ten keys typed in ${Math.round(keys)} ms`,
  );
  await browser.close();
}

try {
  for (let up = false; !up; await wait(200)) {
    if (gateway.exitCode !== null || gateway.signalCode !== null) throw new Error("the gateway did not start; build first: ./mvnw package -DskipTests");
    up = await json("/q/health/ready").then((health) => health.status === "UP", () => false);
  }
  const began = performance.now();
  const leave = [];
  while (leave.length < streams) leave.push(...(await Promise.all(Array.from({ length: Math.min(50, streams - leave.length) }, open))));
  const list = await json("/v1/gateway/exchanges?limit=1000");
  console.log(`${streams} streams opened in ${((performance.now() - began) / 1000).toFixed(1)} s; in_flight ${list.in_flight}, listed ${list.running.length}`);
  await share(); // so that the compilers have done most of it
  const closed = [];
  const opened = [];
  for (let round = 0; round < 5; round++) {
    closed.push(await share());
    let events = 0;
    const end = await Promise.all(Array.from({ length: viewers }, () => view(() => events++)));
    await wait(2000);
    opened.push(await share());
    end.forEach((one) => one());
    await wait(500);
  }
  console.log(
    `processor, % of one core, medians of 5 times ${seconds} s: view closed ${middle(closed).toFixed(1)}, open by ${viewers} ${middle(opened).toFixed(1)}, ` +
      `so the view ${(middle(opened) - middle(closed)).toFixed(1)} (closed ${closed.map((one) => one.toFixed(1))}; open ${opened.map((one) => one.toFixed(1))})`,
  );
  leave.pop()(); // room for one more among the thousand that are listed
  await wait(1500);
  const late = [];
  for (let n = 0; n < 10; n++) {
    let told;
    const seen = new Promise((done) => (told = done));
    let before;
    const end = await view((event) => {
      before ??= event.in_flight;
      if (event.in_flight > before) told(performance.now());
    });
    while (before === undefined) await wait(5);
    await wait(100 * n);
    const from = performance.now();
    const close = await open();
    late.push((await seen) - from);
    close();
    end();
    await wait(1200);
  }
  console.log(`a new stream is in an event ${Math.round(middle(late))} ms (median of 10) and at most ${Math.round(Math.max(...late))} ms after it was asked for`);
  if (process.env.CHROMIUM) await page();
  leave.forEach((one) => one());
} finally {
  gateway.kill();
  model.closeAllConnections();
  model.close();
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}
