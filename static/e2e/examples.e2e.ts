/**
 * The example pages of other map libraries against the real service: what each library holds of a view is what the API
 * has for exactly that view, on a stranger's site under his policy and at the service under its own.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, Page } from "playwright-core";
import { askedOf, carefulPolicy, copyOf, inside, itemsOf, Library, linesOf, open, publish, type Mark, type View } from "./example_pages.js";
import { startForeignSite, type ForeignSite } from "./foreign_site.js";
import { axe, DESK, get, SLOW, startBrowser, startService, type Answer, type Service } from "./harness.js";

/** The pages are at the service too, at `/docs/examples/`: that they run there is said by guides.e2e.ts. */

const PAGES = ["maplibre-vector", "maplibre-geojson", "leaflet", "openlayers-mvt", "openlayers-ogc"] as const;
type Name = (typeof PAGES)[number];
const PLACES = ["on another site", ...(SLOW ? ["at the service"] as const : [])] as const;

/** Where nothing else stands: two places in one point; more than one page of OGC API, and more than the page takes. */
const TWINS = [42.2013, 45.2007] as const;
const TWIN_NAMES = ["Второй близнец", "Первый близнец"];
const CROWD = { west: 43.8, south: 45.5, columns: 70, rows: 30, step_lon: 0.005, step_lat: 0.003 };
/** A name that would be markup, in the middle of the close view. */
const MARKUP = { id: "example-markup", name: `Кафе <b>«Ёж & сыр»</b><img src=x onerror=alert(1)>`, at: [41.9579, 45.0312] as const };
const CLOSE = [41.96, 45.0345, 13] as const;

let service: Service;
let site: ForeignSite;
let browser: Browser;

beforeAll(async () => {
  [service, site, browser] = await Promise.all([startService(), startForeignSite(), startBrowser()]);
  await publish(service.url, MARKUP.id, MARKUP.name, MARKUP.at);
  for (const [n, name] of TWIN_NAMES.entries()) await publish(service.url, `twin-${n}`, name, TWINS);
  const spots = Array.from({ length: CROWD.columns * CROWD.rows }, (_, n) => [
    CROWD.west + (n % CROWD.columns) * CROWD.step_lon, CROWD.south + Math.floor(n / CROWD.columns) * CROWD.step_lat,
  ] as const).entries();
  const publishRest = async (): Promise<void> => {
    for (const [n, at] of spots) await publish(service.url, `crowd-${n}`, `Место ${n}`, at);
  };
  await Promise.all(Array.from({ length: 8 }, publishRest)); // one iterator for all eight
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await service?.stop();
});

/** Puts a page on the other site, or finds it at the service; answers its address. */
function addressOf(name: Name, place: (typeof PLACES)[number]): string {
  if (place === "at the service") return `${service.url}/docs/examples/${name}.html`;
  const html = copyOf(name, service.url);
  site.put(`/${name}`, html, carefulPolicy(html, service.url));
  return `${site.url}/${name}`;
}

/** The library comes to hold what the API has, and each where the API says; `query`: the filter, as it is asked. */
async function agree(library: Library, name: Name, query = ""): Promise<{ view: View; marks: Mark[] }> {
  const view = await library.view();
  const ask = name === "openlayers-ogc" ? itemsOf : askedOf;
  const marks = await ask(service.url, view, query);
  // No cell of the clusters lies across an edge of the view, and no place within a step of it: else the view is badly chosen.
  const [west, south, east, north] = view.bbox;
  const [cell, step] = [360 / 2 ** (Math.floor(view.zoom) + 3), 360 / 2 ** Math.floor(view.zoom) / 2048];
  const wider = await ask(service.url, { ...view, bbox: [west - cell, south - cell, east + cell, north + cell] }, query);
  for (const by of [-step, step]) expect(linesOf(inside(wider, [west - by, south - by, east + by, north + by])), `decided at the edges of ${view.bbox}`).toEqual(linesOf(marks));

  await expect.poll(async () => linesOf(await library.held(view)), { timeout: 10_000, message: `held for ${view.bbox} at ${view.zoom}` }).toEqual(linesOf(marks));
  const held = new Map((await library.held(view)).map((mark) => [mark.id, mark]));
  const off_deg = Math.max(...marks.map(({ id, lon, lat }) => Math.max(Math.abs(held.get(id)!.lon - lon), Math.abs(held.get(id)!.lat - lat))));
  expect(off_deg, "degrees off").toBeLessThanOrEqual(library.slack_deg(view));
  return { view, marks };
}

