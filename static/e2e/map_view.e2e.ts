/** The map on `/`: pins are the list's rows, a view's results are the API's, and what is chosen stays chosen. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, Page } from "playwright-core";
import { axe, DESK, get, looksOn, OPERATOR_TOKEN, PHONE, republish, settled, shownIds, startBrowser, startService, visit, type Service, type Visit } from "./harness.js";

interface Feature {
  readonly id: string;
  readonly geometry: { readonly type: "Point"; readonly coordinates: readonly [number, number] };
  readonly properties: Record<string, unknown> & { readonly cluster?: boolean; readonly point_count?: number; readonly expansion_zoom?: number | null };
}
interface Found {
  readonly matched?: number;
  readonly features: readonly Feature[];
}

/** A view of Stavropol in which some places stand alone and some together. */
const TOWN = "map=41.97,45.04,12";
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

const open = (path = "/", options = {}, before?: (page: Page) => Promise<unknown>): Promise<Visit> => visit(browser, `${service.url}${path}`, options, before);
const pin = (page: Page, id: string) => page.locator(`ry-map-box button[data-id="${id}"]`);
const row = (page: Page, id: string) => page.locator(`ry-place-list a[data-id="${id}"]`);
const clusters = (page: Page) => page.locator("ry-map-box button.cluster");
const card = (page: Page) => page.locator("ry-place-card section").first();
const focusName = (page: Page): Promise<string> => page.evaluate(() => {
  let at: Element | null = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at === null ? "" : `${at.localName}:${at.getAttribute("data-id") ?? at.getAttribute("data-cluster") ?? at.id}`;
});

/** Shows the map (a phone has a button for it) and waits for its pins. */
async function showMap(page: Page): Promise<void> {
  await settled(page);
  const toggle = page.getByRole("button", { name: /^(Карта|Map)$/ });
  if (await toggle.isVisible()) await toggle.click();
  await page.locator("ry-map-box button.place, ry-map-box button.cluster").first().waitFor();
}

/** Ids and numbers of rows and of pins, each in the order of the page. */
async function rowsAndPins(page: Page): Promise<{ rows: string[]; pins: string[] }> {
  await settled(page);
  const rows = await page.locator("ry-place-list li").evaluateAll((all) => all.map((li) => {
    const link = li.querySelector("[data-id], [data-cluster]");
    return `${link?.getAttribute("data-id") ?? link?.getAttribute("data-cluster")} ${li.querySelector("[data-number]")?.textContent ?? ""}`;
  }));
  const pins = await page.locator("ry-map-box button.place, ry-map-box button.cluster").evaluateAll((all) => all.map((button) =>
    `${button.getAttribute("data-id") ?? button.getAttribute("data-cluster")} ${button.querySelector(".number")?.textContent ?? ""}`));
  return { rows, pins };
}

/** Does something that makes the page ask about a view, and gives the answer that came. */
async function viewAnswer(page: Page, act: () => Promise<unknown>): Promise<{ url: URL; found: Found }> {
  const answered = page.waitForResponse((response) => {
    const url = new URL(response.url());
    return url.pathname === "/api/v1/locations" && url.searchParams.has("zoom");
  });
  await act();
  const response = await answered;
  return { url: new URL(response.url()), found: (await response.json()) as Found };
}

