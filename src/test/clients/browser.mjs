// Headless Chromium ($CHROMIUM) opens PAGE and calls some of its functions: prints their results, the console and the statuses as one line of JSON.
// usage: node browser.mjs PAGE FUNCTION…      the host denied.test is this machine
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [address, ...functions] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), "page-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM,
  headless: true,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP denied.test 127.0.0.1",
  ],
});
const facts = { console: [], statuses: [] };
try {
  const page = await browser.newPage();
  page.on("console", (message) => facts.console.push(message.text()));
  page.on("pageerror", (error) => facts.console.push(error.message));
  page.on("response", (response) => facts.statuses.push(response.status()));
  await page.goto(address);
  for (const name of functions) facts[name] = await page.evaluate((called) => globalThis[called](), name);
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(JSON.stringify(facts));