function nearestTo({ bbox: [west, south, east, north] }: View, marks: readonly Mark[]): Mark {
  const from = ({ lon, lat }: Mark): number => Math.hypot(lon - (west + east) / 2, lat - (south + north) / 2);
  return [...marks].sort((a, b) => from(a) - from(b))[0]!;
}

const noSidewaysScroll = (page: Page): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

describe.each(PLACES)("%s", (place) => {
  it.each(PAGES)("%s holds what the API has, zooms into clusters, shows places", async (name) => {
    const copied = place === "on another site";
    const colorScheme = copied ? "light" : "dark";
    const { page, shot, end } = await open(browser, addressOf(name, place), { colorScheme });
    const library = new Library(page, name);
    const start = await agree(library, name);
    const drawn = await library.drawn(start.view);
    expect(drawn.filter(({ count }) => count === 1).length, "single places").toBeGreaterThan(2);
    const clusters = drawn.filter(({ count }) => count > 1);
    expect(clusters.length, "clusters").toBeGreaterThan(2);
    expect(await axe(page, { preload: false })).toEqual([]);
    await page.waitForLoadState("networkidle"); // for the picture: the basemap
    await shot(`example-${name}-phone-${colorScheme}`);
    expect(await noSidewaysScroll(page), "no sideways scroll").toBe(true);

    const cluster = nearestTo(start.view, clusters);
    const falls = name === "openlayers-ogc" ? null : await expansionZoom(cluster);
    await library.click(cluster);
    await expect.poll(() => library.restingZoom(), { message: "zoom" }).toSatisfy((zoom: number) => falls === null ? zoom > start.view.zoom : Math.abs(zoom - falls) < 1e-6);

    await library.jump(...CLOSE);
    const { view, marks } = await agree(library, name);
    expect(marks.filter(({ count }) => count > 1)).toEqual([]);
    expect(marks.length, "places").toBeGreaterThan(3);
    await expect.poll(async () => linesOf(await library.drawn(view))).toEqual(linesOf(marks));
    for (const mark of [nearestTo(view, marks), marks.find(({ id }) => id === MARKUP.id)!]) {
      const { name: title, benefit, address } = await propertiesOf(mark.id);
      await library.click(mark);
      await expect.poll(() => library.popup().locator("strong").allTextContents()).toEqual([title]);
      expect(await library.popup().locator("p").allTextContents()).toEqual([benefit, address]);
      expect(await library.popup().locator("a").first().getAttribute("href")).toBe(`${service.url}/place/${mark.id}`);
      if (mark.id !== MARKUP.id) await library.closePopup();
    }
    if (copied) expect(await axe(page, { preload: false })).toEqual([]);
    expect(await noSidewaysScroll(page), "no sideways scroll with a popup").toBe(true);
    await shot(`example-${name}-popup-${colorScheme}`);

    if (copied) {
      await library.closePopup();
      await library.jump(...TWINS, 18);
      await agree(library, name);
      await library.click({ lon: TWINS[0], lat: TWINS[1] });
      await listsTwins(library, name);

      await page.setViewportSize(DESK);
      await library.jump(41.9642, 45.0344, 11);
      await agree(library, name);
      await page.waitForLoadState("networkidle");
      await shot(`example-${name}-desk-${colorScheme}`);
    }
    await end(service.url, site.url);
  });
});

/** What shares one point falls apart at no zoom: its popup tells of all, or leads to a list that does. */
async function listsTwins(library: Library, name: Name): Promise<void> {
  const titles = async (): Promise<string[]> => (await library.popup().locator("strong").allTextContents()).sort();
  if (name === "openlayers-ogc") return expect.poll(titles).toEqual(TWIN_NAMES);
  await expect.poll(titles).toEqual(["Мест в этой точке: 2"]);
  const list = await fetch((await library.popup().locator("a").first().getAttribute("href"))!);
  const listed = await list.text();
  for (const twin of TWIN_NAMES) expect(listed).toContain(twin);
}

