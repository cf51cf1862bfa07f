/** The page `/` against the real service, in Chromium: what it shows equals what the API says. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, Page } from "playwright-core";
import { ask, axe, DESK, get, PHONE, settled, shownIds, SLOW, STAVROPOL, startBrowser, startService, visit, type Service, type Visit } from "./harness.js";

let service: Service;
let browser: Browser;

beforeAll(async () => {
  service = await startService();
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

const open = (path = "/", options = {}): Promise<Visit> => visit(browser, `${service.url}${path}`, options);
const ids = async (question: Record<string, unknown>): Promise<string[]> =>
  (await ask(service.url, { ...STAVROPOL, limit: 20, lang: "ru", ...question })).features.map(({ id }) => id);
const row = (page: Page, id: string) => page.locator(`ry-place-list a[data-id="${id}"]`);
const chip = (page: Page, name: string) => page.locator(`ry-filter-bar label:has(input[name="${name}"])`);
const focusedRow = (page: Page): Promise<string | null> => page.evaluate(() => {
  let at: Element | null = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.getAttribute("data-id") ?? null;
});
/** The first place near Stavropol that has what is asked, with its full record. */
async function placeWith(wanted: (properties: Record<string, unknown>) => boolean): Promise<{ id: string; geometry: { coordinates: [number, number] }; properties: Record<string, never> }> {
  for (const id of await ids({ limit: 100 })) {
    const place = await get<Awaited<ReturnType<typeof placeWith>>>(`${service.url}/api/v1/locations/${id}?lang=ru`);
    if (wanted(place.properties)) return place;
  }
  throw new Error("the demonstration data has no such place");
}

