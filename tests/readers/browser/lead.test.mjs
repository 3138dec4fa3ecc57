// What somebody who leads a platform does with the page: reads from the top, follows numbers, hands links and rows on.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { accessible, count, decisions, open, says, shows, start, stop, texts, well } from "./browser.mjs";

before(start);
after(stop);

const said = (found, all) => (found === all ? `All ${all} decisions` : `${found} of ${all} decisions`);
const top = async (page, selector) => (await page.locator(selector).first().boundingBox()).y;

test("the page goes from the purpose to the decisions", async () => {
  const page = await open("estate");
  const order = [".purpose", ".targets", "#numbers", "#by-owner-title", "#ends-title", "#map", "#decisions", "#ladders"];
  const places = [];
  for (const selector of order) places.push(await top(page, selector));
  // What stands beside each other begins at the same height.
  assert.deepEqual(places, [...places].sort((a, b) => a - b), order.map((name, at) => `${name} ${places[at]}`).join(", "));
  await well(page);
});

test("the decisions begin early, also where there is much above them", async () => {
  for (const name of ["shop", "estate", "changed", "many"]) {
    const page = await open(name);
    const y = await top(page, "#decisions");
    assert.ok(y < 2200, `${name}: ${y}`);
    await well(page);
  }
});

test("open decisions stand before all others, and only what is serverless is green", async () => {
  const page = await open("shop");
  const states = await texts(page, "#rows .state");
  const known = ["open", "justified", "accepted", "serverless", "left out"];
  assert.deepEqual(states, [...states].sort((a, b) => known.indexOf(a) - known.indexOf(b)));
  const colours = await page.evaluate(() => {
    const colour = (state) => getComputedStyle(document.querySelector(`.is-${state} .state`)).color;
    return ["open", "justified", "serverless"].map(colour);
  });
  assert.equal(new Set(colours).size, 3);
  await page.selectOption("#state", "serverless");
  assert.deepEqual([...new Set(await texts(page, "#rows .of-rung"))].map((rung) => rung.replace(/\s+/g, "")), ["1serverless"]);
  await well(page);
});

test("every number leads to as many rows", async () => {
  for (const name of ["estate", "shop", "changed", "many"]) {
    const page = await open(name);
    const all = decisions(name).length;
    const links = await page.locator("a[data-rows]").evaluateAll((found) =>
      found.map((link) => ({ hash: link.getAttribute("href"), words: link.textContent.trim() })));
    assert.ok(links.length > 10, name);
    for (const { hash, words } of links) {
      await page.evaluate((to) => { location.hash = to; }, hash);
      const number = /^\d+( |$)/.test(words) && !hash.startsWith("#finding=") ? parseInt(words, 10) : null;
      if (number === null || hash === "#state=" || hash === "#state=counted") {
        await page.waitForFunction(() => document.querySelector("#count").textContent !== "");
      } else {
        await says(page, said(number, all));
      }
    }
    await well(page);
  }
});

test("a number that is followed shows its rows", async () => {
  const page = await open("estate");
  await page.locator("#numbers").getByRole("link", { name: "1", exact: true }).first().waitFor();
  await page.locator('#numbers a[data-rows="state=open"]').click();
  const wanted = decisions("estate").filter((one) => one.state === "open");
  await shows(page, wanted.map((one) => one.address));
  await page.waitForFunction(() => document.activeElement.id === "decisions");
  assert.ok((await top(page, "#decisions")) < 900);
  // And back.
  await page.goBack();
  await says(page, said(decisions("estate").length, decisions("estate").length));
  await well(page);
});

test("filters for owner, stream, lifecycle and day", async () => {
  const all = decisions("estate");
  const page = await open("estate");
  const wishes = [
    ["owner", "team-checkout", (one) => one.owners?.includes("team-checkout")],
    ["stream", "checkout", (one) => one.stream === "checkout"],
    ["stream", "*", (one) => !one.stream],
    ["lifecycle", "reason", (one) => one.why?.expires],
    ["lifecycle", "ended", (one) => one.ends?.some((end) => end.kind === "ended")],
    ["lifecycle", "dated", (one) => one.why?.expires || one.ends?.some((end) => end.day)],
  ];
  for (const [name, value, test] of wishes) {
    const expected = all.filter(test);
    assert.ok(expected.length > 0 && expected.length < all.length, `${name}=${value}`);
    await page.selectOption(`#${name}`, { value });
    await shows(page, expected.map((one) => one.address));
    await page.selectOption(`#${name}`, "");
  }
  await page.locator("#ends").getByRole("row", { name: "2027-03-31" }).getByRole("link").click();
  await shows(page, all.filter((one) => one.why?.expires === "2027-03-31").map((one) => one.address));
  // A wish without a field can be taken back.
  await page.getByRole("button", { name: "Take back: ends on 2027-03-31" }).click();
  await says(page, said(all.length, all.length));
  // Nothing is compared, so nothing is new.
  assert.equal(await page.locator("#change").isVisible(), false);
  await well(page);
});

test("what servers make somebody own leads to its decisions and its lines", async () => {
  const all = decisions("estate");
  const page = await open("estate");
  const owned = page.locator("#owned");
  await owned.getByText("2 custom images").click();
  await owned.getByText("services/checkout/shop.yaml:").waitFor();
  await owned.locator('a[data-rows="owned=image"]').click();
  const owners = all.filter((one) => one.owns?.includes("image"));
  assert.deepEqual(owners.map((one) => one.address).sort(), ["Legacy", "Search"]);
  await shows(page, owners.map((one) => one.address));
  await page.locator("#rows").getByRole("button", { name: "Search" }).click();
  await page.locator("#rows").getByText("custom image, Search").waitFor();
  await page.getByRole("button", { name: "Take back: to look after: image" }).click();
  await says(page, said(all.length, all.length));
  await well(page);
});

