import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, count, decisions, open, says, shows, start, stop, texts, well } from "./browser.mjs";

before(start);
after(stop);

const rowsOf = (page) => page.locator("#rows tr:not(.more)");
const said = (found, all) => (found === all ? `All ${all} decisions` : `${found} of ${all} decisions`);

test("opens from a file without a word or a request", async () => {
  for (const name of ["shop", "estate", "changed", "empty"]) {
    const page = await open(name);
    assert.match(await page.title(), /^sfl: /);
    await well(page);
  }
});

test("every filter finds what the data says", async () => {
  const all = decisions("shop");
  assert.ok(all.length > 20);
  const page = await open("shop");
  assert.equal(await count(page), said(all.length, all.length));
  const wishes = [
    ["ladder", "compute", (one) => one.ladder === "compute"],
    ["rung", "4", (one) => one.rung === 4],
    ["owner", "team-billing", (one) => one.owners?.includes("team-billing")],
    ["owner", "**", (one) => one.owners?.includes("*")],
    ["owner", "*", (one) => !one.owners],
    ["lifecycle", "reason", (one) => one.why?.expires],
    ["state", "serverless", (one) => one.state === "serverless"],
    ["state", "open", (one) => one.state === "open"],
    ["state", "justified", (one) => one.state === "justified"],
    ["doubt", "uncertain", (one) => one.doubts?.length > 0],
    ["doubt", "certain", (one) => !one.doubts],
  ];
  for (const [name, value, test] of wishes) {
    const expected = all.filter(test);
    assert.ok(expected.length > 0 && expected.length < all.length, `${name}=${value}`);
    await page.selectOption(`#${name}`, { value });
    await says(page, said(expected.length, all.length));
    await shows(page, expected.map((one) => one.address));
    await page.selectOption(`#${name}`, "");
  }
  // Together they narrow.
  await page.selectOption("#ladder", "compute");
  await page.selectOption("#state", "justified");
  const both = all.filter((one) => one.ladder === "compute" && one.state === "justified");
  await says(page, said(both.length, all.length));
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await says(page, said(all.length, all.length));
  assert.equal(await page.inputValue("#ladder"), "");
  await well(page);
});

test("the search reads addresses, types, files, reasons and owners", async () => {
  const all = decisions("shop");
  const page = await open("shop");
  for (const [words, expected] of [
    ["LICENSED", ["Licensed"]],
    ["team-billing", ["Licensed"]],
    ["sockets another", ["Noted"]],
    ["more.yaml ecs", ["Unsure"]],
    ["no such words", []],
  ]) {
    await page.fill("#q", words);
    await says(page, said(expected.length, all.length));
    await shows(page, expected);
  }
  await well(page);
});

test("columns sort both ways and say so", async () => {
  const page = await open("shop");
  const column = { Rung: "of-rung", Decision: "of-address .opens", Ladder: "of-ladder", File: "of-path", Owner: "of-owner" };
  for (const [name, kind] of Object.entries(column)) {
    const head = page.locator("#decisions").getByRole("columnheader", { name });
    for (const way of ["ascending", "descending"]) {
      await head.getByRole("button").click();
      // The rung's first click turns what is sorted already.
      if ((await head.getAttribute("aria-sort")) !== way) await head.getByRole("button").click();
      assert.equal(await head.getAttribute("aria-sort"), way);
      const shown = await texts(page, `#rows .${kind}`);
      const order = new Intl.Collator(undefined, { numeric: true }).compare;
      const sorted = [...shown].sort(order);
      if (way === "descending") sorted.reverse();
      assert.deepEqual(shown, sorted, `${name} ${way}`);
      assert.ok(new Set(shown).size > 1, name);
    }
    assert.equal(await page.locator("[aria-sort=ascending], [aria-sort=descending]").count(), 1);
  }
  await well(page);
});

