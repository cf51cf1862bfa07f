/**
 * The layer for 2GIS and its example page, on a FAKE of MapGL: the real one was not run, it wants 2GIS' host and a key.
 * What is real here is the page, the module, the service, the browser and its policies.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page, Request } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Category, ClusterProperties, Feature, LocationSummary } from "../src/api/types.js";
import type { FakeMap } from "../src/testing/fake_mapgl.js";
import { startForeignSite, type ForeignSite } from "./foreign_site.js";
import { axe, DESK, get, OPERATOR_TOKEN, PHONE, republish, RESULTS, SLOW, startBrowser, startService, type Answer, type Service } from "./harness.js";

const STATIC = fileURLToPath(new URL("../", import.meta.url));
const MAPGL = "https://mapgl.2gis.com/api/js/v1";
const NARROW = { width: 320, height: 640 };

type Any = Feature<LocationSummary | ClusterProperties>;
interface Viewport { readonly features: readonly Any[]; readonly matched: number }

let service: Service;
let site: ForeignSite;
let browser: Browser;
let fake: string;

beforeAll(async () => {
  service = await startService();
  site = await startForeignSite();
  browser = await startBrowser();
  fake = await fakeScript();
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await service?.stop();
});

async function fakeScript(): Promise<string> {
  const result = await build({
    configFile: false, root: STATIC, logLevel: "error",
    build: { write: false, target: "es2022", modulePreload: false, rollupOptions: { input: join(STATIC, "src/testing/fake_mapgl_script.ts"), output: { format: "iife" } } },
  });
  const [chunk] = (Array.isArray(result) ? result : [result]).flatMap((one) => ("output" in one ? one.output : []));
  if (chunk?.type !== "chunk") throw new Error("the fake has become no script");
  return chunk.code;
}

/** The page as its owner has copied it, and the policy that it needs: 2GIS' host, ours three times, what stands inline. */
function copied(): { readonly html: string; readonly policy: string } {
  const html = readFileSync(join(STATIC, "examples/2gis.html"), "utf8").replaceAll("https://HOST", service.url);
  const hash = (element: string): string => {
    const inline = [...html.matchAll(new RegExp(`<${element}[^>]*>([^]*?)</${element}>`, "g"))].map(([, text]) => text!).filter((text) => text !== "");
    return inline.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`).join(" ");
  };
  const policy = `default-src 'none'; script-src ${new URL(MAPGL).origin} ${service.url} ${hash("script")}; style-src ${hash("style")}; `
    + `connect-src ${service.url}; img-src ${service.url}`;
  return { html, policy };
}

/** Addresses, and how many of them have not been answered. */
type Asked = string[] & { pending: number };

interface Guest {
  readonly page: Page;
  readonly errors: string[];
  /** What the layer has asked, in order. */
  readonly asked: Asked;
  end(): Promise<void>;
}

/** Opens the copied page; at its end no host but the site's, ours and 2GIS' was asked and no policy was broken. */
async function guest(options: BrowserContextOptions = {}): Promise<Guest> {
  const { html, policy } = copied();
  site.put("/", html, policy);
  const context = await browser.newContext({ viewport: PHONE, locale: "ru-RU", timezoneId: "Europe/Moscow", ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  const asked: Asked = Object.assign([], { pending: 0 });
  const hosts = new Set<string>();
  page.on("console", (message) => { if (message.type() === "error" || message.type() === "warning") errors.push(message.text()); });
  page.on("pageerror", (error) => errors.push(error.message));
  const isQuestion = (request: Request): boolean => new URL(request.url()).pathname === "/api/v1/locations";
  context.on("request", (request) => {
    hosts.add(new URL(request.url()).host);
    if (!isQuestion(request)) return;
    asked.push(request.url());
    asked.pending += 1;
  });
  for (const end of ["requestfinished", "requestfailed"] as const) context.on(end as "requestfinished", (request) => { if (isQuestion(request)) asked.pending -= 1; });
  await context.route(MAPGL, (route) => route.fulfill({ contentType: "text/javascript", body: fake }));
  await page.goto(site.url);
  await settled(page, asked);
  return {
    page, errors, asked,
    end: async () => {
      await context.close();
      expect(errors, "console errors").toEqual([]);
      expect([...hosts].sort()).toEqual([new URL(service.url).host, new URL(site.url).host, new URL(MAPGL).host].sort());
    },
  };
}

/** What the fake map has drawn: the ids of places, of clusters the counts by id, and which icons did not load. */
const drawn = (page: Page): Promise<{ places: string[]; clusters: string[]; broken: string[] }> => page.evaluate(() => {
  const map = (globalThis as unknown as { mapgl: { Map: { last: FakeMap } } }).mapgl.Map.last;
  const things = map.rendered().map(({ layerId, feature, text }) => ({ layerId, id: String(feature.properties?.["id"]), text }));
  return {
    places: things.filter(({ layerId }) => !/-(cluster-\w+|counts|names)$/.test(layerId)).map(({ id }) => id).sort(),
    clusters: things.filter(({ layerId }) => layerId.endsWith("-counts")).map(({ id, text }) => `${id}: ${text}`).sort(),
    broken: [...document.querySelectorAll("img")].filter((image) => !image.complete || image.naturalWidth === 0).map(({ src }) => src),
  };
});

/** Done to the fake map within the page. */
async function onMap<T>(page: Page, act: (map: FakeMap, given: string) => T | Promise<T>, given = ""): Promise<T> {
  const map = await page.evaluateHandle(() => (globalThis as unknown as { mapgl: { Map: { last: FakeMap } } }).mapgl.Map.last);
  return map.evaluate(act as never, given) as Promise<T>;
}

/** Nothing moves, and the last question has been answered. */
async function settled(page: Page, asked: Asked): Promise<void> {
  let before = "";
  await expect.poll(async () => {
    const now = `${asked.length} ${asked.pending} ${JSON.stringify(await drawn(page))}`;
    const same = now === before;
    before = now;
    return same && asked.length > 0 && asked.pending === 0;
  }, { interval: 150, timeout: 10_000 }).toBe(true);
}

/** The fake map has what the service has for the last question. */
async function agree(page: Page, asked: Asked, message?: string): Promise<void> {
  await settled(page, asked);
  const wanted = await expected(asked.at(-1)!);
  await expect.poll(() => drawn(page), { message: message ?? "" }).toEqual(wanted);
}

/** What the API says of the same question. */
async function expected(address: string): Promise<{ places: string[]; clusters: string[]; broken: string[] }> {
  const { features, matched } = await get<Viewport>(address);
  const counted = features.reduce((sum, { properties }) => sum + ("cluster" in properties ? properties.point_count : 1), 0);
  expect(counted, "nothing is left out").toBe(matched);
  return {
    places: features.filter(({ properties }) => !("cluster" in properties)).map(({ id }) => id).sort(),
    clusters: features.flatMap(({ id, properties }) => ("cluster" in properties ? [`${id}: ${properties.point_count}`] : [])).sort(),
    broken: [],
  };
}

describe.each([["320", NARROW, "light"], ["360", PHONE, "dark"], ["1440", DESK, "light"]] as const)("the copied page at %s px", (width, viewport, look) => {
  it.each(SLOW ? ["light", "dark"] as const : [look])("has on the fake map what the service has there (%s)", async (colorScheme) => {
    const { page, asked, end } = await guest({ viewport, colorScheme });
    await agree(page, asked);
    const question = new URL(asked.at(-1)!).searchParams;
    const [west = 0, south = 0, east = 0, north = 0] = question.get("bbox")!.split(",").map(Number);
    const { southWest, northEast } = await onMap(page, (map) => map.getBounds());
    expect([west < southWest[0]!, south < southWest[1]!, east > northEast[0]!, north > northEast[1]!], "the view is in what was asked").toEqual([true, true, true, true]);
    expect(question.get("zoom")).toBe("12");
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll").toBe(true);
    const { places } = await drawn(page);
    await onMap(page, (map, id) => map.click(id), places[0]!);
    await page.locator("#card strong").waitFor();
    await page.screenshot({ path: join(RESULTS, `fake-2gis-${width}-${colorScheme}.png`) });
    expect(await axe(page)).toEqual([]);
    await end();
  });
});

it("shows by the filter what the service finds by it, and after another style still", async () => {
  const { page, asked, end } = await guest({ viewport: DESK });
  const all = await drawn(page);
  await page.getByLabel("Бесплатно").check();
  await agree(page, asked);
  expect(new URL(asked.at(-1)!).searchParams.get("benefit")).toBe("free");
  const free = await drawn(page);
  expect(free).not.toEqual(all);
  await onMap(page, async (map) => { await map.setStyleById("another"); });
  expect(await drawn(page)).toEqual(free);
  await page.getByLabel("Бесплатно").uncheck();
  await expect.poll(() => drawn(page)).toEqual(all);
  await end();
});

it("comes nearer by clicks until a cluster is places, and shows one as text", async () => {
  const { page, asked, end } = await guest();
  await onMap(page, (map) => void map.setZoom(7));
  await agree(page, asked);
  for (let clicks = 0; clicks < 4; clicks += 1) {
    const { features } = await get<Viewport>(asked.at(-1)!);
    const [largest] = features.flatMap(({ id, properties }) => ("cluster" in properties ? [{ id, ...properties }] : [])).sort((one, other) => other.point_count - one.point_count);
    const zoom = await onMap(page, (map) => map.getZoom());
    await page.locator(`#map [data-layer$="-counts"][data-id="${largest!.id}"]`).click();
    await agree(page, asked);
    expect(await onMap(page, (map) => map.getZoom())).toBe(Math.max(largest!.expansion_zoom! + 1, zoom + 1));
    expect((await drawn(page)).clusters, "it has fallen apart").not.toContain(`${largest!.id}: ${largest!.point_count}`);
  }
  const [id] = (await drawn(page)).places;
  const place = await get<Answer["features"][number]>(`${service.url}/api/v1/locations/${id}`);
  const asTyped = `<b onclick="alert(1)">${String(place.properties["name"])}</b>`;
  await republish(service.url, place, asTyped);
  await expect.poll(() => onMap(page, (map) => map.rendered().map(({ feature }) => String(feature.properties?.["label"]))), { timeout: 10_000 }).toContain(asTyped);
  await onMap(page, (map, given) => map.click(given), id!);
  expect(await page.locator("#card strong").allTextContents()).toEqual([asTyped]);
  expect(await page.locator("#card b").count()).toBe(0);
  expect(await page.locator("#card a").getAttribute("href")).toBe(`${service.url}/place/${id}?lang=ru`);
  await page.getByRole("button", { name: "Закрыть" }).click();
  expect(await page.locator("#card > *").count()).toBe(0);
  await republish(service.url, place, String(place.properties["name"]));
  await end();
});

