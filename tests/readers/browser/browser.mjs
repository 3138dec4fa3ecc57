// A page of a report in Chromium, and what went wrong in it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser;

export async function start() {
  browser = await chromium.launch({ executablePath: process.env.CHROME });
}
export const stop = () => browser.close();
export const url = (name) => pathToFileURL(`${process.env.PAGES}/${name}.html`).href;

// Opens a page; every word of the console, every request and every dialog is kept in `page.wrong`.
export async function open(name, { hash = "", width = 1280, scheme = "light", script = true, clipboard = false } = {}) {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height: 900 },
    javaScriptEnabled: script,
    permissions: clipboard ? ["clipboard-read", "clipboard-write"] : [],
  });
  const page = await context.newPage();
  page.wrong = [];
  page.on("console", (message) => page.wrong.push(message.text()));
  page.on("pageerror", (error) => page.wrong.push(error.message));
  page.on("dialog", (dialog) => {
    page.wrong.push(dialog.message());
    return dialog.dismiss();
  });
  const first = url(name);
  context.on("request", (request) => {
    // What is saved comes from the page itself.
    if (request.url().split("#")[0] !== first && !request.url().startsWith("blob:")) page.wrong.push(request.url());
  });
  await page.goto(first + hash);
  return page;
}

// The decisions as the page's own data has them: what filters must agree with.
export function decisions(name, part = "decisions") {
  const html = readFileSync(fileURLToPath(url(name)), "utf8");
  const [, json] = html.match(/<script type="application\/json" id="data">(.*?)<\/script>/s);
  return JSON.parse(json)[part];
}

export async function well(page) {
  assert.deepEqual(page.wrong, []);
  await page.context().close();
}

// What a screen reader would miss.
export async function accessible(page) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n")}`);
  assert.deepEqual(said, []);
  assert.ok(passes.length > 10);
}

export const texts = (page, selector) => page.locator(selector).allInnerTexts();
export const count = (page) => page.locator("#count").innerText();

// Waits until something is so, and says what is instead.
async function becomes(look, expected) {
  for (const end = Date.now() + 10_000; ; ) {
    const is = await look();
    if (isDeepStrictEqual(is, expected) || Date.now() > end) return assert.deepEqual(is, expected);
    await new Promise((done) => setTimeout(done, 20));
  }
}
export const says = (page, words) => becomes(() => count(page), words);
export const shows = (page, addresses) =>
  becomes(async () => (await texts(page, ".opens")).sort(), [...addresses].sort());