describe.each([["phone", PHONE], ["desk", DESK]] as const)("on a %s", (device, viewport) => {
  describe.each(["light", "dark"] as const)("in the %s", (colorScheme) => {
    it.each((["ru", "en"] as const).filter((lang) => SLOW || (lang === "ru") === (colorScheme === "light")))("the list and the card equal the API's answer (%s)", async (lang) => {
      const { page, asked, shot, end } = await open(lang === "ru" ? "/" : "/?lang=en", { viewport, colorScheme });
      const shown = await shownIds(page);
      expect(asked[0]).toEqual({ ...STAVROPOL, limit: 20, lang });
      expect(shown).toEqual(await ids({ lang }));
      expect(await page.locator("html").getAttribute("lang")).toBe(lang);
      expect(await page.locator("#near").textContent()).toContain(lang === "ru" ? "Рядом с: Ставрополь" : "Near: Ставрополь");
      expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor))
        .toBe(colorScheme === "light" ? "rgb(246, 244, 239)" : "rgb(18, 22, 20)");
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll").toBe(true);
      expect(await axe(page)).toEqual([]);
      await shot(`list-${device}-${colorScheme}-${lang}`);

      await row(page, shown[0]!).click();
      await page.locator("ry-place-card section").first().waitFor();
      expect(new URL(page.url()).searchParams.get("place")).toBe(shown[0]);
      expect(await axe(page)).toEqual([]);
      await shot(`card-${device}-${colorScheme}-${lang}`);
      await end();
    });
  });

  it("the card tells the place's data, a tel: link and routes", async () => {
    const place = await placeWith(({ phone, hours_week, benefit }) => phone !== null && hours_week !== null && benefit !== null);
    const { page, end } = await open(`/?place=${place.id}`, { viewport });
    const card = page.locator("ry-place-card");
    await card.locator("section").first().waitFor();
    const { properties } = place;
    expect((await card.locator("h2").textContent())?.trim()).toBe(properties["name"]);
    expect(await card.locator(".offer").textContent()).toContain(properties["benefit"]);
    if (properties["address"] !== null) expect(await card.locator(".address").textContent()).toContain(properties["address"]);
    expect(await card.locator('a[href^="tel:"]').getAttribute("href")).toBe(`tel:${properties["phone"]}`);
    expect(await card.locator('a[href^="tel:"]').textContent()).toContain(properties["phone_display"]);
    expect(await card.locator("tr").count()).toBe(7);
    expect(await card.locator("tr").first().textContent()).toContain("сегодня");
    const [lon, lat] = place.geometry.coordinates.map((degrees) => degrees.toFixed(6));
    const links = await card.locator("a[data-route]").evaluateAll((all) => all.map((a) => [a.getAttribute("href"), a.getAttribute("target"), a.getAttribute("rel")]));
    expect(links).toEqual([
      `https://2gis.ru/directions/points/%7C${lon}%2C${lat}`,
      `https://yandex.ru/maps/?rtext=~${lat},${lon}&rtt=auto`,
      `https://www.google.com/maps/dir/?api=1&destination=${lat},${lon}&travelmode=walking`,
      `https://maps.apple.com/?daddr=${lat},${lon}&dirflg=w`,
    ].map((href) => [href, "_blank", "noopener noreferrer"]));
    await end();
  });

  it("the keyboard alone finds a settlement and a place, and comes back", async () => {
    const { page, asked, end } = await open("/", { viewport });
    await settled(page);
    const tabTo = async (there: () => Promise<boolean>): Promise<void> => {
      for (let press = 0; press < 60; press += 1) {
        if (await there()) return;
        await page.keyboard.press("Tab");
      }
      throw new Error("sixty tabs did not reach it");
    };
    await tabTo(() => page.getByRole("combobox").evaluate((box) => (box.getRootNode() as ShadowRoot).activeElement === box));
    await page.keyboard.type("Пятиг");
    const town = page.locator('[role="option"][data-kind="settlement"]').first();
    await town.waitFor();
    for (let press = 0; press < 9 && (await town.getAttribute("aria-selected")) !== "true"; press += 1) await page.keyboard.press("ArrowDown");
    expect(await page.getByRole("option", { selected: true }).textContent()).toContain("Пятигорск");
    const before = asked.length;
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Рядом с: Пятигорск" }).waitFor();
    await expect.poll(() => asked.length).toBeGreaterThan(before);
    await settled(page);
    await tabTo(async () => (await focusedRow(page)) !== null);
    const id = await focusedRow(page);
    await page.keyboard.press("Enter");
    await page.locator("ry-place-card section").first().waitFor();
    expect(new URL(page.url()).searchParams.get("place")).toBe(id);
    await expect.poll(() => page.locator("ry-place-card h2").evaluate((h2) => (h2.getRootNode() as ShadowRoot).activeElement === h2)).toBe(true);
    await page.keyboard.press("Escape");
    await expect.poll(() => focusedRow(page)).toBe(id);
    expect(new URL(page.url()).searchParams.get("place")).toBeNull();
    await end();
  });
});

