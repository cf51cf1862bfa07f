/** What a visitor narrows in the widget, in which language each widget speaks, and what is left where its list cannot run. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Locator, Page, Route } from "playwright-core";
import { ask, axe, DESK, RESULTS, STAVROPOL, visit } from "./harness.js";
import { browser, frameOf, guest, line, mapReady, NARROW, service, shown, startGuests, stopGuests, TOWN } from "./widget_guest.js";

const LIST_FILE = /\/assets\/widget_list-\w+\.js$/;

beforeAll(startGuests);
afterAll(stopGuests);

/** The ten nearest by the API's own word. */
async function nearest(more: Record<string, unknown> = {}): Promise<string[]> {
  return (await ask(service.url, { ...STAVROPOL, limit: 10, ...more })).features.map(({ id }) => id);
}

const chip = (page: Page, name: string): Locator => page.locator(`ryadom-map ry-filter-bar input[name="${name}"]`);
/** Every place that has a pin of its own on the map; its clusters have none. */
const pinned = (page: Page): Promise<string[]> => frameOf(page).locator("button.place").evaluateAll((pins) => pins.map((pin) => (pin as HTMLElement).dataset["id"] ?? ""));
const museums = async (): Promise<string[]> => (await ask(service.url, { ...STAVROPOL, limit: 100, category: ["museum"] })).features.map(({ id }) => id);

/** Waits until the map shows museums and nothing else. */
async function mapOfMuseums(page: Page): Promise<void> {
  const known = await museums();
  await expect.poll(async () => {
    const pins = await pinned(page);
    return pins.length > 0 && pins.every((id) => known.includes(id));
  }, { message: "the map shows museums alone", timeout: 10_000 }).toBe(true);
}

/** Writes down what the widget tells the page, from before it stands. */
const listen = (page: Page): Promise<unknown> => page.addInitScript(() => {
  const told: [string, unknown][] = ((globalThis as unknown as { told: [string, unknown][] }).told = []);
  for (const name of ["list", "filter", "map"]) addEventListener(`ryadom-${name}`, (event) => told.push([name, (event as CustomEvent).detail]));
});
const told = (page: Page, name: string): Promise<unknown[]> => page.evaluate((wanted) =>
  (globalThis as unknown as { told: [string, unknown][] }).told.filter(([said]) => said === wanted).map(([, detail]) => detail), name);

/** A file that comes when it is let go. */
function held(): { readonly route: (route: Route) => Promise<void>; readonly release: () => void } {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => { release = resolve; });
  return { release, route: (route) => released.then(() => route.continue()) };
}

/** For what is no matter of the map, which takes its time: a frame that says nothing. */
const withoutMap = (page: Page): Promise<unknown> => page.context().route(/\/embed\?/, (route) =>
  route.fulfill({ contentType: "text/html", body: "<!doctype html><html lang=en><title>no map</title><main><h1>no map</h1></main>" }));

