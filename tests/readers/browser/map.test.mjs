// The map within the page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, decisions, open, shows, start, stop, well } from "./browser.mjs";

before(start);
after(stop);

const width = (page) => page.locator("#map-view svg").evaluate((picture) => picture.getBoundingClientRect().width);
const sign = (page, name) => page.getByRole("link", { name: new RegExp(`^${name}: `) });

test("zoom by buttons, wheel and keys", async () => {
  const page = await open("estate");
  const zoomed = async (does) => {
    const before = await width(page);
    await does();
    return (await width(page)) / before;
  };
  assert.ok((await zoomed(() => page.getByRole("button", { name: "Zoom in" }).click())) > 1.1);
  assert.ok((await zoomed(() => page.getByRole("button", { name: "Zoom out" }).click())) < 0.9);
  await page.locator("#map-view").focus();
  assert.ok((await zoomed(() => page.keyboard.press("+"))) > 1.1);
  assert.ok((await zoomed(() => page.keyboard.press("-"))) < 0.9);
  await page.locator("#map-view").hover();
  // Without ctrl, the wheel belongs to the page.
  assert.equal(await zoomed(() => page.mouse.wheel(0, 10)), 1);
  await page.locator("#map-view").scrollIntoViewIfNeeded();
  await page.locator("#map-view").hover();
  await page.keyboard.down("Control");
  assert.ok((await zoomed(async () => {
    await page.mouse.wheel(0, -200);
    await page.waitForTimeout(100);
  })) > 1.1);
  await page.keyboard.up("Control");
  // The mouse takes the map along, and that is no click.
  const box = await page.locator("#map-view").boundingBox();
  const before = await page.locator("#map-view").evaluate((view) => view.scrollLeft);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 60, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  assert.ok((await page.locator("#map-view").evaluate((view) => view.scrollLeft)) > before);
  assert.equal(await page.evaluate(() => location.hash.includes("component")), false);
  await page.getByRole("button", { name: "Whole map" }).click();
  const [whole, seen] = await page.locator("#map-view").evaluate((view) => [view.scrollHeight, view.clientHeight]);
  assert.ok(whole <= seen + 2, `${whole} ${seen}`);
  await well(page);
});

test("a component says what it is, where and why, and leads to its decisions", async () => {
  const page = await open("estate");
  const card = page.locator("#map-card");
  await sign(page, "Legacy").locator(".dot").hover();
  const words = await card.innerText();
  for (const part of ["Legacy", "compute/server", "without a reason", "way up", "services/checkout/shop.yaml", "team-checkout"]) {
    assert.ok(words.includes(part), `${part}: ${words}`);
  }
  await page.mouse.move(0, 0);
  await card.waitFor({ state: "hidden" });
  await sign(page, "Legacy").locator(".dot").click();
  await shows(page, ["Legacy"]);
  assert.ok(await page.getByRole("button", { name: "Take back: on the map: Legacy" }).isVisible());
  // And from the row back to the map.
  await page.locator(".opens").click();
  await page.getByRole("button", { name: "Show it on the map" }).click();
  assert.match(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), /^Legacy: /);
  await well(page);
});

test("every component is reached by the keyboard", async () => {
  const page = await open("estate");
  await page.locator("#map-view").focus();
  const all = await page.locator("#map-view .component").count();
  assert.ok(all > 3);
  for (let at = 0; at < all; at++) {
    await page.keyboard.press("Tab");
    const [kind, outline] = await page.evaluate(() => [
      document.activeElement.getAttribute("class"), getComputedStyle(document.activeElement).outlineStyle,
    ]);
    assert.match(kind, /component/);
    assert.notEqual(outline, "none");
    assert.ok(await page.locator("#map-card").isVisible());
  }
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#map-card").isVisible(), false);
  const name = await page.evaluate(() => document.activeElement.getAttribute("aria-label").split(": ")[0]);
  await page.keyboard.press("Enter");
  const component = decisions("estate", "components").indexOf(name);
  await shows(page, decisions("estate").filter((one) => one.component === component).map((one) => one.address));
  await well(page);
});

test("its labels lie on nothing, grouped or not, wide or narrow", async () => {
  for (const name of ["shop", "estate", "many", "hostile"]) {
    for (const width of [1280, 375]) {
      const page = await open(name, { width });
      const boxes = await page.locator("#map-view .label, #map-view .anchor text").evaluateAll((labels) =>
        labels.map((label) => ({ words: label.textContent, ...label.getBoundingClientRect().toJSON() })));
      assert.ok(boxes.length > 0 && boxes.length <= 60, `${name}: ${boxes.length}`);
      const crossed = boxes.flatMap((a, at) => boxes.slice(at + 1)
        .filter((b) => a.left < b.right && b.left < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom)
        .map((b) => `${a.words} / ${b.words}`));
      assert.deepEqual(crossed, [], name);
      // Letters stay letters.
      assert.ok(boxes.every((box) => box.height >= 9), `${name}: ${boxes[0].height}`);
      await well(page);
    }
  }
});

test("the card can be read by everybody", async () => {
  for (const scheme of ["light", "dark"]) {
    const page = await open("estate", { scheme });
    await sign(page, "Legacy").focus();
    await accessible(page);
    await well(page);
  }
});