describe("filters", () => {
  it("by category, open now and free equal the API, and stand in the address", async () => {
    const { page, end } = await open();
    const first = (await ask(service.url, { ...STAVROPOL, limit: 20 })).features[0]!.properties["category"] as string;
    await settled(page);
    const steps: [string, Record<string, unknown>, string][] = [
      [first, { category: [first] }, `?category=${first}`],
      ["open", { category: [first], open_at: "now" }, `?category=${first}&open=now`],
      ["free", { category: [first], open_at: "now", benefit: "free" }, `?category=${first}&open=now&benefit=free`],
    ];
    for (const [name, question, search] of steps) {
      const answered = page.waitForResponse("**/nearest");
      await chip(page, name).click();
      await answered;
      expect(decodeURIComponent(new URL(page.url()).search)).toBe(search);
      expect(await shownIds(page)).toEqual(await ids(question));
    }
    for (const [, question] of [...steps.slice(0, 2).reverse(), ["", {}, ""] as const]) {
      const answered = page.waitForResponse("**/nearest");
      await page.goBack();
      await answered;
      expect(await shownIds(page)).toEqual(await ids(question));
    }
    await end();
  });

  it.each([["open=now", { open_at: "now" }], ["benefit=free", { benefit: "free" }]])("%s comes from a link", async (search, question) => {
    const { page, end } = await open(`/?${search}`);
    expect(await shownIds(page)).toEqual(await ids(question));
    await end();
  });

  it("offer the categories that have places, and no empty one", async () => {
    const { page, end } = await open();
    const { categories } = await get<{ categories: { code: string; count: number }[] }>(`${service.url}/api/v1/categories?lang=ru`);
    const offered = categories.filter(({ count }) => count > 0).map(({ code }) => code);
    await chip(page, offered[0]!).waitFor({ state: "attached" });
    const names = await page.locator("ry-filter-bar input").evaluateAll((all) => all.map((input) => input.getAttribute("name")));
    expect(names).toEqual(["open", "free", ...offered]);
    await end();
  });

  it("that find nothing say so, and each offer to widen works", async () => {
    const { categories } = await get<{ categories: { code: string; count: number }[] }>(`${service.url}/api/v1/categories?lang=ru`);
    let empty: string | undefined;
    for (const { code } of categories) {
      if ((await ids({ category: [code], benefit: "free", open_at: "now" })).length === 0) empty ??= code;
    }
    expect(empty, "a question without an answer").toBeDefined();
    const { page, shot, end } = await open(`/?category=${empty}&open=now&benefit=free`);
    await page.locator(".empty").waitFor();
    expect(await page.locator(".empty").textContent()).toContain("бесплатные");
    expect(await page.locator("#count").textContent()).toBe("Ничего не нашлось");
    expect(await axe(page)).toEqual([]);
    await shot("empty-phone");
    let answered = page.waitForResponse("**/nearest");
    await page.locator('[data-widen="open"]').click();
    await answered;
    expect(new URL(page.url()).searchParams.get("open")).toBeNull();
    expect(await shownIds(page)).toEqual(await ids({ category: [empty], benefit: "free" }));
    answered = page.waitForResponse("**/nearest");
    await page.goBack();
    await answered;
    answered = page.waitForResponse("**/nearest");
    await page.locator('[data-widen="category"]').click();
    await answered;
    expect(await shownIds(page)).toEqual(await ids({ benefit: "free", open_at: "now" }));
    await end();
  });

  it("leave «show more» that goes on where the list ended", async () => {
    const { page, end } = await open();
    const first = await shownIds(page);
    const answered = page.waitForResponse("**/nearest");
    await page.getByRole("button", { name: "Показать ещё" }).click();
    await answered;
    await expect.poll(async () => (await shownIds(page)).length).toBeGreaterThan(first.length);
    const more = await shownIds(page);
    expect(more).toEqual(await ids({ limit: 50 }));
    await expect.poll(() => focusedRow(page)).toBe(more[first.length]);
    await end();
  });
});