describe("the chips", () => {
  it.each([["320-light", NARROW, "light", "ru", "Открыто сейчас"], ["1440-dark", DESK, "dark", "en", "Open now"]] as const)(
    "narrow list and map together, by the keyboard too (%s)", async (name, viewport, colorScheme, lang, open) => {
      const { page, shot, end } = await guest(`<a href="#before">до</a>${line(`${TOWN.replace("ru", lang)} data-accent="#b00020"`)}`, { viewport, colorScheme }, listen);
      expect(await shown(page)).toEqual(await nearest());
      await mapReady(page);
      expect(await frameOf(page).locator("ry-filter-bar").count(), "no second chips in the frame").toBe(0);
      await expect.poll(() => chip(page, "museum").count()).toBe(1); // the categories have come
      for (let press = 0; press < 30 && !(await chip(page, "open").evaluate((box) => box.matches(":focus"))); press += 1) await page.keyboard.press("Tab");
      expect(await page.locator("ryadom-map ry-filter-bar label:has(:focus)").textContent()).toContain(open);
      for (let press = 0; press < 2; press += 1) await page.keyboard.press("Tab"); // open, free, the first category
      await page.keyboard.press("Space");
      expect(await chip(page, "museum").isChecked()).toBe(true);
      await expect.poll(() => shown(page)).toEqual(await nearest({ category: ["museum"] }));
      await mapOfMuseums(page);
      expect(await chip(page, "museum").evaluate((box) => box.matches(":focus")), "the focus stays").toBe(true);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll").toBe(true);
      expect(await page.locator("ryadom-map ry-filter-bar label:has(:checked)").evaluate((label) => getComputedStyle(label).backgroundColor), "the owner's colour")
        .toBe(await page.locator("ryadom-map .root").evaluate((root) => {
          const probe = root.appendChild(document.createElement("i"));
          probe.style.color = "var(--brand)";
          const colour = getComputedStyle(probe).color;
          probe.remove();
          return colour;
        }));
      expect(await axe(page)).toEqual([]);
      await page.waitForTimeout(300); // for the picture
      await shot(`widget-chips-${name}`);
      await page.keyboard.press("Space");
      await expect.poll(() => shown(page)).toEqual(await nearest());
      expect(await told(page, "filter")).toEqual([{ category: "museum", open: "", benefit: "" }, { category: "", open: "", benefit: "" }]);
      await end();
    });

  it("begin where the owner has set them, and the page has the last word", async () => {
    const { page, end } = await guest(line(`${TOWN} data-category="museum"`), {}, withoutMap);
    const map = page.locator("ryadom-map");
    const all = await nearest();
    const narrowed = await nearest({ category: ["museum"] });
    expect(await shown(page)).toEqual(narrowed);
    expect(await chip(page, "museum").isChecked()).toBe(true);
    await chip(page, "museum").uncheck();
    await expect.poll(() => shown(page)).toEqual(all);
    expect(await map.getAttribute("category"), "what a visitor chooses is written nowhere").toBe("museum");
    await chip(page, "free").check();
    await expect.poll(() => shown(page)).toEqual(await nearest({ benefit: "free" }));
    await map.evaluate((element) => element.setAttribute("category", "museum"));
    await expect.poll(() => shown(page)).toEqual(await nearest({ category: ["museum"], benefit: "free" }));
    expect(await chip(page, "museum").isChecked()).toBe(true);
    await map.evaluate((element) => element.setAttribute("benefit", ""));
    await expect.poll(() => shown(page)).toEqual(narrowed);
    expect(await chip(page, "free").isChecked()).toBe(false);
    await end();
  });

  it("are not there where the owner wants none, and the map stays as it is when they come", async () => {
    const { page, asked, end } = await guest(line(`${TOWN} data-filters="off"`), {}, withoutMap);
    await shown(page);
    await page.locator("ryadom-map iframe").waitFor();
    expect(await chip(page, "open").isVisible()).toBe(false);
    await page.locator("ryadom-map").evaluate((element) => element.removeAttribute("filters"));
    await page.locator("ryadom-map ry-filter-bar").waitFor();
    await page.waitForTimeout(300); // a new address would have been followed
    expect(asked.filter((url) => url.includes("/embed")).length, "the frame was not loaded anew").toBe(1);
    await page.locator("ryadom-map").evaluate((element) => element.setAttribute("list", "off"));
    await page.locator("ryadom-map ry-filter-bar").waitFor({ state: "hidden" });
    await end();
  });

  it("take a condition off the map too when the empty list offers it", async () => {
    const { page, end } = await guest(line(`${TOWN} data-bbox="41.9,45.0,41.95,45.02" data-category="museum"`), {}, async (one) => {
      await listen(one);
      await withoutMap(one);
    });
    await page.locator("ryadom-map .empty").waitFor();
    expect(await told(page, "list"), "nothing outside the area is listed").toContainEqual({ count: 0 });
    await page.locator('ryadom-map [data-widen="category"]').click();
    await expect.poll(() => told(page, "filter")).toEqual([{ category: "", open: "", benefit: "" }]);
    await expect.poll(() => chip(page, "museum").isChecked()).toBe(false);
    await end();
  });

  it("are hidden in a plain frame by the same word", async () => {
    const { page, end } = await visit(browser, `${service.url}/embed?filters=off`);
    await page.locator("ry-place-list a[data-id]").first().waitFor();
    expect(await page.locator("ry-filter-bar").count()).toBe(0);
    await end();
  });

  it("of the builder's preview make its line", async () => {
    const page = await (await browser.newContext({ viewport: DESK })).newPage();
    await withoutMap(page);
    await page.goto(`${service.url}/embed/builder`);
    await chip(page, "museum").check();
    const made = page.locator('[data-line="script"] code');
    await expect.poll(() => made.textContent()).toContain('data-category="museum"');
    expect(await page.locator('form ry-filter-bar input[name="museum"]').isChecked()).toBe(true);
    await page.getByLabel("Кнопки отбора для посетителей").uncheck();
    await expect.poll(() => made.textContent()).toContain('data-filters="off"');
    await page.locator("ryadom-map ry-filter-bar").waitFor({ state: "hidden" });
    await page.context().close();
  });
});

