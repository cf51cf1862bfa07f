/**
 * The example pages of other map libraries: opened as a stranger's copy or at the service, and what each library holds
 * and shows, read out of the library itself. Zooms here are the service's, of tiles of 512 px.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { exampleOf } from "../src/build/english.js";
import type { Language } from "../src/i18n/index.js";
import { get, OPERATOR_TOKEN, RESULTS, PHONE, type Answer } from "./harness.js";

/** The page as it is copied, with the service's address put in. */
export function copyOf(name: string, host: string, lang: Language = "ru"): string {
  return exampleOf(name, lang).replaceAll("https://HOST", host);
}

/** What a careful owner allows: our host by its name, the copied script and sheet by their hashes, a worker and icons that MapLibre makes itself. */
export function carefulPolicy(html: string, host: string): string {
  const hashes = (element: string): string => [...html.matchAll(new RegExp(`<${element}[^>]*>([^]*?)</${element}>`, "g"))]
    .flatMap(([, inside]) => inside === "" ? [] : [`'sha256-${createHash("sha256").update(inside!).digest("base64")}'`]).join(" ");
  return `default-src 'none'; script-src ${host} ${hashes("script")}; style-src ${host} ${hashes("style")}; connect-src ${host}; img-src ${host} data:; worker-src blob:`;
}

export interface Guest {
  readonly page: Page;
  /** Console errors and warnings; what a test expects it takes off. */
  readonly errors: string[];
  readonly asked: readonly string[];
  shot(name: string): Promise<void>;
  /** Nothing went wrong unseen, and nobody but these hosts was asked. */
  end(...hosts: string[]): Promise<void>;
}