test("everything can be done with the keyboard, and the focus is seen", async () => {
  const page = await open("shop");
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return { id: element.id, kind: element.className, seen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
    });
  await page.keyboard.press("Tab");
  assert.equal((await focused()).kind, "skip");
  assert.ok((await page.locator(".skip").first().boundingBox()).x >= 0);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.deepEqual(await focused(), { id: "q", kind: "", seen: true });
  await page.keyboard.type("Licensed");
  await says(page, said(1, decisions("shop").length));
  await page.keyboard.press("Tab");
  assert.deepEqual(await focused(), { id: "state", kind: "", seen: true });
  await page.keyboard.type("just");
  assert.equal(await page.inputValue("#state"), "justified");
  let now;
  for (let at = 0; at < 40; at++) {
    await page.keyboard.press("Tab");
    now = await focused();
    assert.ok(now.seen, JSON.stringify(now));
    if (now.kind === "opens") break;
  }
  assert.equal(now.kind, "opens");
  const button = page.locator(".opens");
  for (const [key, open] of [["Enter", "true"], ["Space", "false"], ["Space", "true"]]) {
    await page.keyboard.press(key);
    assert.equal(await button.getAttribute("aria-expanded"), open);
    assert.equal(await page.locator(".more").count(), Number(open === "true"));
  }
  assert.equal(await button.getAttribute("aria-controls"), await page.locator(".more").getAttribute("id"));
  await well(page);
});

test("details tell the reason, the doubt, the way up and the lines", async () => {
  const page = await open("shop", { hash: "#path=more.yaml" });
  for (const button of await page.locator(".opens").all()) await button.click();
  const more = async (address) => {
    const row = rowsOf(page).filter({ has: page.getByRole("button", { name: address, exact: true }) });
    return row.locator("xpath=following-sibling::tr[1]");
  };
  const licensed = await more("Licensed");
  for (const words of ["licence: the licence is bound", "team-billing", "2027-03-31", "Way up"]) {
    assert.ok((await licensed.innerText()).includes(words), words);
  }
  const evidence = licensed.getByRole("link", { name: "https://example.com/licence?a=1&b=2" });
  assert.equal(await evidence.getAttribute("href"), "https://example.com/licence?a=1&b=2");
  // A file is evidence, but nothing to open.
  const noted = await more("Noted");
  assert.ok((await noted.innerText()).includes("more.yaml"));
  assert.equal(await noted.getByRole("link").count(), 0);
  const unsure = await more("Unsure");
  assert.match(await unsure.innerText(), /Not sure[^]*Kind[^]*Reachable[^]*EC2/);
  assert.equal(await unsure.locator("mark").innerText(), "LaunchType: !Ref Kind");
  assert.match(await (await more("Perhaps")).innerText(), /may leave it out/);
  await well(page);
});

test("a view is its address", async () => {
  const page = await open("shop");
  await page.selectOption("#ladder", "compute");
  await page.fill("#q", "fixture & team=ü #1");
  await says(page, said(0, decisions("shop").length));
  await page.fill("#q", "aws");
  await page.getByRole("button", { name: "Decision", exact: true }).click();
  await page.waitForFunction(() => location.hash.includes("q=aws"));
  const hash = await page.evaluate(() => location.hash);
  const shown = await texts(page, ".opens");
  const again = await open("shop", { hash });
  assert.deepEqual(await texts(again, ".opens"), shown);
  assert.equal(await again.inputValue("#q"), "aws");
  assert.equal(await again.inputValue("#ladder"), "compute");
  assert.equal(await again.locator("#decisions").getByRole("columnheader", { name: "Decision" }).getAttribute("aria-sort"), "ascending");
  // A ladder leads to its decisions; nonsense leads to all.
  await again.getByRole("link", { name: "all nosql decisions" }).click();
  const nosql = decisions("shop").filter((one) => one.ladder === "nosql");
  await says(again, said(nosql.length, decisions("shop").length));
  const odd = await open("shop", { hash: "#sort=__proto__&page=-7&x=%" });
  assert.equal(await count(odd), said(decisions("shop").length, decisions("shop").length));
  for (const one of [page, again, odd]) await well(one);
});

test("thirty thousand decisions", async () => {
  const all = decisions("many");
  assert.equal(all.length, 30000);
  const page = await open("many");
  assert.equal(await count(page), "All 30000 decisions");
  assert.equal(await rowsOf(page).count(), 50);
  await page.getByRole("button", { name: "Last" }).click();
  assert.equal(await page.locator("#page").innerText(), "Page 600 of 600");
  assert.equal(await rowsOf(page).count(), 50);
  assert.equal(await page.getByRole("button", { name: "Next" }).getAttribute("aria-disabled"), "true");
  await page.evaluate(() => { location.hash = "#path=77.yaml"; });
  await says(page, "100 of 30000 decisions");
  assert.equal(await page.locator("#page").innerText(), "Page 1 of 2");
  await page.selectOption("#rung", "4");
  await says(page, "25 of 30000 decisions");
  assert.ok((await texts(page, ".opens")).every((address) => /^R77x\d+$/.test(address)));
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await page.fill("#q", "R199x99");
  await says(page, "1 of 30000 decisions");
  await well(page);
});

