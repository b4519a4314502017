// Headless Chromium ($CHROMIUM) uses an example's page as a user does: prints what it saw as one line of JSON.
// usage: node examples.mjs page|chainlit ADDRESS
import { chromium } from "playwright-core";

const [scenario, address] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"],
});
const facts = { console: [] };
const page = await browser.newPage();
page.setDefaultTimeout(60_000);
page.on("console", (message) => {
  if (message.type() === "error") facts.console.push(message.text());
});
page.on("pageerror", (error) => facts.console.push(String(error)));

/** Counts the different texts that the page shows from now on. */
const watch = (selector) =>
  page.evaluate((watched) => {
    globalThis.seen = new Set();
    new MutationObserver(() => globalThis.seen.add([...document.querySelectorAll(watched)].at(-1)?.innerText)).observe(document.body, {
      childList: true, subtree: true, characterData: true,
    });
  }, selector);
const updates = () => page.evaluate(() => globalThis.seen.size);

const scenarios = {
  async page() {
    await watch("#answer");
    for (const model of ["phi-4-mini", "gpt-oss-20b"]) {
      await page.locator("#models button", { hasText: model }).click();
      await page.locator("#ask").click();
      await page.locator("#status", { hasText: `${model} (` }).waitFor();
    }
    return {
      text: await page.locator("#answer").innerText(),
      updates: await updates(),
      status: await page.locator("#status").innerText(),
      bars: await page.locator("#chart rect").count(),
      webgpu: await page.locator("#webgpu").innerText(),
    };
  },

  async chainlit() {
    const box = page.locator("#chat-input");
    const last = page.locator(".ai-message").last();
    const ask = async (question, answer) => {
      await box.fill(question);
      await page.keyboard.press("Enter");
      await page.locator(".ai-message", { hasText: answer }).waitFor();
      return last.innerText();
    };
    await page.locator(".ai-message", { hasText: "Ask me" }).waitFor();
    await watch(".ai-message");
    const first = await ask("What is retrieval?", "[1] Retrieval");
    const seen = await updates();
    await page.locator("#chat-settings-open-modal").click();
    await page.getByRole("dialog").getByRole("combobox").click();
    await page.getByRole("option", { name: "gpt-oss-20b" }).click();
    await page.locator("#confirm").click();
    await page.locator(".ai-message", { hasText: "The model is gpt-oss-20b now." }).waitFor();
    return { first, updates: seen, second: await ask("And now?", "gpt-oss-20b ") };
  },
};

try {
  await page.goto(address);
  Object.assign(facts, await scenarios[scenario]());
} catch (error) {
  console.error(JSON.stringify(facts), await page.locator("body").innerHTML());
  throw error;
} finally {
  await browser.close();
}
console.log(JSON.stringify(facts));