it("two widgets of a page each speak their own language, whatever happens in the other", async () => {
  const { page, errors, shot, end } = await guest(line(TOWN) + line(TOWN.replace("ru", "en")), { viewport: { width: 360, height: 2400 } }, withoutMap);
  const [ru, en] = [page.locator("ryadom-map").first(), page.locator("ryadom-map").last()];
  const speaks = async (widget: Locator, words: readonly string[], others: readonly string[]): Promise<void> => {
    for (const word of words) await widget.getByText(word).first().waitFor();
    for (const word of others) expect(await widget.getByText(word).count(), word).toBe(0);
  };
  const RU = ["Льготы для многодетных семей", "Открыто сейчас", "Музеи и выставки", "расстояние от центра", "Все места на карте"];
  const EN = ["Benefits for large families", "Open now", "Museums", "distance from the centre", "All places on the Ryadom map"];
  await speaks(ru, [...RU, "10 ближайших мест"], EN);
  await speaks(en, [...EN, "The nearest 10 places"], RU);
  await en.locator('ry-filter-bar input[name="museum"]').check();
  await ru.getByRole("button", { name: "Показать ещё" }).click();
  await speaks(ru, [...RU, "20 ближайших мест"], EN);
  await expect.poll(() => en.locator('ry-place-list[aria-busy="false"]').count()).toBe(1);
  await speaks(en, EN, RU);
  await shot("widget-two-languages");
  await page.context().route("**/nearest", (route) => route.abort());
  await ru.locator('ry-filter-bar input[name="open"]').check();
  await en.locator('ry-filter-bar input[name="open"]').check();
  await speaks(ru, ["Не удалось загрузить список", "Нет связи с сервером", "Попробовать ещё раз"], ["Try again"]);
  await speaks(en, ["The list could not be loaded", "The server cannot be reached", "Try again"], ["Попробовать ещё раз"]);
  await en.evaluate((element) => element.setAttribute("lang", "ru"));
  await speaks(en, ["Не удалось загрузить список", "Нет связи с сервером", "Открыто сейчас", "Все места на карте"], EN);
  errors.splice(0); // the browser's own words about what did not load
  await end();
});

