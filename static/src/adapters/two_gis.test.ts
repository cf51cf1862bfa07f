// @vitest-environment happy-dom
/** The layer on a fake of MapGL: what it asks the API, what it puts on the map and takes off it, what a click does. */
import type { PointStyleLayer } from "@2gis/mapgl/types/types/styles.js";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClusterProperties, Feature, LocationSummary } from "../api/types.js";
import { asMap, FakeMap, fakeMapgl, type Rendered } from "../testing/fake_mapgl.js";
import { addRyadom, ryadomSource, type Place, type RyadomLayer, type RyadomOptions } from "./two_gis.js";
import { askedArea, askedZoom, mapglZoom } from "./two_gis_view.js";

const HOST = "https://map.example";
const STAVROPOL: [number, number] = [41.9642, 45.0344];

type Any = Feature<LocationSummary | ClusterProperties>;

const place = (id: string, given: Partial<LocationSummary> = {}, [lon, lat] = STAVROPOL): Any => ({
  type: "Feature", id, geometry: { type: "Point", coordinates: [lon, lat] },
  properties: { id, name: `Место ${id}`, category: "museum", benefit: "Вход свободный", benefit_kind: "free", benefit_value: null, address: null, open: true, ...given },
});
const cluster = (id: string, given: Partial<ClusterProperties> = {}): Any => ({
  type: "Feature", id, geometry: { type: "Point", coordinates: STAVROPOL },
  properties: { cluster: true, point_count: 12, expansion_zoom: 14, categories: { museum: 12 }, bbox: [41.9, 45, 42, 45.1], ...given },
});

/** Every address that was asked, and what is answered. */
let asked: URL[];
let answer: (url: URL) => Response | Promise<Response>;
const found = (features: readonly Any[], seq = 7): Response => Response.json({ type: "FeatureCollection", features, seq });

class FakeEvents extends EventTarget {
  static readonly CLOSED = 2;
  static open: FakeEvents[] = [];
  readonly url: string;
  readyState = 1;
  constructor(url: string) {
    super();
    this.url = url;
    FakeEvents.open.push(this);
  }
  close(): void {
    this.readyState = FakeEvents.CLOSED;
    FakeEvents.open = FakeEvents.open.filter((one) => one !== this);
  }
  say(type: string, data: object): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}