it("draws new places within seconds, lists those that share a position, and takes away what is withdrawn", async () => {
  const { page, asked, end } = await guest();
  await onMap(page, (map) => void map.setCenter([41.98, 45.02]).setZoom(20));
  await settled(page, asked);
  expect(await drawn(page)).toEqual({ places: [], clusters: [], broken: [] });
  const twin = (id: string): Answer["features"][number] => {
    const geometry = { type: "Point", coordinates: [41.98, 45.02] as const };
    return { id, geometry, properties: { category: "museum", address: "Ставрополь" } };
  };
  await republish(service.url, twin("e2e-twin-1"), "Двойник 1");
  await expect.poll(() => drawn(page), { timeout: 10_000 }).toMatchObject({ places: ["e2e-twin-1"] });
  await republish(service.url, twin("e2e-twin-2"), "Двойник 2");
  await expect.poll(() => drawn(page), { timeout: 10_000 }).toMatchObject({ places: [], clusters: [expect.stringMatching(/: 2$/)] });
  await page.locator('#map [data-layer$="-counts"]').click();
  await expect.poll(() => page.locator("#card strong").allTextContents()).toEqual(["Двойник 1", "Двойник 2"]);
  await page.screenshot({ path: join(RESULTS, "fake-2gis-twins.png") });
  for (const id of ["e2e-twin-1", "e2e-twin-2"]) {
    const response = await fetch(`${service.url}/api/v1/locations/${id}`, { method: "DELETE", headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
    expect(response.status).toBeLessThan(300);
  }
  await expect.poll(() => drawn(page), { timeout: 10_000 }).toEqual({ places: [], clusters: [], broken: [] });
  await end();
});

it("asks what the API takes, wherever the map is", async () => {
  const { page, asked, errors, end } = await guest({ viewport: DESK });
  for (const [center, zoom] of [["179.99,65", 4], ["-180,-70", 2], ["541,84", 6], ["0,0", 0], ["41.96,45.03", 20]] as const) {
    await onMap(page, (map, given) => {
      const [lon = 0, lat = 0, level = 0] = given.split(",").map(Number);
      map.setCenter([lon, lat]).setZoom(level);
    }, `${center},${zoom}`);
    await agree(page, asked, center);
  }
  expect(await page.locator("#said").textContent()).toBe("");
  expect(errors).toEqual([]);
  await end();
});

it("says what is wrong when the service does not answer, and recovers", async () => {
  const { page, asked, errors, end } = await guest();
  await page.context().route(/\/api\/v1\/locations\?/, (route) => route.abort());
  await onMap(page, (map) => void map.setZoom(11));
  await page.getByText("Карта льгот не отвечает").waitFor();
  await page.context().unroute(/\/api\/v1\/locations\?/);
  await onMap(page, (map) => void map.setZoom(12));
  await expect.poll(() => page.locator("#said").textContent()).toBe("");
  await agree(page, asked);
  errors.splice(0); // the browser's own words about what did not load
  await end();
});

describe("at the service", () => {
  it.each([["360", PHONE, "light"], ["1440", DESK, "dark"]] as const)("the page says what it lacks instead of a map (%s, %s)", async (width, viewport, colorScheme) => {
    const context = await browser.newContext({ viewport, colorScheme, locale: "ru-RU" });
    const page = await context.newPage();
    const errors: string[] = [];
    const hosts = new Set<string>();
    page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
    page.on("pageerror", (error) => errors.push(error.message));
    context.on("response", (response) => hosts.add(new URL(response.url()).host));
    const [lang, words, free] = colorScheme === "light" ? ["ru", "Этой карте нужны скрипт 2ГИС и ваш ключ.", "Бесплатно"] : ["en", "This map needs the script of 2GIS and a key of yours.", "Free"];
    const answer = await page.goto(`${service.url}/docs/examples/2gis.html?lang=${lang}`);
    expect(answer?.status()).toBe(200);
    await page.getByText(words).waitFor();
    expect(await page.getByLabel(free).isDisabled()).toBe(true);
    expect(await axe(page)).toEqual([]);
    await page.screenshot({ path: join(RESULTS, `2gis-at-service-${width}-${colorScheme}.png`) });
    expect(errors.filter((text) => !text.includes(MAPGL)), "only 2GIS' script is refused").toEqual([]);
    expect(errors.length).toBeGreaterThan(0);
    expect([...hosts]).toEqual([new URL(service.url).host]);
    await context.close();
  });

  it("the module, its types and an icon for each category may be read from any site", async () => {
    const { categories } = await get<{ categories: Category[] }>(`${service.url}/api/v1/categories`);
    const icons = [...categories.map(({ code }) => code), "cluster-light", "cluster-dark", "nothing"].map((name) => `ryadom-2gis/${name}.svg`);
    for (const [path, type] of [["ryadom-2gis.js", /javascript/], ["ryadom-2gis.d.ts", /^text\/|typescript/], ...icons.map((icon) => [icon, /^image\/svg\+xml/] as const)] as const) {
      const response = await fetch(`${service.url}/lib/${path}`, { headers: { origin: site.url } });
      expect(response.status, path).toBe(200);
      expect(response.headers.get("access-control-allow-origin"), path).toBe("*");
      expect(response.headers.get("content-type"), path).toMatch(type);
      await response.arrayBuffer();
    }
  });
});