describe("where the list's file", () => {
  const broken = { contentType: "text/javascript", headers: { "access-control-allow-origin": "*" } };
  it.each([
    ["throws", { ...broken, body: 'throw new TypeError("Illegal constructor")' }],
    ["throws when it is mounted", { ...broken, body: 'export function mount() { throw new TypeError("Illegal constructor") }' }],
    ["is not there", null],
  ] as const)("%s, the bare rows stay and follow the attributes", async (how, answer) => {
    const whole = how === "throws"; // once is enough to see that the map is none the worse, and hears what was said before it came
    const late = held();
    const { page, errors, shot, end } = await guest(line(TOWN), {}, async (one) => {
      await listen(one);
      if (whole) await one.context().route(/\/assets\/embed-[\w-]+\.js$/, late.route);
      else await withoutMap(one);
      await one.context().route(LIST_FILE, (route) => (answer === null ? route.abort() : route.fulfill(answer)));
    });
    const rows = (): Promise<string[]> => page.locator("ryadom-map .first a").evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
    const linked = async (more = {}): Promise<string[]> => (await nearest(more)).map((id) => `${service.url}/place/${id}?lang=ru`);
    await expect.poll(rows).toEqual(await linked());
    await page.locator("ryadom-map iframe").waitFor(); // its address is made
    await page.locator("ryadom-map").evaluate((element) => element.setAttribute("category", "museum"));
    await expect.poll(rows).toEqual(await linked({ category: ["museum"] }));
    if (whole) {
      late.release();
      await mapOfMuseums(page);
      const states = new Set((await told(page, "map")).map((said) => (said as { state: string }).state));
      expect([...states], "the map is whole").toEqual(["ready"]);
      expect(await axe(page)).toEqual([]);
      await shot("widget-bare-rows");
    } else {
      await page.locator("ryadom-map").evaluate((element) => element.setAttribute("bbox", "41.9,45.0,41.95,45.02"));
      await page.locator("ryadom-map").getByText("Ничего не нашлось.").waitFor();
      expect(await rows(), "nothing outside the area").toEqual([]);
      await page.locator("ryadom-map").evaluate((element) => element.removeAttribute("bbox"));
      await expect.poll(rows).toEqual(await linked({ category: ["museum"] }));
    }
    expect(errors.splice(0).filter((text) => text.startsWith("ryadom-map:")), "the console is told why").not.toEqual([]);
    await end();
  });

  it("does not come, the bare rows are read meanwhile, and a reader of one goes on in the list", async () => {
    const late = held();
    const { page, end } = await guest(line(TOWN), {}, async (one) => {
      await withoutMap(one);
      await one.context().route(LIST_FILE, late.route);
    });
    const third = page.locator("ryadom-map .first a").nth(2);
    await third.focus();
    const id = await third.getAttribute("data-id");
    expect(await page.locator("ryadom-map ry-widget-list").count()).toBe(0);
    late.release();
    await shown(page);
    await expect.poll(() => page.locator(`ryadom-map ry-place-list a[data-id="${id}"]`).evaluate((link) => link.matches(":focus"))).toBe(true);
    expect(await page.locator("ryadom-map .first").count()).toBe(0);
    await end();
  });

  it.each(["ry-widget-list", "ry-place-list"])("runs but %s cannot draw, the bare rows stay", async (broken) => {
    const { page, errors, end } = await guest(line(TOWN), {}, async (one) => {
      await withoutMap(one);
      await one.addInitScript((name) => {
        const define = customElements.define.bind(customElements);
        customElements.define = (defined, element) => {
          if (defined === name) (element.prototype as { render(): void }).render = () => { throw new TypeError("cannot draw"); };
          define(defined, element);
        };
      }, broken);
    });
    const bare = page.locator("ryadom-map .first a");
    await expect.poll(() => bare.count()).toBe(10);
    await expect.poll(() => errors.join()).toContain("cannot draw");
    expect(await bare.last().isVisible()).toBe(true);
    expect(await bare.count()).toBe(10);
    errors.splice(0);
    await end();
  });
});

/** Safari before 16.4. */
const withoutSheets = (page: Page): Promise<unknown> => page.addInitScript(() => {
  for (const one of [Document, ShadowRoot]) delete (one.prototype as { adoptedStyleSheets?: unknown }).adoptedStyleSheets;
  for (const name of ["replace", "replaceSync"] as const) delete (CSSStyleSheet.prototype as Partial<CSSStyleSheet>)[name];
  globalThis.CSSStyleSheet = class { constructor() { throw new TypeError("Illegal constructor"); } } as never;
});

describe("in a browser without constructed style sheets", () => {
  it("the widget is its bare rows, with neither a list's file nor a map that could not be", async () => {
    const { page, errors, asked, shot, end } = await guest(line(TOWN), {}, async (one) => {
      await listen(one);
      await withoutSheets(one);
    });
    await expect.poll(() => page.locator("ryadom-map .first a").evaluateAll((links) => links.map((link) => (link as HTMLElement).dataset["id"]))).toEqual(await nearest());
    await expect.poll(() => told(page, "map")).toEqual([{ state: "failed" }]);
    expect(await page.locator("ryadom-map .map").isVisible()).toBe(false);
    expect(asked.filter((url) => LIST_FILE.test(url) || url.includes("/embed"))).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll").toBe(true);
    expect(await axe(page)).toEqual([]);
    await shot("widget-old-browser");
    expect(errors.splice(0).join("\n")).toMatch(/style-src[^]*ryadom-map: Error: no constructed style sheets/);
    await end();
  });

  it("the frame is the rows that the server has printed", async () => {
    const { page, end } = await visit(browser, `${service.url}/embed?category=museum&accent=b00020`, {}, withoutSheets);
    await page.waitForLoadState();
    expect(await page.locator(".first-rows a[target=_blank]").count()).toBeGreaterThan(3);
    expect(await page.locator(".first-rows a").first().isVisible()).toBe(true);
    await page.screenshot({ path: join(RESULTS, "embed-old-browser.png") });
    await end();
  });
});
