/** What the API says of the view that an example of the guides shows. */
import type { Language } from "../src/i18n/index.js";
import { carefulPolicy, copyOf } from "./example_pages.js";
import type { ForeignSite } from "./foreign_site.js";
import { get } from "./harness.js";

/** Puts an example on somebody else's site; its address there. */
export function copyTo(site: ForeignSite, name: string, serviceUrl: string, lang: Language): string {
  const text = copyOf(name, serviceUrl, lang);
  site.put(`/${name}.html`, text, `${carefulPolicy(text, serviceUrl)}; frame-src ${serviceUrl}`);
  return `${site.url}/${name}.html`;
}

export interface View {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
  /** In tiles of 512 px, rounded down. */
  readonly zoom: number;
}

/** A place or a cluster that a library holds. */
export interface Drawn {
  readonly id: string;
  readonly lon: number;
  readonly lat: number;
  readonly point_count?: number | undefined;
}

interface Feature {
  readonly id: string;
  readonly geometry: { readonly coordinates: readonly [number, number] };
  readonly properties: { readonly id: string; readonly point_count?: number };
}

/** What of it lies in the view, each once, in one order: the ids of places, and of clusters with their counts. */
export function inView(drawn: readonly Drawn[], view: View): string[] {
  const inside = drawn.filter(({ lon, lat }) => lon > view.west && lon < view.east && lat > view.south && lat < view.north);
  return [...new Set(inside.map(({ id, point_count }) => (point_count === undefined ? id : `${id} (${point_count})`)))].sort();
}

/**
 * The same by the API. `grid`: asked for the whole tiles that cover the view, as a library of tiles does, since a cluster on
 * the edge of a box counts only what lies in the box.
 */
export async function byApi(serviceUrl: string, view: View, grid: "tiles" | "box", filter = ""): Promise<string[]> {
  const { west, south, east, north } = grid === "box" ? view : tilesOver(view);
  const { features } = await get<{ features: Feature[] }>(`${serviceUrl}/api/v1/locations?bbox=${west},${south},${east},${north}&zoom=${view.zoom}${filter}`);
  return inView(features.map(({ geometry: { coordinates: [lon, lat] }, properties: { id, point_count } }) => ({ id, lon, lat, point_count })), view);
}

function tilesOver(view: View): Omit<View, "zoom"> {
  const n = 2 ** view.zoom;
  const x = (lon: number): number => ((lon + 180) / 360) * n;
  const y = (lat: number): number => ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * n;
  const lon = (at: number): number => (at / n) * 360 - 180;
  const lat = (at: number): number => (Math.atan(Math.sinh(Math.PI * (1 - (2 * at) / n))) * 180) / Math.PI;
  return { west: lon(Math.floor(x(view.west))), north: lat(Math.floor(y(view.north))), east: lon(Math.ceil(x(view.east))), south: lat(Math.ceil(y(view.south))) };
}