describe("where am I", () => {
  const HERE = { latitude: 45.04561237, longitude: 41.96887654 };

  it("sends a measured position with four decimals in the body alone, and remembers it nowhere", async () => {
    const { page, asked, shot, end } = await open("/", { geolocation: HERE, permissions: ["geolocation"] });
    await settled(page);
    const kept = await page.evaluate(() => localStorage.getItem("ryadom.last_list"));
    const answered = page.waitForResponse("**/nearest");
    await page.getByRole("button", { name: "Где я", exact: true }).click();
    await answered;
    await page.getByRole("heading", { name: "Рядом с вами" }).waitFor();
    expect(asked.at(-1)).toEqual({ lon: 41.9689, lat: 45.0456, limit: 20, lang: "ru" });
    expect(await shownIds(page)).toEqual(await ids({ lon: 41.9689, lat: 45.0456 }));
    const remembered = await page.evaluate(() => Object.fromEntries([
      ...Object.entries(localStorage), ...Object.entries(sessionStorage), ["history", JSON.stringify(history.state)], ["cookie", document.cookie],
    ]) as Record<string, string>);
    // The list that is kept for a day without internet is the town's, from before: not that of the places round the person.
    expect(remembered["ryadom.last_list"]).toBe(kept);
    expect(JSON.stringify({ ...remembered, "ryadom.last_list": "" })).not.toMatch(/45\.04|41\.96/);
    await shot("located-phone");
    await end();
  });

  it("refused: says so calmly, keeps the list, and waits in the search box", async () => {
    const { page, shot, end } = await open();
    const before = await shownIds(page);
    await page.getByRole("button", { name: "Где я", exact: true }).click();
    await page.locator(".notice").waitFor();
    expect(await page.locator(".notice").textContent()).toContain("напишите");
    expect(await shownIds(page)).toEqual(before);
    expect(await page.getByRole("combobox").evaluate((box) => (box.getRootNode() as ShadowRoot).activeElement === box)).toBe(true);
    expect(await axe(page)).toEqual([]);
    await shot("refused-phone");
    await end();
  });

  it("a stanitsa is found with its «ст. » and remembered", async () => {
    // Some settlement the gazetteer knows by these letters; the prefix must not get in the way.
    const found = await get<{ settlements: { name: string; lon: number; lat: number }[] }>(`${service.url}/api/v1/settlements?q=${encodeURIComponent("ст. Лысогорская")}&lang=ru`);
    const [settlement] = found.settlements;
    expect(settlement, "ст. Лысогорская").toBeDefined();
    const { page, asked, shot, end } = await open();
    await settled(page);
    await page.getByRole("combobox").fill("ст. Лысогорская");
    const option = page.locator('[role="option"][data-kind="settlement"]').first();
    await option.waitFor();
    expect(await axe(page)).toEqual([]);
    await shot("settlement-phone");
    const answered = page.waitForResponse("**/nearest");
    await option.click();
    await answered;
    await page.getByRole("heading", { name: `Рядом с: ${settlement!.name}` }).waitFor();
    const round = (degrees: number): number => Math.round(degrees * 1e4) / 1e4;
    expect(asked.at(-1)).toMatchObject({ lon: round(settlement!.lon), lat: round(settlement!.lat) });
    await page.reload();
    await page.getByRole("heading", { name: `Рядом с: ${settlement!.name}` }).waitFor();
    await end();
  });
});