describe.each([["phone", PHONE], ["desk", DESK]] as const)("on a %s", (device, viewport) => {
  it.each(looksOn(device))("the nearest places are rows and pins with one numbering (%s, %s)", async (colorScheme, lang) => {
    const { page, shot, end } = await open(lang === "ru" ? "/" : "/?lang=en", { viewport, colorScheme });
    await showMap(page);
    const { rows, pins } = await rowsAndPins(page);
    expect(pins).toEqual(rows);
    expect(rows.map((text) => text.split(" ")[1])).toEqual(rows.map((_, index) => String(index + 1)));
    const name = await pin(page, rows[0]!.split(" ")[0]!).getAttribute("aria-label");
    expect(name).toMatch(/^1\. /);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll").toBe(true);
    expect(await axe(page)).toEqual([]);
    await shot(`map-${device}-${colorScheme}-${lang}`);
    await end();
  });

  it("a linked view shows what the API says is there, every place once", async () => {
    const { page, shot, end } = await open("/docs", { viewport });
    const { url, found } = await viewAnswer(page, () => page.goto(`${service.url}/?${TOWN}`));
    await showMap(page);
    expect(url.searchParams.get("zoom")).toBe("12");
    const shown = await rowsAndPins(page);
    const asked = new Set(found.features.map(({ id }) => id));
    expect(shown.rows.length).toBeGreaterThan(3);
    expect([...shown.rows].sort()).toEqual([...shown.pins].sort());
    for (const text of shown.rows) expect(asked.has(text.split(" ")[0]!), text).toBe(true);
    const counted = found.features.reduce((sum, { properties }) => sum + (properties.point_count ?? 1), 0);
    expect(found.matched ?? counted).toBe(counted);
    const numbers = shown.rows.map((text) => text.split(" ")[1]).filter((number) => number !== "");
    expect(numbers).toEqual(numbers.map((_, index) => String(index + 1)));
    expect(await page.getByRole("heading", { name: "На карте" }).isVisible()).toBe(true);
    expect(await axe(page)).toEqual([]);
    await shot(`view-${device}`);
    await end();
  });

  it("choosing works both ways, and closing gives the focus back to where it came from", async () => {
    const { page, end } = await open("/", { viewport });
    await showMap(page);
    const [first, second] = await shownIds(page);
    await row(page, second!).click();
    await card(page).waitFor();
    await expect.poll(() => focusName(page)).toBe("h2:name");
    expect(await pin(page, second!).getAttribute("aria-current")).toBe("true");
    expect(await page.locator("dialog[open]").count(), "the map stays in sight").toBe(0);
    await page.keyboard.press("Escape");
    await expect.poll(() => focusName(page)).toBe(`a:${second}`);
    expect(await pin(page, second!).getAttribute("aria-current")).toBeNull();

    await pin(page, first!).focus();
    await page.keyboard.press("Enter");
    await card(page).waitFor();
    await expect.poll(() => focusName(page)).toBe("h2:name");
    expect(new URL(page.url()).searchParams.get("place")).toBe(first);
    expect(await row(page, first!).getAttribute("aria-current")).toBe("true");
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await expect.poll(() => focusName(page)).toBe(`button:${first}`);
    await end();
  });

  it("a cluster opens by the keyboard, one step closer or as a list", async () => {
    const { page, shot, end } = await open(`/?${TOWN}`, { viewport, reducedMotion: "reduce" });
    await showMap(page);
    const name = await clusters(page).first().getAttribute("aria-label");
    expect(name).toMatch(/^\d+ мест\S*: .+\. (Приблизить|Показать списком)$/);
    const zoomable = page.locator('ry-map-box button.cluster[aria-label$="Приблизить"]').first();
    await zoomable.focus();
    const { url } = await viewAnswer(page, () => page.keyboard.press("Enter"));
    expect(Number(url.searchParams.get("zoom"))).toBeGreaterThan(12);
    await expect.poll(() => focusName(page)).toMatch(/^button:.+/); // on to what the cluster was
    await settled(page);
    const { rows, pins } = await rowsAndPins(page);
    expect([...pins].sort()).toEqual([...rows].sort());
    await shot(`cluster-${device}`);
    await end();
  });

  it("after a move by hand offers to search there, then follows the map", async () => {
    const { page, asked, shot, end } = await open("/", { viewport, reducedMotion: "reduce" });
    await showMap(page);
    const before = await shownIds(page);
    await page.locator(".maplibregl-canvas").focus();
    await page.keyboard.press("Minus");
    const here = page.getByRole("button", { name: "Искать в этой области" });
    await here.waitFor();
    expect(await shownIds(page), "the list waits for a word").toEqual(before);
    expect(new URL(page.url()).searchParams.get("map")).not.toBeNull();
    await shot(`elsewhere-${device}`);
    const first = await viewAnswer(page, () => here.click());
    await here.waitFor({ state: "detached" });
    const second = await viewAnswer(page, async () => {
      await page.locator(".maplibregl-canvas").focus();
      await page.keyboard.press("ArrowRight");
    });
    expect(second.url.searchParams.get("bbox")).not.toBe(first.url.searchParams.get("bbox"));
    expect(asked.length, "the nearest were asked once").toBe(1);
    await end();
  });

  it("a link brings view, filter and choice back", async () => {
    const { categories } = await get<{ categories: { code: string; count: number }[] }>(`${service.url}/api/v1/categories?lang=ru`);
    const { code } = categories.find(({ count }) => count > 0)!;
    const found = await get<Found>(`${service.url}/api/v1/locations?bbox=41.8,44.9,42.1,45.2&category=${code}&limit=5&lang=ru`);
    const { id, geometry: { coordinates: [lon, lat] } } = found.features[0]!;
    const link = `/?category=${code}&map=${lon.toFixed(4)},${lat.toFixed(4)},15.5&place=${id}`;
    const { page, end } = await open(link, { viewport });
    await card(page).waitFor();
    await pin(page, id).waitFor();
    expect(await pin(page, id).getAttribute("aria-current")).toBe("true");
    expect(await page.locator(`ry-filter-bar input[name="${code}"]`).isChecked()).toBe(true);
    const address = new URL(page.url());
    expect(decodeURIComponent(address.pathname + address.search), "the map has not wandered off").toBe(link);
    await end();
  });

  it("goes from search to the route by the keyboard alone", async () => {
    const name = (await get<Found>(`${service.url}/api/v1/locations?bbox=41.8,44.9,42.1,45.2&limit=1&lang=ru`)).features[0]!.properties["name"] as string;
    const { page, end } = await open("/", { viewport });
    await settled(page);
    await page.getByRole("combobox").focus();
    await page.keyboard.type(name);
    const option = page.locator('[role="option"][data-kind="location"]').first();
    await option.waitFor();
    for (let press = 0; press < 9 && (await option.getAttribute("aria-selected")) !== "true"; press += 1) await page.keyboard.press("ArrowDown");
    const id = await option.getAttribute("data-id");
    await page.keyboard.press("Enter");
    await card(page).waitFor();
    await expect.poll(() => focusName(page)).toBe("h2:name");
    expect(new URL(page.url()).searchParams.get("place")).toBe(id);
    const onRoute = (): Promise<boolean> => page.locator("a[data-route]").first().evaluate((a) => (a.getRootNode() as ShadowRoot).activeElement === a);
    for (let press = 0; press < 12 && !(await onRoute()); press += 1) await page.keyboard.press("Tab");
    expect(await onRoute()).toBe(true);
    await end();
  });

  it("takes over an edit while it is looked at, and keeps choice and focus", async () => {
    const { page, end } = await open("/", { viewport });
    await showMap(page);
    const [first, second] = await shownIds(page);
    await row(page, second!).click();
    await card(page).waitFor();
    await expect.poll(() => focusName(page)).toBe("h2:name");
    const place = await get<Feature>(`${service.url}/api/v1/locations/${first}?lang=ru`);
    const renamed = `${String(place.properties["name"])} (новое имя)`;
    await republish(service.url, place, renamed);
    await expect.poll(() => row(page, first!).textContent(), { timeout: 5_000 }).toBe(renamed);
    expect(await focusName(page)).toBe("h2:name");
    expect(await pin(page, second!).getAttribute("aria-current")).toBe("true");
    await page.keyboard.press("Escape");
    await expect.poll(() => focusName(page)).toBe(`a:${second}`);
    await republish(service.url, place, place.properties["name"] as string);
    await expect.poll(() => row(page, first!).textContent(), { timeout: 5_000 }).toBe(place.properties["name"]);
    expect(await focusName(page), "a row keeps the focus through a redrawing").toBe(`a:${second}`);
    await end();
  });

  it("places on one position open as a list, and back", async () => {
    const [twin] = (await get<Found>(`${service.url}/api/v1/locations?bbox=41.8,44.9,42.1,45.2&limit=1&lang=ru`)).features;
    const { geometry: { coordinates: [lon, lat] } } = twin!;
    await republish(service.url, { ...twin!, id: `${twin!.id}-twin` }, "Второе место в том же доме");
    const { page, shot, end } = await open(`/?map=${lon.toFixed(4)},${lat.toFixed(4)},18`, { viewport });
    await showMap(page);
    const pile = page.locator('ry-map-box button.cluster[aria-label$="Показать списком"]').first();
    await pile.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "По одному адресу" }).waitFor();
    await expect.poll(() => shownIds(page)).toEqual(expect.arrayContaining([twin!.id, `${twin!.id}-twin`]));
    expect(await axe(page)).toEqual([]);
    await shot(`pile-${device}`);
    await row(page, `${twin!.id}-twin`).click();
    await card(page).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => focusName(page)).toBe(`a:${twin!.id}-twin`);
    await page.getByRole("button", { name: "Назад к списку" }).click();
    await page.getByRole("heading", { name: "На карте" }).waitFor();
    await remove(`${twin!.id}-twin`);
    await pile.waitFor({ state: "detached" });
    await end();
  });

  it("a card that closes leaves the map where it was moved to meanwhile", async () => {
    const { page, end } = await open(`/?${TOWN}`, { viewport, reducedMotion: "reduce" });
    await showMap(page);
    const [id] = await shownIds(page);
    await row(page, id!).click();
    await card(page).waitFor();
    await viewAnswer(page, async () => {
      await page.locator(".maplibregl-canvas").focus();
      await page.keyboard.press("ArrowDown");
    });
    const moved = new URL(page.url()).searchParams.get("map");
    await page.keyboard.press("Escape");
    await expect.poll(() => new URL(page.url()).searchParams.get("place")).toBeNull();
    await expect.poll(() => new URL(page.url()).searchParams.get("map")).toBe(moved);
    await settled(page);
    expect(new URL(page.url()).searchParams.get("map"), "and stays there").toBe(moved);
    await end();
  });
});

