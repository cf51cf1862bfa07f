/**
 * /lib/ryadom-2gis.js: the places that honour the card, as a layer of a 2GIS MapGL map on anybody's site.
 *
 *     import { addRyadom } from "https://HOST/lib/ryadom-2gis.js";
 *     const layer = addRyadom(mapgl, map, { benefit: "free", onSelect: (places) => show(places) });
 *     layer.setFilter({ category: ["museum", "theatre"] });
 *     layer.destroy();
 *
 * The clusters are made by the service, the same as on every other map of it; a click on one comes nearer until it falls
 * apart. What is edited is drawn anew within seconds.
 *
 * The site's Content-Security-Policy needs, beside what 2GIS asks for: script-src, connect-src and img-src of our host.
 *
 * The real MapGL has not been run against this: it wants 2GIS' host and a key. What is relied on is what 2GIS documents
 * (@2gis/mapgl 1.72, style specification 1.1), and the tests run on a fake of that.
 */
import type * as Mapgl from "@2gis/mapgl/types/index.js";
import type { ClusterProperties, Feature, LocationSummary, Viewport } from "../api/types.js";
import { NoAnswerError, ProblemError, request } from "../api/request.js";
import { LiveChanges, type LiveHost } from "../live/live_changes.js";
import { isCluster, type AnyFeature } from "../map/entries.js";
import type { Bbox } from "../map/view.js";
import { iconPath } from "./two_gis_icons.js";
import { drawn, iconId, iconsOf, layersOf } from "./two_gis_layers.js";
import { readFilter, readOptions, readTheme, refuseOtherMaps, type Query } from "./two_gis_options.js";
import { askedArea, askedZoom, mapglZoom } from "./two_gis_view.js";

/** Which places are shown; the parameters of the lists. What is left out is not asked. */
export interface RyadomFilter {
  /** Codes of `/api/v1/categories`; any of them. */
  readonly category?: string | readonly string[] | undefined;
  /** Kinds of benefit in force; any of them. */
  readonly benefit?: BenefitKind | readonly BenefitKind[] | undefined;
  /** Wheelchair access; any of them. */
  readonly wheelchair?: Wheelchair | readonly Wheelchair[] | undefined;
  /** `now`, or a moment such as `2026-11-22T10:00:00+03:00`: only what is known to be open then. */
  readonly open_at?: string | undefined;
  /** Words that begin words of the name, the benefit or the address; all of them. */
  readonly q?: string | undefined;
}

export interface RyadomOptions extends RyadomFilter {
  /** Where the service is; without it where this file came from. */
  readonly host?: string | undefined;
  /** Of messages and short numbers; without it the map's, where that is one of these, else `ru`. */
  readonly lang?: "ru" | "en" | undefined;
  /** Of the map's style, which the layer cannot see; without it `light`. */
  readonly theme?: "light" | "dark" | undefined;
  /** Follow edits while the page is looked at, by one connection to the service; without it `true`. */
  readonly live?: boolean | undefined;
  /** A place was clicked; or all that share one position, which no zoom takes apart. */
  readonly onSelect?: ((places: readonly Place[]) => void) | undefined;
  /** The places could not be read, in words for people; null: now they could. Without it the console is told. */
  readonly onTrouble?: ((text: string | null) => void) | undefined;
}

export interface RyadomLayer {
  /** Another filter in the place of the whole former one; `{}` shows all. */
  setFilter(filter: RyadomFilter): void;
  /** For a map whose style has become dark or light. */
  setTheme(theme: "light" | "dark"): void;
  /** Takes all off the map that this put on it. */
  destroy(): void;
}

/** Optional text is null. Times carry the place's own offset from UTC. */
export interface Place {
  readonly id: string;
  /** As its owner wrote it, as are benefit and address: text, not HTML. */
  readonly name: string;
  readonly category: string;
  readonly benefit: string | null;
  readonly benefit_kind: BenefitKind | null;
  readonly benefit_value: number | null;
  readonly address: string | null;
  /** null: the hours are not known. */
  readonly open: boolean | null;
  readonly open_until?: string | null | undefined;
  readonly opens_at?: string | null | undefined;
  /** Degrees, WGS 84. */
  readonly lon: number;
  readonly lat: number;
  /** The place's page. */
  readonly url: string;
}