describe("the page", () => {
  it("switches language in place, keeps it in the address and for the next visit", async () => {
    const { page, asked, end } = await open("/?open=now");
    await settled(page);
    const answered = page.waitForResponse("**/nearest");
    await page.getByRole("button", { name: "EN, English" }).click();
    await answered;
    await page.getByRole("heading", { name: "Near: Ставрополь" }).waitFor();
    expect(asked.at(-1)?.["lang"]).toBe("en");
    expect(page.url()).toMatch(/\?open=now&lang=en$/);
    expect(await page.title()).toContain("Ryadom");
    await page.goto(`${service.url}/`);
    await page.getByRole("heading", { name: "Near: Ставрополь" }).waitFor();
    await end();
  });

  it("takes a theme by hand over the system's", async () => {
    const { page, end } = await open("/", { colorScheme: "light" });
    await settled(page);
    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.getByRole("button", { name: "Тема: как в системе" }).click();
    await page.getByRole("button", { name: "Тема: светлая" }).click();
    expect(await paper()).toBe("rgb(18, 22, 20)");
    await page.reload();
    await settled(page);
    expect(await paper()).toBe("rgb(18, 22, 20)");
    await page.getByRole("button", { name: "Тема: тёмная" }).click();
    expect(await paper()).toBe("rgb(246, 244, 239)");
    await end();
  });

  it("without a connection says so and recovers by itself", async () => {
    const { page, errors, shot, end } = await open();
    await settled(page);
    await page.context().setOffline(true);
    await chip(page, "open").click();
    await page.locator(".trouble").waitFor();
    expect(await page.locator(".trouble").textContent()).toContain("Нет интернета");
    expect(await axe(page)).toEqual([]);
    await shot("offline-phone");
    await page.context().setOffline(false);
    await page.locator(".trouble").waitFor({ state: "detached" });
    expect(await shownIds(page)).toEqual(await ids({ open_at: "now" }));
    expect(errors.splice(0).filter((text) => !/ERR_INTERNET_DISCONNECTED|fetching the script/.test(text))).toEqual([]);
    await end();
  });

  it("says the server's own words when a place is not there, and closes", async () => {
    const { page, errors, end } = await open("/?place=no-such-place");
    await page.locator("ry-place-card [role=alert]").waitFor();
    const problem = await (await fetch(`${service.url}/api/v1/locations/no-such-place?lang=ru`)).json() as { detail?: string; title: string };
    expect(await page.locator("ry-place-card [role=alert]").textContent()).toBe(problem.detail ?? problem.title);
    await page.keyboard.press("Escape");
    await expect.poll(() => new URL(page.url()).search).toBe("");
    expect(errors.splice(0).every((text) => text.includes("404"))).toBe(true);
    await end();
  });

  it("asks again when it is looked at after more than a minute, and not before", async () => {
    const { page, asked, end } = await open();
    await settled(page);
    const look = (later_ms: number): Promise<void> => page.evaluate((ms) => {
      const now = Date.now;
      Date.now = () => now() + ms;
      document.dispatchEvent(new Event("visibilitychange"));
      Date.now = now;
    }, later_ms);
    await look(50_000);
    await look(61_000);
    await expect.poll(() => asked.length).toBe(2);
    await end();
  });

  it("drops a position that a link brought along", async () => {
    const { page, asked } = await open("/?lon=42.1234&lat=45.4321&open=now");
    await settled(page);
    expect(new URL(page.url()).search).toBe("?open=now");
    expect(asked[0]).toMatchObject(STAVROPOL);
    await page.context().close();
  });
});

describe("before the script has come", () => {
  it.each([["phone", PHONE, "light", "ru"], ["desk", DESK, "dark", "en"]] as const)("a %s without a script has the list and a form of filters", async (device, viewport, colorScheme, lang) => {
    const { page, shot, end } = await visit(browser, `${service.url}/?lang=${lang}`, { viewport, colorScheme, javaScriptEnabled: false });
    const near = await ask(service.url, { ...STAVROPOL, limit: 20, lang });
    const rows = page.locator(".first-rows a");
    expect(await rows.evaluateAll((links) => links.map((link) => link.getAttribute("href")))).toEqual(near.features.map(({ id }) => `/place/${id}`));
    await shot(`first-rows-${device}`);
    await page.getByRole("combobox").selectOption("museum");
    await page.getByRole("button", { name: lang === "ru" ? "Показать" : "Show" }).click();
    expect(new URL(page.url()).searchParams.get("category")).toBe("museum");
    const museums = await ask(service.url, { ...STAVROPOL, limit: 20, category: "museum", lang });
    expect(await rows.count()).toBe(museums.features.length);
    await rows.first().click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/place/${museums.features[0]!.id}`);
    await end();
  });

  it("printed rows stand until the page's own have come", async () => {
    let answer: () => void = () => {};
    const held = new Promise<void>((resolve) => { answer = resolve; });
    const { page, end } = await visit(browser, `${service.url}/`, {}, (opened) =>
      opened.route("**/api/v1/locations/nearest", async (route) => { await held; await route.continue(); }));
    await page.locator("ry-map-page ry-filter-bar").waitFor();
    expect(await page.locator(".first-rows li").first().isVisible()).toBe(true);
    expect(await page.locator("ry-place-list").count()).toBe(0);
    answer();
    await settled(page);
    expect(await page.locator(".first-rows li").first().isVisible()).toBe(false);
    expect((await shownIds(page)).length).toBeGreaterThan(5);
    await end();
  });
});
