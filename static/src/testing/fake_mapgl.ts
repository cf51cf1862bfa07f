/**
 * NOT 2GIS: a stand-in for the parts of MapGL that the 2GIS layer uses (adapters/two_gis.ts), for tests.
 *
 * The real MapGL has not been run here: its code comes from 2GIS' host and wants a key. So this does what 2GIS' texts say
 * that MapGL does, and refuses what they forbid: the types of @2gis/mapgl 1.72.3, which its members are checked against;
 * the style specification 1.1; the pages on GeoJSON, icons and styles. What no text says, such as how long a flight
 * lasts, is chosen so that a layer which relies on it fails.
 *
 * - The style is empty until it has come. One that comes takes all layers and icons away that were added, then `styleload`.
 * - A source's data goes to a worker: it is a copy, and is drawn a little later.
 * - A layer draws what its filter takes, of whatever source; the last layer lies on top.
 * - `setCenter` and `setZoom` are flights that end in a `moveend` each. Longitudes are not wrapped (`loopWorld`).
 *
 * In a page it draws icons and texts as elements over a grey ground that says what it is.
 */
import type { Feature, FeatureCollection, Point } from "geojson";
import type * as Mapgl from "@2gis/mapgl/types/index.js";
import type { MapEventTable } from "@2gis/mapgl/types/types/events.js";
import type { Layer, PointStyleLayer, StyleIconConfig } from "@2gis/mapgl/types/types/styles.js";
import { evaluate, type Scope } from "./fake_mapgl_expressions.js";

/** The public members `K` of a class of MapGL's, with what returns the object itself returning this fake. */
type Faked<T, K extends keyof T> = {
  [P in K]: T[P] extends (...given: infer A) => infer R ? (...given: A) => R extends T ? unknown : R : T[P];
};
type FakedMap = Faked<Mapgl.Map, "getCenter" | "setCenter" | "getZoom" | "setZoom" | "getStyleZoom" | "getMinZoom" | "getMaxZoom" | "getBounds" | "getSize"
  | "getLanguage" | "hasLayer" | "addLayer" | "removeLayer" | "addIcon" | "removeIcon" | "getIconUrl" | "setStyleById" | "project" | "destroy">;
type FakedSource = Faked<Mapgl.GeoJsonSource, "destroy" | "setAttributes" | "getAttributes" | "setData">;

type Listeners = { [K in keyof MapEventTable]?: Set<(event: MapEventTable[K]) => void> };

/** One thing on the map, as a layer draws it. */
export interface Rendered {
  readonly layerId: string;
  readonly feature: Feature<Point>;
  /** The icon's address and width; null: none. */
  readonly icon: { readonly url: string; readonly width_px: number } | null;
  readonly text: string | null;
  readonly source: FakeGeoJsonSource;
}

const TILE_PX = 256;
const WORKER_MS = 2;
const FLIGHT_MS = 3;
const USER = { isUser: false } as const;

export class FakeMap implements FakedMap {
  /** Of what the style has brought, as opposed to what was added. */
  static readonly STYLE_LAYER = "fake-style-layer";
  /** The map that was made last: a page of others keeps its own to itself. */
  static last: FakeMap | null = null;
  readonly sources = new Set<FakeGeoJsonSource>();
  #listeners: Listeners = {};
  #layers: Layer[] = [];
  #icons = new Map<string, StyleIconConfig>();
  #center: number[];
  #zoom: number;
  readonly #options: Mapgl.MapOptions;
  readonly #size: [number, number];
  readonly #ground: HTMLElement | null;
  #destroyed = false;

  constructor(container: HTMLElement | string, options: Mapgl.MapOptions) {
    const found = typeof container === "string" ? document.getElementById(container) : container;
    if (found === null) throw new Error(`there is no element ${String(container)}`);
    FakeMap.last = this;
    this.#options = options;
    this.#center = options.center ?? [0, 0];
    this.#zoom = options.zoom ?? 2;
    this.#size = [found.clientWidth || 800, found.clientHeight || 600];
    this.#ground = found.clientWidth === 0 ? null : groundIn(found);
    void this.setStyleById(options.style ?? "default");
  }