export async function open(browser: Browser, url: string, options: BrowserContextOptions = {}, before: (page: Page) => Promise<unknown> = async () => {}): Promise<Guest> {
  const context = await browser.newContext({ viewport: PHONE, locale: "ru-RU", timezoneId: "Europe/Moscow", ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  const asked: string[] = [];
  page.on("console", (message) => {
    if (/GL Driver Message|willReadFrequently/.test(message.text())) return; // the browser's, about its own rendering
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  context.on("request", (request) => asked.push(request.url()));
  await before(page);
  const answer = await page.goto(url);
  expect(answer?.status(), url).toBe(200);
  return {
    page, errors, asked,
    shot: async (name) => void (await page.screenshot({ path: join(RESULTS, `${name}.png`) })),
    end: async (...hosts) => {
      await context.close();
      expect(errors, "console errors").toEqual([]);
      const others = asked.filter((address) => address.startsWith("http") && !hosts.some((host) => address.startsWith(`${host}/`)));
      expect(others, "asked of others").toEqual([]);
    },
  };
}

/** A place, or so many of them as one. */
export interface Mark {
  readonly id: string;
  readonly lon: number;
  readonly lat: number;
  readonly count: number;
}

export interface View {
  readonly bbox: readonly [west: number, south: number, east: number, north: number];
  readonly zoom: number;
}

/** A library's words, run in the page, where `map` is what the page itself calls so. */
interface Words {
  readonly view: string;
  readonly moving: string;
  readonly held: string;
  /** What stands on the map, where the library makes clusters itself. */
  readonly drawn?: string;
  readonly jump: (lon: number, lat: number, zoom: number) => string;
  readonly pixel: (lon: number, lat: number) => string;
  readonly popup: string;
  readonly close: string;
  /** Positions come in steps of a tile's grid. */
  readonly inSteps: boolean;
}

const OF_FEATURE = "({ geometry: { coordinates: [lon, lat] }, properties: { id, point_count } }) => ({ id, lon, lat, count: point_count ?? 1 })";
const MAPLIBRE = {
  view: "({ bbox: map.getBounds().toArray().flat(), zoom: map.getZoom() })",
  moving: "map.isMoving()",
  jump: (lon: number, lat: number, zoom: number) => `void map.jumpTo({ center: [${lon}, ${lat}], zoom: ${zoom} })`,
  pixel: (lon: number, lat: number) => `map.project([${lon}, ${lat}])`,
  popup: ".maplibregl-popup-content",
  close: ".maplibregl-popup-close-button",
};
const OPENLAYERS = {
  view: `({ bbox: ol.proj.transformExtent(map.getView().calculateExtent(map.getSize()), "EPSG:3857", "EPSG:4326"), zoom: map.getView().getZoom() - 1 })`,
  moving: "map.getView().getAnimating()",
  jump: (lon: number, lat: number, zoom: number) => `(map.getView().setCenter(ol.proj.fromLonLat([${lon}, ${lat}])), map.getView().setZoom(${zoom + 1}))`,
  pixel: (lon: number, lat: number) => `(([x, y]) => ({ x, y }))(map.getPixelFromCoordinate(ol.proj.fromLonLat([${lon}, ${lat}])))`,
  popup: "#popup",
  close: "#popup button",
};
const LIBRARIES: Readonly<Record<string, Words>> = {
  "maplibre-vector": { ...MAPLIBRE, held: `map.querySourceFeatures("ryadom", { sourceLayer: "locations" }).map(${OF_FEATURE})`, inSteps: true },
  "maplibre-geojson": { ...MAPLIBRE, held: `map.getSource("ryadom").getData().then(({ features }) => features.map(${OF_FEATURE}))`, inSteps: false },
  leaflet: {
    view: "({ bbox: map.getBounds().toBBoxString().split(',').map(Number), zoom: map.getZoom() - 1 })",
    moving: "map._animatingZoom === true",
    held: `(() => { const all = []; map.eachLayer((layer) => { if (layer.feature) all.push(layer.feature); }); return all.map(${OF_FEATURE}); })()`,
    jump: (lon, lat, zoom) => `void map.setView([${lat}, ${lon}], ${zoom + 1}, { animate: false })`,
    pixel: (lon, lat) => `map.latLngToContainerPoint([${lat}, ${lon}])`,
    popup: ".leaflet-popup-content",
    close: ".leaflet-popup-close-button",
    inSteps: false,
  },
  "openlayers-mvt": {
    ...OPENLAYERS,
    held: `places.getFeaturesInExtent(map.getView().calculateExtent(map.getSize())).map((one) => (([lon, lat]) => ({ id: one.get("id"), lon, lat, count: one.get("point_count") ?? 1 }))(ol.proj.toLonLat(one.getFlatCoordinates())))`,
    inSteps: true,
  },
  "openlayers-ogc": {
    ...OPENLAYERS,
    held: `places.getSource().getFeatures().flatMap((cluster) => cluster.get("features")).map((one) => (([lon, lat]) => ({ id: one.get("id"), lon, lat, count: 1 }))(ol.proj.toLonLat(one.getGeometry().getCoordinates())))`,
    drawn: `places.getSource().getFeatures().map((one) => (([lon, lat]) => ({ id: one.get("features")[0].get("id"), lon, lat, count: one.get("count") }))(ol.proj.toLonLat(one.getGeometry().getCoordinates())))`,
    inSteps: false,
  },
};

export class Library {
  readonly #page: Page;
  readonly #words: Words;

  constructor(page: Page, name: string) {
    this.#page = page;
    this.#words = LIBRARIES[name]!;
  }

  view(): Promise<View> {
    return this.#page.evaluate<View>(this.#words.view);
  }

  /** What the library has been given for its view, each once. */
  async held({ bbox }: View): Promise<Mark[]> {
    const all = inside(await this.#page.evaluate<Mark[]>(this.#words.held), bbox);
    return [...new Map(all.map((mark) => [lineOf(mark), mark])).values()];
  }

  async drawn(view: View): Promise<Mark[]> {
    return inside(await this.#page.evaluate<Mark[]>(this.#words.drawn ?? this.#words.held), view.bbox);
  }

  jump(lon: number, lat: number, zoom: number): Promise<void> {
    return this.#page.evaluate(this.#words.jump(lon, lat, zoom));
  }

  /** The zoom once the map has come to rest, which a library may tell before it is there. */
  async restingZoom(): Promise<number> {
    // Both in one breath: an animation that begins in between has its last zoom already.
    const both = `({ moving: ${this.#words.moving}, zoom: (${this.#words.view}).zoom })`;
    let zoom = Number.NaN;
    await expect.poll(async () => {
      const now = await this.#page.evaluate<{ moving: boolean; zoom: number }>(both);
      zoom = now.zoom;
      return now.moving;
    }).toBe(false);
    return zoom;
  }

  async click({ lon, lat }: Pick<Mark, "lon" | "lat">): Promise<void> {
    const { x, y } = await this.#page.evaluate<{ x: number; y: number }>(this.#words.pixel(lon, lat));
    await this.#page.locator("#map").click({ position: { x, y } });
  }

  popup(): Locator {
    return this.#page.locator(this.#words.popup);
  }

  async closePopup(): Promise<void> {
    await this.#page.locator(this.#words.close).click();
    await this.popup().waitFor({ state: "hidden" });
  }

  /** Degrees by which a position may stand off. */
  slack_deg({ zoom }: View): number {
    return this.#words.inSteps ? 360 / 2 ** Math.floor(zoom) / 4096 : 1e-6;
  }
}

export function inside<T extends Pick<Mark, "lon" | "lat">>(marks: readonly T[], [west, south, east, north]: View["bbox"]): T[] {
  return marks.filter(({ lon, lat }) => lon >= west && lon <= east && lat >= south && lat <= north);
}

/** A mark without its position. */
export function lineOf({ id, count }: Mark): string {
  return count === 1 ? id : `${id}: ${count}`;
}

export const linesOf = (marks: readonly Mark[]): string[] => marks.map(lineOf).sort();

/** What the API has for a view; which query, the page's filter says. */
export async function askedOf(host: string, { bbox, zoom }: View, query: string): Promise<Mark[]> {
  const { features } = await get<Answer>(`${host}/api/v1/locations?bbox=${bbox.join()}&zoom=${Math.floor(zoom)}${query}`);
  return marksOf(features);
}

/** All items of OGC API - Features, in pages far larger than the example's. */
export async function itemsOf(host: string, { bbox }: View, query: string): Promise<Mark[]> {
  const { features } = await get<Answer>(`${host}/ogc/collections/locations/items?f=json&limit=5000&bbox=${bbox.join()}${query}`);
  return marksOf(features);
}

function marksOf(features: Answer["features"]): Mark[] {
  return features.map(({ id, geometry: { coordinates: [lon, lat] }, properties }) => ({ id, lon, lat, count: Number(properties["point_count"] ?? 1) }));
}

/** Publishes a place as an operator does. */
export async function publish(host: string, id: string, name: string, [lon, lat]: readonly [number, number]): Promise<void> {
  const response = await fetch(`${host}/api/v1/locations/${id}`, {
    method: "PUT", headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, "content-type": "application/geo+json" },
    body: JSON.stringify({ type: "Feature", id, geometry: { type: "Point", coordinates: [lon, lat] }, properties: { id, name, category: "cafe", address: "Пробный переулок, 1", offer: "Скидка 10 %" } }),
  });
  expect([200, 201], await response.text()).toContain(response.status);
}