it("maplibre-geojson asks anew when its filter changes", async () => {
  const { page, end } = await open(browser, addressOf("maplibre-geojson", "on another site"));
  const library = new Library(page, "maplibre-geojson");
  const all = await agree(library, "maplibre-geojson");
  await page.getByLabel("Бесплатно").check();
  const free = await agree(library, "maplibre-geojson", "&benefit=free");
  expect(linesOf(free.marks)).not.toEqual(linesOf(all.marks));
  await page.getByText(`Мест на карте: ${free.marks.reduce((sum, { count }) => sum + count, 0)}`).waitFor();
  await end(service.url, site.url);
});

it("openlayers-ogc follows its CQL2 filters and the pages, and takes no more than it can hold", async () => {
  const { page, asked, end } = await open(browser, addressOf("openlayers-ogc", "on another site"));
  const library = new Library(page, "openlayers-ogc");
  const filters = await page.getByLabel("Показать").locator("option").evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  const counts: number[] = [];
  for (const filter of [...filters].reverse()) { // every one; the last is none
    await page.getByLabel("Показать").selectOption(filter);
    counts.push((await agree(library, "openlayers-ogc", filter === "" ? "" : `&filter=${encodeURIComponent(filter)}`)).marks.length);
  }
  expect(counts.every((count, n) => count > 0 && (n === filters.length - 1 || count < counts.at(-1)!)), `fewer than all, and some: ${counts}`).toBe(true);

  const [middle_lon, middle_lat] = [CROWD.west + CROWD.columns * CROWD.step_lon / 4, CROWD.south + CROWD.rows * CROWD.step_lat / 2];
  await library.jump(middle_lon, middle_lat, 11);
  const { marks } = await agree(library, "openlayers-ogc");
  expect(marks.length, "more than one page").toBeGreaterThan(500);
  expect(asked.filter((url) => url.includes("cursor=")).length, "links followed").toBeGreaterThan(0);

  await library.jump(middle_lon, middle_lat, 8);
  await page.getByText(/^Здесь мест: 2\d\d\d\. Приблизьте карту/).waitFor();
  await library.jump(middle_lon + 0.05, middle_lat, 11); // what was not taken is asked for again
  await agree(library, "openlayers-ogc");
  await end(service.url, site.url);
});

it.each(["maplibre-geojson", "leaflet"] as const)("%s drops an answer that comes too late, and says what the service says", async (name) => {
  const { page, errors, end } = await open(browser, addressOf(name, "on another site"));
  const library = new Library(page, name);
  await agree(library, name);
  await page.route("**/api/v1/locations?**", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await route.continue().catch(() => {}); // the page has dropped it meanwhile
  }, { times: 1 });
  await library.jump(41.99, 45.03, 12);
  await library.jump(...CLOSE);
  await agree(library, name);
  await page.waitForTimeout(900);
  await agree(library, name);
  expect(errors).toEqual([]);

  await page.route("**/api/v1/locations?**", (route) => route.fulfill({
    status: 503, contentType: "application/problem+json", headers: { "access-control-allow-origin": "*" },
    body: JSON.stringify({ type: "/problems/store-unavailable", title: "Служба занята", status: 503, detail: "Служба занята, попробуйте через минуту." }),
  }), { times: 1 });
  await library.jump(41.99, 45.03, 12);
  await page.getByRole("status").getByText("Служба занята, попробуйте через минуту.").waitFor();
  await page.route("**/api/v1/locations?**", (route) => route.abort(), { times: 1 });
  await library.jump(...CLOSE);
  await page.getByRole("status").getByText("нет связи").waitFor();
  await library.jump(41.9642, 45.0344, 11);
  await agree(library, name);
  errors.splice(0); // the browser's own words about the two
  await end(service.url, site.url);
});