  on<K extends keyof MapEventTable>(type: K, listener: (event: MapEventTable[K]) => void): this {
    ((this.#listeners[type] ??= new Set() as NonNullable<Listeners[K]>) as Set<typeof listener>).add(listener);
    return this;
  }

  off<K extends keyof MapEventTable>(type: K, listener: (event: MapEventTable[K]) => void): this {
    (this.#listeners[type] as Set<typeof listener> | undefined)?.delete(listener);
    return this;
  }

  emit<K extends keyof MapEventTable>(type: K, event: MapEventTable[K]): this {
    for (const listener of [...((this.#listeners[type] as Set<(event: MapEventTable[K]) => void> | undefined) ?? [])]) listener(event);
    return this;
  }

  getCenter(): number[] { return [...this.#center]; }
  getZoom(): number { return this.#zoom; }
  getMinZoom(): number { return this.#options.minZoom ?? 0; }
  getMaxZoom(): number { return this.#options.maxZoom ?? 20; }
  getSize(): number[] { return [...this.#size]; }
  getLanguage(): string { return this.#options.lang ?? "ru"; }

  /** What layers go by: things keep their size over latitudes, but for low zooms and beyond 60°, as 2GIS says of its SDK for Android. */
  getStyleZoom(): number {
    const stretch = 2 * Math.cos((this.#center[1]! * Math.PI) / 180);
    return this.#zoom < 9 || stretch < 1 ? this.#zoom : this.#zoom - Math.log2(stretch);
  }

  setCenter(center: number[]): this {
    return this.#fly(() => { this.#center = [...center]; });
  }

  setZoom(zoom: number): this {
    return this.#fly(() => { this.#zoom = Math.min(this.getMaxZoom(), Math.max(this.getMinZoom(), zoom)); });
  }

  getBounds(): Mapgl.LngLatBoundsClass {
    const [x, y] = world(this.#center);
    const [width, height] = this.#size.map((side_px) => side_px / (TILE_PX * 2 ** this.#zoom)) as [number, number];
    const southWest = degrees([x - width / 2, Math.min(1, y + height / 2)]);
    const northEast = degrees([x + width / 2, Math.max(0, y - height / 2)]);
    return { southWest, northEast } as Mapgl.LngLatBoundsClass;
  }

  project(lngLat: number[]): number[] {
    const scale_px = TILE_PX * 2 ** this.#zoom;
    const [x, y] = world(lngLat);
    const [left, top] = world(this.#center);
    return [(x - left) * scale_px + this.#size[0] / 2, (y - top) * scale_px + this.#size[1] / 2];
  }

  hasLayer(layerId: string): boolean {
    return this.#layers.some(({ id }) => id === layerId);
  }

  addLayer(layer: Layer, beforeId?: string): this {
    if (this.hasLayer(layer.id)) throw new Error(`the layer ${layer.id} is there already`);
    if (layer.type === "point") refuseWhatIsForbidden(layer);
    const at = beforeId === undefined ? this.#layers.length : this.#layers.findIndex(({ id }) => id === beforeId);
    if (at < 0) throw new Error(`there is no layer ${beforeId}`);
    this.#layers.splice(at, 0, layer);
    this.#draw();
    return this;
  }

  removeLayer(layerId: string): this {
    if (!this.hasLayer(layerId)) throw new Error(`there is no layer ${layerId}`);
    this.#layers = this.#layers.filter(({ id }) => id !== layerId);
    this.#draw();
    return this;
  }

  addIcon(name: string, config: StyleIconConfig): this {
    if (!/^(https?:)?\/\/.+\.svg$/.test(config.url)) throw new Error(`the icon ${name} is no SVG at an absolute address: ${config.url}`);
    if (!this.#icons.has(name)) this.#icons.set(name, config); // one of the same name is not replaced
    this.#draw();
    return this;
  }

  removeIcon(name: string): this {
    this.#icons.delete(name);
    this.#draw();
    return this;
  }

  getIconUrl(iconName: string): string | undefined {
    return this.#icons.get(iconName)?.url;
  }

  async setStyleById(styleId: string): Promise<string> {
    await later(WORKER_MS);
    if (this.#destroyed) return styleId;
    this.#layers = [{ id: FakeMap.STYLE_LAYER, type: "polygon", filter: false, style: {} }];
    this.#icons.clear();
    this.#draw();
    this.emit("styleload", { style: styleId });
    return styleId;
  }

  destroy(): void {
    this.#destroyed = true;
    this.#ground?.remove();
    this.emit("destroy", {});
  }

  /** All that is on the map, from the lowest to the highest. */
  rendered(): readonly Rendered[] {
    const zoom = this.getStyleZoom();
    return this.#layers.flatMap((layer) => layer.type !== "point" || (layer.minzoom ?? 0) > zoom || zoom >= (layer.maxzoom ?? Infinity) ? []
      : [...this.sources].flatMap((source) => source.drawn.flatMap((feature) => this.#render(layer, source, feature, zoom))));
  }

  /** A finger on the highest thing of this feature id, or of this layer and id; on the bare ground where there is none. */
  click(id: string, layerId?: string): void {
    const hit = this.rendered().filter(({ feature, layerId: at }) => feature.properties?.["id"] === id && (layerId ?? at) === at).at(-1);
    const lngLat = hit?.feature.geometry.coordinates ?? this.#center;
    const promoted = hit?.source.options.promoteId === undefined ? undefined : hit.feature.properties?.[hit.source.options.promoteId] as string;
    this.emit("click", {
      originalEvent: new MouseEvent("click"), lngLat, point: this.project(lngLat),
      ...(hit === undefined ? {} : {
        target: { id: promoted ?? "" },
        targetData: {
          type: "geojson", source: hit.source as unknown as Mapgl.GeoJsonSource, feature: hit.feature, layerId: hit.layerId,
          ...(promoted === undefined ? {} : { id: promoted }),
        },
      }),
    });
  }

  /** What was added and is still there; nothing is best. */
  leftovers(): readonly string[] {
    return [
      ...this.#layers.map(({ id }) => id).filter((id) => id !== FakeMap.STYLE_LAYER).map((id) => `layer ${id}`),
      ...[...this.#icons.keys()].map((name) => `icon ${name}`),
      ...[...this.sources].map(() => "source"),
      ...Object.entries(this.#listeners).flatMap(([type, heard]) => [...heard].map(() => `listener of ${type}`)),
    ];
  }

  /** A source has other data, or is gone. */
  changed(): void {
    this.#draw();
  }

  #fly(arrive: () => void): this {
    this.emit("movestart", USER);
    void later(FLIGHT_MS).then(() => {
      if (this.#destroyed) return;
      arrive();
      this.#draw();
      this.emit("moveend", USER);
    });
    return this;
  }

  #render(layer: PointStyleLayer, source: FakeGeoJsonSource, feature: Feature<Point>, zoom: number): Rendered[] {
    const scope: Scope = { properties: feature.properties ?? {}, attributes: source.getAttributes(), zoom };
    if (evaluate(layer.filter ?? true, scope) !== true) return [];
    const { style } = layer;
    const name = style.iconImage === undefined ? undefined : evaluate(style.iconImage, scope);
    const url = name === undefined ? undefined : this.getIconUrl(String(name));
    if (name !== undefined && url === undefined) throw new Error(`there is no icon ${String(name)}`);
    const text = style.textFont === undefined ? null : evaluate(style.textField ?? ["get", "db_label"], scope);
    if (text !== null && typeof text !== "string") throw new Error(`the text of ${layer.id} is no string: ${JSON.stringify(text)}`);
    const icon = url === undefined ? null : { url, width_px: Number(evaluate(style.iconWidth ?? 16, scope)) };
    return icon === null && text === null ? [] : [{ layerId: layer.id, feature, icon, text, source }];
  }

  #draw(): void {
    const ground = this.#ground;
    if (ground === null) return;
    ground.replaceChildren(...this.rendered().map((thing) => this.#element(thing)));
  }

  #element({ layerId, feature, icon, text }: Rendered): HTMLElement {
    const layer = this.#layers.find(({ id }) => id === layerId) as PointStyleLayer;
    const [left = 0, top = 0] = this.project(feature.geometry.coordinates);
    const element = document.createElement("div");
    Object.assign(element.dataset, { layer: layerId, id: String(feature.properties?.["id"]) });
    Object.assign(element.style, {
      position: "absolute", left: `${left}px`, top: `${top}px`, transform: "translate(-50%, -50%)", cursor: "pointer", whiteSpace: "nowrap",
      font: `${Number(layer.style.textFontSize ?? 16)}px sans-serif`, color: String(layer.style.textColor ?? "#000"),
      webkitTextStroke: layer.style.textHaloWidth === undefined ? "" : `${layer.style.textHaloWidth}px ${String(layer.style.textHaloColor)}`, paintOrder: "stroke",
    });
    if (icon !== null) {
      const picture = new Image(icon.width_px, icon.width_px);
      Object.assign(picture, { src: icon.url, alt: "" });
      picture.style.display = "block";
      element.append(picture);
    }
    if (text !== null) {
      const words = document.createElement("span");
      words.textContent = text;
      // Beside the icon; without one on the spot itself.
      if (icon !== null) Object.assign(words.style, { position: "absolute", top: "100%", left: "50%", transform: "translateX(-50%)" });
      element.append(words);
    }
    element.addEventListener("click", () => this.click(String(feature.properties?.["id"]), layerId));
    return element;
  }
}

export class FakeGeoJsonSource implements FakedSource {
  readonly options: Mapgl.GeoJsonSourceOptions;
  /** What has come through the worker. */
  drawn: readonly Feature<Point>[] = [];
  readonly #map: FakeMap;
  #attributes: Mapgl.SourceAttributes;

  constructor(map: FakeMap, options: Mapgl.GeoJsonSourceOptions) {
    this.#map = map;
    this.options = options;
    this.#attributes = options.attributes ?? {};
    map.sources.add(this);
    this.setData(options.data).catch(() => {}); // gone before it was drawn: nobody waits for this one
  }

  async setData(data: FeatureCollection | Feature): Promise<void> {
    const copy = structuredClone(data);
    await later(WORKER_MS);
    if (!this.#map.sources.has(this)) throw new Error("the source has been destroyed");
    this.drawn = (copy.type === "Feature" ? [copy] : copy.features) as Feature<Point>[];
    this.#map.changed();
  }

  getAttributes(): Mapgl.SourceAttributes { return this.#attributes; }

  setAttributes(attributes: Mapgl.SourceAttributes): this {
    this.#attributes = attributes;
    this.#map.changed();
    return this;
  }

  destroy(): void {
    this.#map.sources.delete(this);
    this.#map.changed();
  }
}

type FakedViewportSource = Faked<Mapgl.GeoJsonViewportSource, "destroy" | "setAttributes" | "getAttributes" | "setData" | "setViewportPadding">;

/** Fetches what is in sight by itself, when it is made and whenever the map has come to rest; a failure is told to nobody. */
export class FakeGeoJsonViewportSource implements FakedViewportSource {
  readonly #map: FakeMap;
  readonly #inner: FakeGeoJsonSource;
  #data: Mapgl.GeoJsonViewportSourceOptions["data"];
  #padding_px: number;

  constructor(map: FakeMap, options: Mapgl.GeoJsonViewportSourceOptions) {
    this.#map = map;
    this.#data = options.data;
    this.#padding_px = options.viewportPadding ?? 0;
    this.#inner = new FakeGeoJsonSource(map, { data: { type: "FeatureCollection", features: [] }, ...(options.attributes === undefined ? {} : { attributes: options.attributes }) });
    map.on("moveend", this.#fetch);
    void this.#fetch();
  }

  #fetch = async (): Promise<void> => {
    const { southWest: [west = 0, south = 0], northEast: [east = 0, north = 0] } = this.#map.getBounds();
    const [width_px = 1, height_px = 1] = this.#map.getSize();
    const [dx, dy] = [((east - west) / width_px) * this.#padding_px, ((north - south) / height_px) * this.#padding_px];
    try {
      const answer = await fetch(this.#data([west - dx, south - dy, east + dx, north + dy]), {});
      if (answer.ok) await this.#inner.setData((await answer.json()) as FeatureCollection);
    } catch {
      // as the type of `data` has it: there is nobody to tell
    }
  };

  async setData(data: Mapgl.GeoJsonViewportSourceOptions["data"]): Promise<void> {
    this.#data = data;
    await this.#fetch();
  }

  setViewportPadding(padding_px: number): this {
    this.#padding_px = padding_px;
    void this.#fetch();
    return this;
  }

  getAttributes(): Mapgl.SourceAttributes { return this.#inner.getAttributes(); }

  setAttributes(attributes: Mapgl.SourceAttributes): this {
    this.#inner.setAttributes(attributes);
    return this;
  }

  destroy(): void {
    this.#map.off("moveend", this.#fetch);
    this.#inner.destroy();
  }
}

/** As the module and the map that they stand for; private members are all that the types of the two differ in. */
export const fakeMapgl = { Map: FakeMap, GeoJsonSource: FakeGeoJsonSource, GeoJsonViewportSource: FakeGeoJsonViewportSource } as unknown as
  Pick<typeof Mapgl, "GeoJsonSource" | "GeoJsonViewportSource">;

export function asMap(fake: FakeMap): Mapgl.Map {
  return fake as unknown as Mapgl.Map;
}

/** What the specification says that a point layer may not say. */
function refuseWhatIsForbidden({ id, style, filter }: PointStyleLayer): void {
  for (const name of ["iconImage", "iconWidth", "textFont", "textFontSize"] as const) {
    if (/"(get|source-?attr|sourceAttr|feature-?state|featureState|global)"/.test(JSON.stringify(style[name] ?? null))) {
      throw new Error(`${name} of ${id} may not depend on a feature`);
    }
  }
  if (/"(step|interpolate)"/.test(JSON.stringify(filter ?? null))) throw new Error(`the filter of ${id} may not depend on the zoom`);
  if ((style.textPriority ?? 0) > (style.iconPriority ?? 0) && style.iconImage !== undefined) throw new Error(`textPriority of ${id} is above its iconPriority`);
}

function groundIn(container: HTMLElement): HTMLElement {
  const frame = document.createElement("div");
  const ground = document.createElement("div");
  const words = document.createElement("p");
  words.textContent = "Не 2ГИС: подставная карта для проверок · not 2GIS: a fake for tests";
  Object.assign(frame.style, { position: "absolute", inset: "0", overflow: "hidden", background: "#cfd4cf" });
  Object.assign(ground.style, { position: "absolute", inset: "0" });
  Object.assign(words.style, { position: "absolute", margin: "0", right: "0", bottom: "0", padding: "2px 6px", background: "#fff", color: "#000", font: "12px sans-serif" });
  frame.append(ground, words);
  if (getComputedStyle(container).position === "static") container.style.position = "relative";
  container.append(frame);
  return ground;
}

/** Web Mercator, the world as [0, 1] from the north-west. */
function world([lon = 0, lat = 0]: readonly number[]): [number, number] {
  const phi = (lat * Math.PI) / 180;
  return [(lon + 180) / 360, (1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2];
}

function degrees([x, y]: readonly [number, number]): number[] {
  return [x * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