test("what a template says is shown and does nothing", async () => {
  const page = await open("hostile");
  assert.equal(await page.locator("script").count(), 2);
  for (const button of await page.locator(".opens").all()) await button.click();
  for (const summary of await page.locator("summary").all()) await summary.click();
  const shown = await page.locator("body").innerText();
  for (const words of [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "<!--<script>",
    "\ufffdevil\ufffd '\"`",
    "{{constructor}}${alert(3)}",
    "<b onclick=alert(4)>the licence</b>",
    "</option><script>alert(5)</script>",
    "AWS::New::<svg onload=alert(8)>",
    "javascript:alert(7)",
    "a'b&<i>.json",
  ]) {
    assert.ok(shown.includes(words), words);
  }
  assert.equal(await page.locator("img, svg[onload], [onclick], [onerror], iframe, object, i").count(), 0);
  const hrefs = await page.locator("a[href]").evaluateAll((links) => links.map((link) => link.href.baseVal ?? link.href));
  assert.ok(hrefs.length > 0);
  for (const href of hrefs) assert.match(href, /^((https?|file):\/\/|#component=)/);
  // Hovering, clicking and searching it changes nothing.
  await page.fill("#q", "<script>");
  await page.selectOption("#owner", "</option><script>alert(5)</script>");
  await says(page, "1 of 6 decisions");
  await well(page);
});

for (const scheme of ["light", "dark"]) {
  for (const width of [1280, 375]) {
    test(`can be read by everybody: ${scheme}, ${width} pixels`, async () => {
      for (const name of ["shop", "estate", "changed", "hostile", "many", "empty"]) {
        const page = await open(name, { scheme, width });
        for (const button of (await page.locator(".opens").all()).slice(0, 3)) await button.click();
        for (const summary of await page.locator("summary").all()) await summary.click();
        await accessible(page);
        const [whole, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(whole <= seen, `${name}: ${whole} of ${seen} pixels`);
        await well(page);
      }
    });
  }
}

test("names, roles and landmarks", async () => {
  const page = await open("shop");
  for (const [role, name] of [
    ["main", ""],
    ["banner", ""],
    ["contentinfo", ""],
    ["form", "Filters"],
    ["navigation", "Pages of decisions"],
    ["navigation", "Folders"],
    ["region", "Ladders"],
    ["region", "Map"],
    ["region", "Decisions"],
    ["searchbox", "Search"],
    ["combobox", "Owner"],
  ]) {
    // Pages that fit on one have no navigation.
    const visible = name !== "Pages of decisions";
    const found = page.getByRole(role, { ...(name && { name, exact: true }), includeHidden: !visible });
    assert.equal(await found.count(), 1, `${role} ${name}`);
  }
  const picture = page.getByRole("img", { name: /^compute ladder, score \d+\. Rung 1, serverless: \d+ decisions?/ });
  assert.equal(await picture.count(), 1);
  await well(page);
});

test("without a script the summary, the ladders and the findings are there", async () => {
  const open_ = decisions("shop").filter((one) => one.state === "open").length;
  const page = await open("shop", { script: false });
  assert.equal(await page.locator("#decisions").isVisible(), false);
  assert.ok((await page.locator("article svg").count()) > 5);
  assert.ok(await page.locator("#map-view svg").isVisible());
  assert.equal(await page.locator("#map .tools").isVisible(), false);
  assert.equal(await page.locator("a[data-rows][href]").count(), 0);
  assert.equal(await page.locator("noscript tbody tr").count(), open_);
  assert.ok(await page.locator("noscript tbody tr").first().isVisible());
  await well(page);
});

test("a change is told", async () => {
  const page = await open("changed");
  const told = await page.getByRole("region", { name: "What changed" }).innerText();
  for (const words of ["This change", "new", "Orders", "b.yaml", "down", "Unsure"]) {
    assert.ok(told.toLowerCase().includes(words.toLowerCase()), `${words}: ${told}`);
  }
  await page.fill("#q", "Perhaps");
  await says(page, said(1, decisions("changed").length));
  assert.match(await rowsOf(page).innerText(), /known before/);
  await well(page);
});