it("openlayers-ogc says what the service says, and asks again when the map moves, not before", async () => {
  let refused = 0;
  const { page, errors, end } = await open(browser, addressOf("openlayers-ogc", "on another site"), {}, (one) => one.route("**/ogc/collections/locations/items?**", (route) => {
    refused += 1;
    return route.fulfill({
      status: 400, contentType: "application/problem+json", headers: { "access-control-allow-origin": "*" },
      body: JSON.stringify({ type: "/problems/invalid-parameter", title: "Неверное значение параметра", status: 400, detail: "filter: знак 1: так нельзя" }),
    });
  }));
  await page.getByRole("status").getByText("filter: знак 1: так нельзя").waitFor();
  await page.waitForLoadState("networkidle");
  expect(refused).toBe(1);
  await page.unrouteAll();
  const library = new Library(page, "openlayers-ogc");
  await library.jump(41.965, 45.034, 11); // most of it was asked for, in vain
  await agree(library, "openlayers-ogc");
  await page.getByRole("status").getByText(/^$/).waitFor({ state: "attached" });
  errors.splice(0); // the browser's own words about the 400
  await end(service.url, site.url);
});

it.each([["maplibre-vector", "Часть карты не загрузилась."], ["openlayers-mvt", "Часть мест не загрузилась."]] as const)("%s says that a tile did not come", async (name, words) => {
  const { page, end, errors } = await open(browser, addressOf(name, "on another site"), {}, (one) => one.route("**/tiles/locations/**.mvt", (route) => route.fulfill({ status: 503, headers: { "access-control-allow-origin": "*" } })));
  await page.getByRole("status").getByText(words).waitFor();
  await page.waitForLoadState("networkidle");
  errors.splice(0); // the browser's and the library's own words about it
  await end(service.url, site.url);
});

it("leaflet is used by the keyboard, and an answer that comes meanwhile leaves the focus where it was", async () => {
  const { page, end } = await open(browser, addressOf("leaflet", "on another site"));
  const library = new Library(page, "leaflet");
  await library.jump(...CLOSE);
  const { view, marks } = await agree(library, "leaflet");
  const mark = nearestTo(view, marks);
  const { name } = await propertiesOf(mark.id);
  const focused = (): Promise<string | null> => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? null);
  for (let press = 0; press < 40 && (await focused()) !== name; press += 1) await page.keyboard.press("Tab");
  expect(await focused()).toBe(name);
  const answered = page.waitForResponse("**/api/v1/locations?**");
  await library.jump(CLOSE[0] + 0.001, CLOSE[1], CLOSE[2]);
  await (await answered).finished();
  await agree(library, "leaflet");
  expect(await focused()).toBe(name);
  await page.keyboard.press("Enter");
  expect(await library.popup().locator("strong").textContent()).toBe(name);
  expect(await page.evaluate(() => (document.activeElement as HTMLAnchorElement).href), "the focus goes into the popup").toBe(`${service.url}/place/${mark.id}`);
  await end(service.url, site.url);
});

it.each(["maplibre-vector", "maplibre-geojson", "leaflet"] as const)("%s without WebGL", async (name) => {
  const { page, errors, end } = await open(browser, addressOf(name, "on another site"), {}, (one) => one.addInitScript(() => {
    const real = HTMLCanvasElement.prototype.getContext as (...given: unknown[]) => unknown;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
      return kind.startsWith("webgl") ? null : (real.call(this, kind, ...rest) as never);
    } as never;
  }));
  if (name === "leaflet") await agree(new Library(page, name), name); // the places stand without a ground
  else expect(await page.locator("#no-map").getByRole("link").getAttribute("href")).toBe(`${service.url}/embed`);
  expect(await axe(page, { preload: false })).toEqual([]);
  errors.splice(0); // the library's own words about WebGL
  await end(service.url, site.url);
});

it.each(PAGES)("%s without a script leads to the list", async (name) => {
  const { page, end } = await open(browser, addressOf(name, "on another site"), { javaScriptEnabled: false });
  expect(await page.locator("noscript a").getAttribute("href")).toBe(`${service.url}/embed`);
  expect(await page.locator("noscript p").isVisible()).toBe(true);
  await end(service.url, site.url);
});

const propertiesOf = async (id: string): Promise<Record<string, unknown>> => (await get<Answer["features"][number]>(`${service.url}/api/v1/locations/${id}`)).properties;

async function expansionZoom({ id, lon, lat }: Mark): Promise<number> {
  const { features } = await get<Answer>(`${service.url}/api/v1/locations?bbox=${lon - 0.1},${lat - 0.1},${lon + 0.1},${lat + 0.1}&zoom=11`);
  return Number(features.find((feature) => feature.id === id)!.properties["expansion_zoom"]);
}