test("folders are a tree", async () => {
  const all = decisions("estate");
  const page = await open("estate");
  const tree = page.locator("#tree");
  const files = tree.getByRole("button", { name: "Files in services/" });
  assert.equal(await files.getAttribute("aria-expanded"), "false");
  await files.click();
  assert.equal(await files.getAttribute("aria-expanded"), "true");
  // The focus stays, though the tree is made again.
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Files in services/");
  await tree.getByRole("button", { name: /^services\/ / }).click();
  await says(page, said(all.filter((one) => one.path.startsWith("services/")).length, all.length));
  await tree.getByRole("button", { name: /^checkout\/ / }).click();
  await says(page, said(all.filter((one) => one.path.startsWith("services/checkout/")).length, all.length));
  await page.reload();
  assert.equal(await tree.locator('[aria-pressed="true"]').innerText().then((words) => words.startsWith("checkout/")), true);
  await well(page);
});

test("what is new, and what changed, leads to its rows", async () => {
  const all = decisions("changed");
  const page = await open("changed");
  const fresh = all.filter((one) => one.fresh);
  assert.ok(fresh.length > 0 && fresh.length < all.length);
  await page.selectOption("#change", "fresh");
  await shows(page, fresh.map((one) => one.address));
  const change = page.getByRole("region", { name: "What changed" });
  await change.getByRole("link", { name: "Orders" }).click();
  await shows(page, ["Orders"]);
  // One row alone is opened.
  assert.equal(await page.locator(".more").count(), 1);
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await page.selectOption("#change", "new");
  await shows(page, ["Orders"]);
  await well(page);
});

test("a reason and a link are copied", async () => {
  const page = await open("estate", { clipboard: true });
  const pasted = () => page.evaluate(() => navigator.clipboard.readText());
  await page.fill("#q", "Legacy");
  await shows(page, ["Legacy"]);
  await page.locator(".opens").click();
  await page.getByRole("button", { name: "Copy the reason" }).click();
  await page.getByText("reason copied").waitFor();
  assert.equal(await pasted(), await page.locator("pre.copy").innerText());
  assert.match(await pasted(), /because/);
  await page.getByRole("button", { name: "Copy the link to this decision" }).click();
  await page.getByText("link copied").waitFor();
  const link = await pasted();
  const other = await open("estate", { hash: `#${link.split("#")[1]}` });
  await shows(other, ["Legacy"]);
  assert.equal(await other.locator(".more").count(), 1);
  await page.getByRole("button", { name: "Copy the link", exact: true }).click();
  await page.waitForFunction(() => navigator.clipboard.readText().then((words) => words.includes("q=Legacy")));
  for (const one of [page, other]) await well(one);
});

test("what is shown is saved", async () => {
  const all = decisions("hostile");
  const page = await open("hostile");
  const saved = async (name) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
    return readFileSync(await download.path(), "utf8");
  };
  const json = JSON.parse(await saved("Save as JSON"));
  assert.equal(json.schema, "sfl-rows/1");
  assert.equal(json.decisions.length, all.length);
  writeFileSync(`${process.env.PAGES}/rows.json`, JSON.stringify(json));
  await page.selectOption("#state", "justified");
  await says(page, "1 of 6 decisions");
  const csv = await saved("Save as CSV");
  const lines = csv.split("\r\n");
  assert.equal(lines.length, 3, csv);
  assert.match(lines[0], /^path,line,address,/);
  assert.ok(lines[1].includes("{{constructor}}${alert(3)}"), csv);
  await well(page);
  // A cell is no formula.
  const odd = await open("formulas");
  const [download] = await Promise.all([odd.waitForEvent("download"), odd.getByRole("button", { name: "Save as CSV" }).click()]);
  const text = readFileSync(await download.path(), "utf8");
  assert.ok(text.includes("'=cmd|x"), text);
  assert.ok(!/(^|,)"?=/m.test(text), text);
  await well(odd);
});

test("three-digit counts stand beside the rail of their ladder", async () => {
  const page = await open("many");
  const overlaps = await page.locator("#ladders article svg").evaluateAll((pictures) =>
    pictures.flatMap((picture) => {
      const rail = picture.querySelector(".rail").getBoundingClientRect();
      const own = picture.getBoundingClientRect();
      const totals = [...picture.querySelectorAll(".total")].map((total) => total.getBoundingClientRect());
      return totals.filter((box) => box.left < rail.right || box.right > own.right + 1).map((box) => `${box.left} ${rail.right} ${box.right}`);
    }));
  assert.deepEqual(overlaps, []);
  assert.ok((await page.locator("#ladders .total").allTextContents()).some((words) => words.length >= 4));
  await well(page);
});

test("thirty thousand decisions are shown in two seconds", async () => {
  const page = await open("many");
  const ready = await page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd);
  console.log(`30,000 decisions: loaded in ${Math.round(ready)} ms`);
  assert.ok(ready > 0);
  assert.equal(await count(page), "All 30000 decisions");
  await well(page);
});

test("the trend stands in the page where it is asked for", async () => {
  const page = await open("past");
  const picture = page.locator("#trend svg.sfl-trend");
  assert.equal(await picture.count(), 1);
  // Its colours are there: the page's policy lets its style sheet in.
  assert.notEqual(await picture.locator(".score").first().evaluate((line) => getComputedStyle(line).strokeWidth), "1px");
  assert.match(await page.locator("#trend").innerText(), /<b>Orders<\/b> on a server/);
  assert.equal(await page.locator("#trend b").count(), 0);
  await accessible(page);
  await well(page);
  const other = await open("changed");
  assert.equal(await other.locator("#trend").count(), 0);
  await well(other);
});