export type BenefitKind = "percent" | "fixed" | "free" | "gift" | "price";
export type Wheelchair = "yes" | "limited" | "no";

/**
 * Puts the layer on a map, before its style has come or after, and keeps it there when the style changes.
 * Throws a TypeError that names an option which is not understood.
 */
export function addRyadom(mapgl: Pick<typeof Mapgl, "GeoJsonSource">, map: Mapgl.Map, options: RyadomOptions = {}): RyadomLayer {
  return new Layer(mapgl, map, options);
}

export interface RyadomSourceOptions extends RyadomFilter {
  readonly host?: string | undefined;
  readonly lang?: "ru" | "en" | undefined;
  /** What layers find the source by; without it `{ purpose: "ryadom" }`. */
  readonly attributes?: Mapgl.SourceAttributes | undefined;
}

/**
 * The bare source, for layers in a style of your own: MapGL itself fetches what is in sight, in clusters that suit the zoom
 * (docs/tiles.md tells their properties). A layer finds it by `["match", ["sourceAttr", "purpose"], ["ryadom"], true, false]`.
 * What MapGL cannot fetch it tells nobody, edits are not followed, and a count is a number: `addRyadom` does all of that.
 */
export function ryadomSource(mapgl: Pick<typeof Mapgl, "GeoJsonViewportSource">, map: Mapgl.Map, given: RyadomSourceOptions = {}): Mapgl.GeoJsonViewportSource {
  const { attributes = { purpose: "ryadom" }, host: from, lang: spoken, ...rest } = given;
  const { host, lang } = readOptions({ host: from, lang: spoken }, new URL("..", HERE).href, map.getLanguage() === "en" ? "en" : "ru");
  const filter = readFilter(rest, lang);
  return new mapgl.GeoJsonViewportSource(map, {
    attributes, promoteId: "id",
    data: ([west = NaN, south = NaN, east = NaN, north = NaN]) => {
      const zoom = askedZoom(map.getZoom());
      const area = askedArea({ southWest: [west, south], northEast: [east, north] }, zoom);
      return pathOf(host, lang, [["bbox", area.join()], ["zoom", String(zoom)], ...filter]);
    },
  });
}

function pathOf(host: string, lang: "ru" | "en", query: Query): string {
  const parameters = new URLSearchParams([...query, ["lang", lang] as const].map(([name, text]) => [name, text]));
  return `${host}/api/v1/locations?${parameters.toString().replaceAll("%2C", ",")}`;
}

/** On the next move an older answer is asked for again, though the view be the same: what is open changes by itself. */
const FRESH_MS = 60_000;
const RETRY_MS = 10_000;
/** Most places at one position that are listed: the most that the API puts on a page. */
const MOST = 1_000;
const NO_ANSWER = { ru: "Карта льгот не отвечает. Попробуем ещё раз.", en: "The map of benefits does not answer. We will try again." } as const;

/** Not within `new URL()`, where a bundler would take it for the name of a file to copy. */
const HERE = import.meta.url;

/**
 * A GeoJsonSource that is given answers, and not a GeoJsonViewportSource that fetches them. The latter tells nobody that
 * an answer did not come or what was wrong with the question, does not promise to ask again when only the zoom has
 * changed, and hands features on as they are, where a count would have to become a text.
 */