beforeEach(() => {
  asked = [];
  answer = () => found([]);
  FakeEvents.open = [];
  vi.stubGlobal("EventSource", FakeEvents);
  vi.stubGlobal("fetch", async (path: string, { signal }: RequestInit) => {
    const url = new URL(path);
    asked.push(url);
    const response = await answer(url);
    signal?.throwIfAborted();
    return response;
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

interface Put {
  readonly map: FakeMap;
  readonly layer: RyadomLayer;
  readonly chosen: (readonly Place[])[];
  readonly troubles: (string | null)[];
}

function put(options: RyadomOptions = {}, map = new FakeMap(document.createElement("div"), { center: [...STAVROPOL], zoom: 13, key: "k" })): Put {
  const chosen: (readonly Place[])[] = [];
  const troubles: (string | null)[] = [];
  const layer = addRyadom(fakeMapgl, asMap(map), { host: HOST, onSelect: (places) => chosen.push(places), onTrouble: (text) => troubles.push(text), ...options });
  return { map, layer, chosen, troubles };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const ids = (rendered: readonly Rendered[]): string[] => [...new Set(rendered.map(({ feature }) => String(feature.properties?.["id"])))].sort();
const shown = (map: FakeMap): Promise<void> => vi.waitFor(() => expect(map.rendered().length).toBeGreaterThan(0));
const last = (): URL => asked.at(-1)!;
const bboxOf = (url: URL): number[] => url.searchParams.get("bbox")!.split(",").map(Number);

describe("what is asked", () => {
  it("is the view and a rim round it, at a zoom less than 2GIS counts", async () => {
    const { map } = put();
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    expect(last().origin + last().pathname).toBe(`${HOST}/api/v1/locations`);
    expect(last().searchParams.get("zoom")).toBe("12");
    expect(last().searchParams.get("lang")).toBe("ru");
    const { southWest, northEast } = map.getBounds();
    const [west = 0, south = 0, east = 0, north = 0] = bboxOf(last());
    const cell = 360 / 2 ** 15;
    for (const [outer, inner] of [[-west, -southWest[0]!], [-south, -southWest[1]!], [east, northEast[0]!], [north, northEast[1]!]] as const) {
      expect(outer).toBeGreaterThanOrEqual(inner + cell - 1e-6);
      expect(outer).toBeLessThan(inner + 2 * cell + 1e-6);
    }
  });

  it("is asked anew after each move that matters, and a late answer to an older question is dropped", async () => {
    const slow: ((response: Response) => void)[] = [];
    answer = () => new Promise((resolve) => slow.push(resolve));
    const { map } = put();
    await vi.waitFor(() => expect(slow).toHaveLength(1));
    map.setZoom(15);
    await vi.waitFor(() => expect(slow).toHaveLength(2));
    expect(last().searchParams.get("zoom")).toBe("14");
    slow[1]!(found([place("new")]));
    await shown(map);
    slow[0]!(found([place("old")]));
    await pause(20);
    expect(ids(map.rendered())).toEqual(["new"]);
    map.setCenter([STAVROPOL[0] + 1e-7, STAVROPOL[1]]);
    await pause(20);
    expect(asked, "a hair aside is the same question").toHaveLength(2);
  });

  it("is asked again on the next move when the answer has grown old", async () => {
    const { map } = put();
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    map.setCenter([...STAVROPOL]);
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[1]!.href).toBe(asked[0]!.href);
  });

  it("crosses the antimeridian, however far a looped map counts on", () => {
    const zoom = 8;
    for (const turn of [0, 360, -720]) {
      const [west, south, east, north] = askedArea({ southWest: [178 + turn, 50], northEast: [183 + turn, 52] }, zoom);
      expect(west).toBeGreaterThan(176);
      expect(east).toBeLessThan(-175.5);
      expect(east).toBeGreaterThan(-177);
      expect([south, north].map(Math.round)).toEqual([50, 52]);
    }
    const [west, , east] = askedArea({ southWest: [170, -10], northEast: [-170, 10] }, 5);
    expect([west > 165 && west < 170, east > -170 && east < -165], "said wrapped").toEqual([true, true]);
    expect(askedArea({ southWest: [10, -10], northEast: [9, 10] }, 3).filter((_, at) => at % 2 === 0), "almost all round").toEqual([-180, 180]);
  });

  it("is a box that the API takes and that holds the view, whatever the map says", () => {
    fc.assert(fc.property(
      fc.double({ min: -900, max: 900, noNaN: true }), fc.oneof(...[[0, 60], [300, 360], [0, 1500]].map(([min, max]) => fc.double({ min: min!, max: max!, noNaN: true }))),
      fc.double({ min: -89, max: 89, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true }), fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 18 })),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (from, width, low, height, zoom, share) => {
        const high = Math.min(90, low + height);
        const [west, south, east, north] = askedArea({ southWest: [from, low], northEast: [from + width, high] }, zoom);
        for (const lon of [west, east]) expect(Math.abs(lon)).toBeLessThanOrEqual(180);
        for (const lat of [south, north]) expect(Math.abs(lat)).toBeLessThanOrEqual(90);
        expect(south).toBeLessThanOrEqual(low);
        expect(north).toBeGreaterThanOrEqual(high);
        const lon = ((((from + width * share + 180) % 360) + 360) % 360) - 180;
        expect(west <= east ? west <= lon + 1e-6 && lon - 1e-6 <= east : lon + 1e-6 >= west || lon - 1e-6 <= east, `${lon} in ${west}…${east}`).toBe(true);
      },
    ), { numRuns: 2_000 });
  });

  it("keeps to the zooms that there are, and forgives a flight that ends a hair short", () => {
    expect([0, 0.5, 1, 12.4, 13, 12.9999, 19, 20, 22].map(askedZoom)).toEqual([0, 0, 0, 11, 12, 12, 18, 18, 18]);
    for (let zoom = 0; zoom <= 18; zoom += 1) expect(askedZoom(mapglZoom(zoom))).toBe(zoom);
  });
});

describe("what is drawn", () => {
  it("is every place by its category, every cluster by its size with its count", async () => {
    answer = () => found([
      place("m"), place("c", { category: "cafe" }), place("x", { category: "of-tomorrow" }),
      cluster("few", { point_count: 9 }), cluster("more", { point_count: 40 }), cluster("most", { point_count: 1234 }),
    ]);
    const { map } = put();
    await shown(map);
    const icons = map.rendered().filter(({ icon }) => icon !== null).map(({ feature, icon }) => [feature.properties?.["id"], icon?.url, icon?.width_px]);
    expect(icons).toEqual([
      ["m", `${HOST}/lib/ryadom-2gis/museum.svg`, 34], ["c", `${HOST}/lib/ryadom-2gis/cafe.svg`, 34], ["x", `${HOST}/lib/ryadom-2gis/other.svg`, 34],
      ["few", `${HOST}/lib/ryadom-2gis/cluster-light.svg`, 40], ["more", `${HOST}/lib/ryadom-2gis/cluster-light.svg`, 48], ["most", `${HOST}/lib/ryadom-2gis/cluster-light.svg`, 56],
    ]);
    const texts = map.rendered().filter(({ text }) => text !== null).map(({ feature, text }) => [feature.properties?.["id"], text?.replace("\u00a0", " ")]);
    expect(texts).toEqual([["few", "9"], ["more", "40"], ["most", "1,2 тыс."]]);
  });

  it("has names where there is room for them", async () => {
    answer = () => found([place("m"), cluster("c")]);
    const { map } = put();
    await shown(map);
    const named = (): (string | null)[] => map.rendered().filter(({ layerId }) => layerId.endsWith("-names")).map(({ text }) => text);
    expect(named()).toEqual([]);
    map.setZoom(17);
    await vi.waitFor(() => expect(named()).toEqual(["Место m"]));
  });

  it("stands however early or late it is put, and after every change of style", async () => {
    answer = () => found([place("m"), cluster("c")]);
    const early = put();
    await shown(early.map);
    const before = early.map.rendered().map(({ layerId }) => layerId);
    await early.map.setStyleById("night");
    expect(early.map.rendered().map(({ layerId }) => layerId)).toEqual(before);
    const late = put({}, early.map);
    await vi.waitFor(() => expect(early.map.rendered()).toHaveLength(2 * before.length));
    await early.map.setStyleById("day");
    expect(early.map.rendered()).toHaveLength(2 * before.length);
    early.map.emit("styleload", { style: "day" });
    expect(early.map.rendered(), "told twice").toHaveLength(2 * before.length);
    late.layer.destroy();
  });

  it("changes its colours with the theme, and keeps them over a change of style", async () => {
    answer = () => found([cluster("c"), place("m")]);
    const { map, layer } = put();
    await shown(map);
    const discs = (): (string | undefined)[] => map.rendered().filter(({ feature }) => feature.properties?.["id"] === "c").map(({ icon }) => icon?.url.split("/").at(-1));
    expect(discs()).toEqual(["cluster-light.svg", undefined]);
    layer.setTheme("dark");
    expect(discs()).toEqual(["cluster-dark.svg", undefined]);
    await map.setStyleById("night");
    expect(discs()).toEqual(["cluster-dark.svg", undefined]);
    layer.destroy();
    expect(map.leftovers()).toEqual([]);
  });
});

it("two layers live on one map and each goes alone, leaving nothing", async () => {
  answer = (url) => found(url.searchParams.get("category") === "cafe" ? [place("cafe", { category: "cafe" })] : [place("museum")]);
  const museums = put({ category: "museum" });
  const cafes = put({ category: "cafe" }, museums.map);
  await vi.waitFor(() => expect(ids(museums.map.rendered())).toEqual(["cafe", "museum"]));
  expect(museums.map.rendered(), "none is drawn by the other's layers").toHaveLength(2);
  const [one, other] = [...museums.map.sources].map(({ options }) => options);
  expect([one!.promoteId, other!.promoteId], "the map knows our ids").toEqual(["id", "id"]);
  expect(one!.idScope, "and the same place in two layers is two things to it").not.toBe(other!.idScope);
  museums.map.click("cafe");
  expect([museums.chosen.length, cafes.chosen.length]).toEqual([0, 1]);
  museums.layer.destroy();
  museums.layer.destroy();
  expect(ids(museums.map.rendered())).toEqual(["cafe"]);
  expect(FakeEvents.open).toHaveLength(1);
  await museums.map.setStyleById("night");
  expect(ids(museums.map.rendered())).toEqual(["cafe"]);
  cafes.layer.destroy();
  expect(museums.map.leftovers()).toEqual([]);
  expect(FakeEvents.open).toEqual([]);
  const before = asked.length;
  museums.layer.setFilter({});
  museums.layer.setTheme("dark");
  museums.map.setZoom(5);
  await pause(20);
  expect(asked).toHaveLength(before);
  expect(museums.map.leftovers(), "a layer that is gone puts nothing back").toEqual([]);
});

it("is taken down while its first answer is on its way", async () => {
  let come: (response: Response) => void = () => {};
  answer = () => new Promise((resolve) => { come = resolve; });
  const { map, layer, troubles } = put();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  layer.destroy();
  come(found([place("m")]));
  await pause(20);
  expect([map.leftovers(), troubles]).toEqual([[], []]);
});

it("goes with the map", async () => {
  const { map } = put();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  map.destroy();
  expect(FakeEvents.open).toEqual([]);
});

describe("a filter", () => {
  it("has the words of the lists, as texts or as lists", async () => {
    put({ category: ["museum", "cafe"], benefit: "free, percent" as "free", wheelchair: ["yes"], open_at: "now", q: " парк " });
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    const { bbox, zoom, ...rest } = Object.fromEntries(last().searchParams);
    expect([typeof bbox, zoom]).toEqual(["string", "12"]);
    expect(rest).toEqual({ category: "museum,cafe", benefit: "free,percent", wheelchair: "yes", open_at: "now", q: "парк", lang: "ru" });
  });

  it("is replaced whole, and what is empty is not asked", async () => {
    answer = (url) => found([place(url.searchParams.get("category") ?? "all")]);
    const { map, layer } = put({ category: "museum", open_at: "now" });
    await vi.waitFor(() => expect(ids(map.rendered())).toEqual(["museum"]));
    layer.setFilter({ category: ["cafe"], benefit: [], q: "" });
    await vi.waitFor(() => expect(ids(map.rendered())).toEqual(["cafe"]));
    expect([...last().searchParams.keys()].sort()).toEqual(["bbox", "category", "lang", "zoom"]);
    layer.setFilter({});
    await vi.waitFor(() => expect(ids(map.rendered())).toEqual(["all"]));
  });

  it.each([
    [{ categories: "museum" }, "Рядом: нет параметра «categories»; есть: category, benefit, wheelchair, open_at, q, host, lang, theme, live, onSelect, onTrouble"],
    [{ open: "now" }, "«open»"],
    [{ lang: "en", colour: 1 }, 'Ryadom: there is no option "colour"'],
    [{ benefit: "gratis" }, "Рядом: benefit: нужно percent, fixed, free, gift, price"],
    [{ wheelchair: ["maybe"] }, "wheelchair: нужно yes, limited, no"],
    [{ category: 7 }, "category: нужно строка или список строк"],
    [{ q: ["парк"] }, "q: нужно строка"],
    [{ lang: "de" }, "lang: нужно ru, en"],
    [{ theme: "auto" }, "theme: нужно light, dark"],
    [{ live: "no" }, "live: нужно true, false"],
    [{ onSelect: "show" }, "onSelect: нужно функция"],
    [{ host: "map.example" }, "host: нужно адрес сервиса"],
    [{ host: "ftp://map.example" }, "host: нужно адрес сервиса"],
  ] as const)("%j is refused by name, and nothing is put", (options, message) => {
    const map = new FakeMap(document.createElement("div"), { key: "k" });
    expect(() => put(options as unknown as RyadomOptions, map)).toThrow(message);
    expect(map.leftovers()).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("that is wrong later is refused too, and the former one stays", async () => {
    const { layer, map } = put({ category: "museum" });
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    expect(() => layer.setFilter({ host: HOST } as never)).toThrow("нет параметра «host»; есть: category, benefit, wheelchair, open_at, q");
    expect(() => layer.setTheme("blue" as "dark")).toThrow("theme");
    map.setZoom(10);
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(last().searchParams.get("category")).toBe("museum");
  });
});

describe("the bare source", () => {
  const BY_SOURCE = ["match", ["sourceAttr", "purpose"], ["ryadom"], true, false] as NonNullable<PointStyleLayer["filter"]>;

  it("asks for what is in sight, by the filter, and its layers are the site's own", async () => {
    const map = new FakeMap(document.createElement("div"), { center: [...STAVROPOL], zoom: 13, key: "k" });
    answer = () => found([place("a"), cluster("9/1/1")]);
    const source = ryadomSource(fakeMapgl, asMap(map), { host: HOST, category: ["museum", "theatre"], lang: "en" });
    map.on("styleload", () => map.addIcon("pin", { url: "https://site.example/pin.svg" }).addLayer({ id: "mine", type: "point", filter: BY_SOURCE, style: { iconImage: "pin", iconWidth: 10 } }));
    await shown(map);
    expect(map.rendered().map(({ feature }) => feature.id).sort()).toEqual(["9/1/1", "a"]);
    expect([...last().searchParams]).toEqual([["bbox", last().searchParams.get("bbox")], ["zoom", "12"], ["category", "museum,theatre"], ["lang", "en"]]);
    const { southWest, northEast } = map.getBounds();
    const [west = 0, south = 0, east = 0, north = 0] = bboxOf(last());
    expect([west < southWest[0]!, south < southWest[1]!, east > northEast[0]!, north > northEast[1]!]).toEqual([true, true, true, true]);
    map.setZoom(15);
    await vi.waitFor(() => expect(last().searchParams.get("zoom")).toBe("14"));
    source.destroy();
    expect(map.sources.size).toBe(0);
    const before = asked.length;
    map.setZoom(16);
    await pause(20);
    expect(asked).toHaveLength(before);
  });

  it("bears the attributes it is given, and refuses what it does not know", () => {
    const map = asMap(new FakeMap(document.createElement("div"), { key: "k" }));
    expect(ryadomSource(fakeMapgl, map, { host: HOST, attributes: { purpose: "mine" } }).getAttributes()).toEqual({ purpose: "mine" });
    expect(ryadomSource(fakeMapgl, map, { host: HOST }).getAttributes()).toEqual({ purpose: "ryadom" });
    expect(() => ryadomSource(fakeMapgl, map, { host: HOST, benefit: "cheap" as "free" })).toThrow(/benefit/);
    expect(() => ryadomSource(fakeMapgl, map, { host: HOST, onSelect: () => {} } as never)).toThrow(/onSelect/);
  });
});

it("says what is missing where mapgl has not come", () => {
  expect(() => addRyadom(undefined as never, undefined as never, { host: HOST })).toThrow("Рядом: mapgl: нужно пространство имён mapgl");
});

it("takes a host with a path, and the map's language", async () => {
  put({ host: "https://region.example/map/" }, new FakeMap(document.createElement("div"), { key: "k", lang: "en" }));
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  expect(last().href).toMatch(/^https:\/\/region\.example\/map\/api\/v1\/locations\?bbox=[-\d.,]+&zoom=1&lang=en$/);
});

describe("a click", () => {
  it("on a place tells of it, with its page", async () => {
    answer = () => found([place("м 1", { category: "cafe", benefit_kind: "percent", benefit_value: 10, open: null })]);
    const { map, chosen } = put();
    await shown(map);
    map.click("м 1");
    expect(chosen).toEqual([[{
      id: "м 1", name: "Место м 1", category: "cafe", benefit: "Вход свободный", benefit_kind: "percent", benefit_value: 10, address: null, open: null,
      lon: STAVROPOL[0], lat: STAVROPOL[1], url: `${HOST}/place/%D0%BC%201?lang=ru`,
    }]]);
  });

  it("beside everything, on a thing of the map or on a place that has gone, tells of nothing", async () => {
    answer = () => found([place("m")]);
    const { map, chosen } = put();
    await shown(map);
    map.click("nobody");
    const event = { originalEvent: new MouseEvent("click"), lngLat: [0, 0], point: [0, 0] };
    map.emit("click", { ...event, targetData: { type: "default", id: "70000001006" } });
    const { layerId, source, feature } = map.rendered()[0]!;
    map.emit("click", { ...event, targetData: { type: "geojson", source: source as never, layerId, feature: { ...feature, properties: { id: "gone" } } } });
    map.emit("click", { ...event, targetData: { type: "geojson", source: source as never, layerId: "of-the-site", feature } });
    expect(chosen).toEqual([]);
    map.emit("click", { ...event, targetData: { type: "geojson", source: source as never, layerId, id: "m" } });
    expect(chosen, "the promoted id is enough").toHaveLength(1);
  });

  it.each(["cluster-middle", "counts"])("on a cluster's %s comes as near as it needs to fall apart", async (part) => {
    answer = () => found([cluster("c")]);
    const { map, chosen } = put();
    await shown(map);
    map.setCenter([41, 44]);
    await pause(20);
    map.click("c", map.rendered().find(({ layerId }) => layerId.endsWith(part))!.layerId);
    await vi.waitFor(() => expect(map.getZoom()).toBe(15));
    expect(map.getCenter()).toEqual(STAVROPOL);
    await vi.waitFor(() => expect(last().searchParams.get("zoom")).toBe("14"));
    expect(chosen).toEqual([]);
  });

  it("on a cluster that is coarser than the zoom still comes nearer", async () => {
    answer = () => found([cluster("c", { expansion_zoom: 9 })]);
    const { map } = put();
    await shown(map);
    map.click("c");
    await vi.waitFor(() => expect(map.getZoom()).toBe(14));
  });

  it.each([
    ["shares one position", { expansion_zoom: null, bbox: [41.9642, 45.0344, 41.9642, 45.0344] }, 20],
    ["falls apart beyond what the map may show", { expansion_zoom: 17, bbox: [41.96, 45.03, 41.97, 45.04] }, 16],
  ] as const)("on a cluster that %s lists its places", async (_what, given, maxZoom) => {
    const map = new FakeMap(document.createElement("div"), { center: [...STAVROPOL], zoom: 13, maxZoom, key: "k" });
    answer = (url) => found(url.searchParams.has("zoom") ? [cluster("c", given)] : [place("a"), place("b")]);
    const { chosen } = put({ benefit: "free" }, map);
    await shown(map);
    map.click("c");
    await vi.waitFor(() => expect(chosen).toHaveLength(1));
    expect(chosen[0]!.map(({ id, url }) => [id, url])).toEqual([["a", `${HOST}/place/a?lang=ru`], ["b", `${HOST}/place/b?lang=ru`]]);
    expect(Object.fromEntries(last().searchParams)).toEqual({ bbox: given.bbox.join(), limit: "1000", benefit: "free", lang: "ru" });
    expect(map.getZoom()).toBe(13);
  });
});

it("a list that comes after another filter was chosen is dropped", async () => {
  let come: (response: Response) => void = () => {};
  answer = (url) => url.searchParams.has("zoom") ? found([cluster("c", { expansion_zoom: null })]) : new Promise((resolve) => { come = resolve; });
  const { map, layer, chosen, troubles } = put();
  await shown(map);
  map.click("c");
  await vi.waitFor(() => expect(last().searchParams.has("limit")).toBe(true));
  layer.setFilter({ q: "парк" });
  come(found([place("a"), place("b")]));
  await pause(20);
  expect([chosen, troubles]).toEqual([[], []]);
});

describe("news", () => {
  const hello = (seq: number): void => FakeEvents.open[0]!.say("hello", { to_seq: seq });

  it("of a place on the map are drawn, from a state that has them", async () => {
    answer = (url) => found([place("m", { name: url.searchParams.get("min_seq") ?? "old" })], Number(url.searchParams.get("min_seq") ?? 7));
    const { map } = put();
    await shown(map);
    expect(FakeEvents.open.map(({ url }) => url)).toEqual([`${HOST}/api/v1/events`]);
    hello(7);
    FakeEvents.open[0]!.say("change", { from_seq: 8, to_seq: 8, ids: ["elsewhere"], bbox: [10, 10, 10, 10] });
    await pause(400);
    expect(asked, "what happens elsewhere is not asked about").toHaveLength(1);
    FakeEvents.open[0]!.say("change", { from_seq: 9, to_seq: 9, ids: ["new"], bbox: [...STAVROPOL, ...STAVROPOL] });
    await vi.waitFor(() => expect(map.rendered()[0]!.feature.properties?.["label"]).toBe("9"), 2_000);
    expect(asked).toHaveLength(2);
  });

  it("are not listened to where they are not wanted", async () => {
    put({ live: false });
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    expect(FakeEvents.open).toEqual([]);
  });
});

describe("trouble", () => {
  it("is told in the service's words, and when it is over", async () => {
    answer = () => Response.json({ type: "/problems/invalid-parameter", title: "Неверное значение", status: 400, detail: "category: нет значения «musem»" }, { status: 400 });
    const { map, layer, troubles } = put({ category: "musem" });
    await vi.waitFor(() => expect(troubles).toEqual(["category: нет значения «musem»"]));
    answer = () => found([place("m")]);
    layer.setFilter({ category: "museum" });
    await shown(map);
    expect(troubles).toEqual(["category: нет значения «musem»", null]);
    map.setZoom(14);
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    expect(troubles, "good news is told once").toHaveLength(2);
  });

  it("that may pass is tried again by itself, with the former places on the map", async () => {
    answer = () => found([place("m")]);
    const { map, troubles } = put();
    await shown(map);
    answer = () => Promise.reject(new TypeError("Failed to fetch"));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    map.setZoom(14);
    await vi.advanceTimersByTimeAsync(100);
    expect(troubles).toEqual(["Карта льгот не отвечает. Попробуем ещё раз."]);
    expect(ids(map.rendered())).toEqual(["m"]);
    answer = () => found([place("n")]);
    await vi.advanceTimersByTimeAsync(10_100);
    expect(troubles.at(-1)).toBeNull();
    expect(ids(map.rendered())).toEqual(["n"]);
  });

  it("is the console's where nobody else listens", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    answer = () => new Response("", { status: 502 });
    put({ onTrouble: undefined, lang: "en" });
    await vi.waitFor(() => expect(said).toHaveBeenCalledWith("HTTP 502"));
    said.mockRestore();
  });
});