async function remove(id: string): Promise<void> {
  const response = await fetch(`${service.url}/api/v1/locations/${id}`, { method: "DELETE", headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
  expect(response.status, await response.text()).toBe(200);
}

describe("the map", () => {
  const HERE = { latitude: 45.04561237, longitude: 41.96887654 };

  it("comes after the list, from its own file", async () => {
    const order: string[] = [];
    const { page, end } = await open("/", { viewport: DESK }, async (page) => {
      page.on("requestfinished", (request) => order.push(new URL(request.url()).pathname));
      page.on("request", (request) => order.push(`? ${new URL(request.url()).pathname}`));
    });
    await showMap(page);
    const asked = order.findIndex((path) => /^\? \/assets\/create_map/.test(path));
    expect(asked).toBeGreaterThan(order.indexOf("/api/v1/locations/nearest"));
    expect(order.indexOf("/api/v1/locations/nearest")).toBeGreaterThan(-1);
    await end();
  });

  it("shows the person, and no address tells where they are", async () => {
    const { page, addresses, shot, end } = await open("/", { viewport: PHONE, geolocation: { ...HERE, accuracy: 80 }, permissions: ["geolocation"], reducedMotion: "reduce" });
    await showMap(page);
    const answered = page.waitForResponse("**/nearest");
    await page.locator('[data-control="locate"]').click();
    await answered;
    await page.getByRole("img", { name: "Вы здесь" }).waitFor();
    await page.getByRole("heading", { name: "Рядом с вами" }).waitFor();
    await shot("located-map-phone");
    await page.locator(".maplibregl-canvas").focus();
    await page.keyboard.press("ArrowRight");
    await viewAnswer(page, () => page.getByRole("button", { name: "Искать в этой области" }).click());
    for (const address of addresses) expect(address).not.toMatch(/45\.0456|41\.9689|41\.9688/);
    await end();
  });

  it("can be absent: the list says so calmly and works", async () => {
    const { page, errors, shot, end } = await open("/", { viewport: DESK }, (page) => page.addInitScript(() => {
      const real = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
        return kind.startsWith("webgl") ? null : (real as (...given: unknown[]) => never).call(this, kind, ...rest);
      } as typeof real;
    }));
    await page.getByText("Карта на этом устройстве не открылась").waitFor();
    expect((await shownIds(page)).length).toBeGreaterThan(5);
    expect(await axe(page)).toEqual([]);
    await shot("no-map-desk");
    errors.splice(0); // the library's own words about WebGL
    await end();
  });

  it("hands on a link to the place and to the view", async () => {
    const { page, end } = await open(`/?${TOWN}`, { viewport: DESK, permissions: ["clipboard-read", "clipboard-write"] }, (page) =>
      page.addInitScript(() => Object.defineProperty(navigator, "share", { value: undefined })));
    await showMap(page);
    await page.getByRole("button", { name: "Поделиться картой" }).click();
    await page.getByText("Ссылка скопирована").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${service.url}/?map=41.9700,45.0400,12`);
    const [id] = await shownIds(page);
    await row(page, id!).click();
    await page.getByRole("button", { name: "Поделиться", exact: true }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(`${service.url}/place/${id}`);
    expect(await row(page, id!).getAttribute("href")).toBe(`/place/${id}`);
    await end();
  });
});

it("without a connection the page still opens, with the last list and its age", async () => {
  const { page, errors, shot, end } = await open("/", { viewport: PHONE });
  const shown = await shownIds(page);
  await page.evaluate(async () => { await navigator.serviceWorker.ready; });
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await page.context().setOffline(true);
  await page.reload();
  await page.getByRole("heading", { name: "Сохранённый список" }).waitFor();
  expect((await shownIds(page)).sort()).toEqual([...shown].sort());
  expect(await page.locator(".kept").textContent()).toContain("Сохранено только что");
  expect(await axe(page)).toEqual([]);
  await shot("kept-phone");
  await page.context().setOffline(false);
  await page.getByRole("heading", { name: "Рядом с" }).waitFor();
  expect(await shownIds(page)).toEqual(shown);
  expect(errors.splice(0).filter((text) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED|fetching the script/.test(text))).toEqual([]);
  await end();
});

it("installs: manifest, icons and service worker are served", async () => {
  const manifest = await get<{ icons: { src: string }[]; start_url: string }>(`${service.url}/manifest.webmanifest`);
  expect(manifest.start_url).toBe("/");
  for (const { src } of manifest.icons) expect((await fetch(`${service.url}${src}`)).status, src).toBe(200);
  const worker = await fetch(`${service.url}/sw.js`);
  expect([worker.status, worker.headers.get("content-type")]).toEqual([200, expect.stringContaining("javascript")]);
});