class Layer implements RyadomLayer, LiveHost {
  readonly #map: Mapgl.Map;
  readonly #host: string;
  readonly #lang: "ru" | "en";
  readonly #onSelect: RyadomOptions["onSelect"];
  readonly #onTrouble: (text: string | null) => void;
  readonly #source: Mapgl.GeoJsonSource;
  readonly #live: LiveChanges | null;
  /** The source's attribute, and the beginning of the ids of layers and icons. */
  readonly #purpose: string;
  #theme: "light" | "dark";
  #filter: Query;
  /** What was asked last, and when; null after a failure. */
  #asked: { readonly path: string; readonly at_ms: number } | null = null;
  /** What is on the map. */
  #held: { readonly features: ReadonlyMap<string, AnyFeature>; readonly area: Bbox; readonly seq: number } | null = null;
  #request = new AbortController();
  #listing = new AbortController();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #inTrouble = false;
  #gone = false;

  constructor(mapgl: Pick<typeof Mapgl, "GeoJsonSource">, map: Mapgl.Map, given: RyadomOptions) {
    refuseOtherMaps(mapgl, given.lang === "en" ? "en" : "ru");
    const options = readOptions(given, new URL("..", HERE).href, map.getLanguage() === "en" ? "en" : "ru");
    this.#map = map;
    this.#host = options.host;
    this.#lang = options.lang;
    this.#theme = options.theme;
    this.#filter = options.filter;
    this.#onSelect = given.onSelect;
    this.#onTrouble = given.onTrouble ?? ((text) => { if (text !== null) console.error(text); });
    this.#purpose = `ryadom-${Math.random().toString(36).slice(2, 10)}`; // no number: two services' modules may share a map
    this.#source = new mapgl.GeoJsonSource(map, {
      data: drawn([], options.lang), attributes: { purpose: this.#purpose }, promoteId: "id", idScope: this.#purpose,
    });
    map.on("styleload", this.#put);
    map.on("moveend", this.#moved);
    map.on("resize", this.#moved);
    map.on("click", this.#clicked);
    map.on("destroy", this.#forget);
    this.#put(); // the style may have come long ago; one that is still to come takes these layers away, and tells
    void this.#load();
    this.#live = options.live ? new LiveChanges(this, `${this.#host}/api/v1/events`) : null;
    this.#live?.hostConnected();
  }

  setFilter(filter: RyadomFilter): void {
    this.#filter = readFilter(filter, this.#lang);
    this.#listing.abort();
    void this.#load();
  }

  setTheme(theme: "light" | "dark"): void {
    this.#theme = readTheme(theme, this.#lang);
    if (this.#gone) return;
    this.#takeOff();
    this.#put();
  }

  destroy(): void {
    if (this.#gone) return;
    this.#forget();
    this.#map.off("styleload", this.#put);
    this.#map.off("moveend", this.#moved);
    this.#map.off("resize", this.#moved);
    this.#map.off("click", this.#clicked);
    this.#map.off("destroy", this.#forget);
    this.#takeOff();
    this.#source.destroy();
  }

  addController(): void {} // a page's element would tell the stream when it is there; this layer does so itself

  watched(): { readonly ids: ReadonlySet<string>; readonly area: Bbox; readonly seq: number } | null {
    return this.#held && { ids: new Set(this.#held.features.keys()), area: this.#held.area, seq: this.#held.seq };
  }

  refresh(min_seq: number | null): void {
    this.#asked = null;
    void this.#load(min_seq);
  }

  /** Nothing more is asked or heard. */
  #forget = (): void => {
    this.#gone = true;
    this.#request.abort();
    this.#listing.abort();
    clearTimeout(this.#retry);
    this.#live?.hostDisconnected();
  };

  #put = (): void => {
    for (const name of iconsOf(this.#theme)) this.#map.addIcon(iconId(this.#purpose, name), { url: `${this.#host}${iconPath(name)}` });
    for (const layer of layersOf(this.#purpose, this.#theme)) if (!this.#map.hasLayer(layer.id)) this.#map.addLayer(layer);
  };

  #takeOff(): void {
    for (const { id } of layersOf(this.#purpose, this.#theme)) if (this.#map.hasLayer(id)) this.#map.removeLayer(id);
    for (const theme of ["light", "dark"] as const) for (const name of iconsOf(theme)) this.#map.removeIcon(iconId(this.#purpose, name));
  }

  #moved = (): void => void this.#load();

  async #load(min_seq: number | null = null): Promise<void> {
    if (this.#gone) return;
    const zoom = askedZoom(this.#map.getZoom());
    const area = askedArea(this.#map.getBounds(), zoom);
    const path = this.#path([["bbox", area.join()], ["zoom", String(zoom)]]);
    const now_ms = Date.now();
    if (this.#asked?.path === path && now_ms - this.#asked.at_ms < FRESH_MS) return;
    this.#asked = { path, at_ms: now_ms };
    this.#request.abort();
    clearTimeout(this.#retry);
    const { signal } = (this.#request = new AbortController());
    try {
      const { features, seq } = (await request(min_seq === null ? path : `${path}&min_seq=${min_seq}`, signal)) as Viewport;
      if (signal.aborted) return;
      this.#held = { features: new Map(features.map((feature) => [feature.id, feature])), area, seq };
      await this.#source.setData(drawn(features, this.#lang));
      this.#trouble(null);
    } catch (error) {
      if (signal.aborted) return;
      this.#asked = null; // the next move asks again
      if (mayPass(error)) this.#retry = setTimeout(this.#moved, RETRY_MS);
      this.#trouble(this.#explain(error));
    }
  }

  #clicked = ({ targetData }: Mapgl.MapPointerEvent): void => {
    if (targetData?.type !== "geojson" || !layersOf(this.#purpose, this.#theme).some(({ id }) => id === targetData.layerId)) return;
    const feature = this.#held?.features.get(String(targetData.feature?.properties?.["id"] ?? targetData.id));
    if (feature === undefined) return; // it has gone between the drawing and the click
    const { properties } = feature;
    if (!isCluster(properties)) return this.#onSelect?.([this.#placeOf(feature as Feature<LocationSummary>)]);
    const { expansion_zoom, bbox } = properties;
    const zoom = expansion_zoom === null ? Infinity : Math.max(mapglZoom(expansion_zoom), this.#map.getZoom() + 1);
    if (zoom > this.#map.getMaxZoom()) return void this.#list(bbox);
    this.#map.setCenter([...feature.geometry.coordinates]);
    this.#map.setZoom(zoom);
  };

  /** A cluster that does not come apart: all its places. */
  async #list(bbox: ClusterProperties["bbox"]): Promise<void> {
    if (this.#onSelect === undefined) return;
    this.#listing.abort();
    const { signal } = (this.#listing = new AbortController());
    try {
      const { features } = (await request(this.#path([["bbox", bbox.join()], ["limit", String(MOST)]]), signal)) as Viewport;
      if (!signal.aborted && features.length > 0) this.#onSelect((features as readonly Feature<LocationSummary>[]).map((feature) => this.#placeOf(feature)));
    } catch (error) {
      if (!signal.aborted) this.#trouble(this.#explain(error));
    }
  }

  #path(query: Query): string {
    return pathOf(this.#host, this.#lang, [...query, ...this.#filter]);
  }

  #placeOf({ id, properties, geometry: { coordinates: [lon, lat] } }: Feature<LocationSummary>): Place {
    return { ...properties, lon, lat, url: `${this.#host}/place/${encodeURIComponent(id)}?lang=${this.#lang}` };
  }

  #trouble(text: string | null): void {
    if (text === null && !this.#inTrouble) return;
    this.#inTrouble = text !== null;
    this.#onTrouble(text);
  }

  #explain(error: unknown): string {
    if (error instanceof ProblemError) return error.message; // in the language that was asked for
    if (error instanceof NoAnswerError) return NO_ANSWER[this.#lang];
    throw error;
  }
}

/** Whether asking the same once more may help. */
function mayPass(error: unknown): boolean {
  return error instanceof NoAnswerError || (error instanceof ProblemError && (error.problem.status >= 500 || error.problem.status === 429));
}
