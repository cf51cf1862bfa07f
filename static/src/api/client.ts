/**
 * What the pages of places ask. Every request takes an AbortSignal; what goes wrong is one of the errors of request.ts.
 *
 * A position goes out in a request body alone and with four decimals alone: both are done here, so that no page can
 * forget them.
 */
import type { Language } from "../i18n/index.js";
import type { LonLat } from "../geo/lon_lat.js";
import type { Bbox } from "../map/view.js";
import { NEAREST_PATH, nearestBody, type NearestFilter } from "./nearest_body.js";
import { askEarly, NoAnswerError, ProblemError, request } from "./request.js";
import type { Category, Feature, LocationDetail, Nearest, SearchResult, Viewport } from "./types.js";

export { NoAnswerError, ProblemError, request };

export interface FilterQuery extends NearestFilter {
  /** Nothing older than this: what an event has announced. */
  readonly min_seq?: number | null;
}

export interface NearestQuery extends FilterQuery {
  readonly from: LonLat;
  readonly limit: number;
}

export interface ViewportQuery extends FilterQuery {
  readonly bbox: Bbox;
  /** Clusters for this zoom; null: plain places, at most `limit`. */
  readonly zoom: number | null;
  readonly limit?: number;
}

export async function nearest(query: NearestQuery, lang: Language, signal: AbortSignal): Promise<Nearest> {
  const body = nearestBody(query.from, query.limit, query, lang);
  if (query.min_seq != null) body["min_seq"] = query.min_seq;
  return (await request(NEAREST_PATH, signal, body)) as Nearest;
}

export async function viewport(query: ViewportQuery, lang: Language, signal: AbortSignal): Promise<Viewport> {
  const asked = new URLSearchParams({ bbox: query.bbox.join(",") });
  if (query.zoom !== null) asked.set("zoom", String(query.zoom));
  if (query.limit !== undefined) asked.set("limit", String(query.limit));
  if (query.categories.length > 0) asked.set("category", query.categories.join(","));
  if (query.openNow) asked.set("open_at", "now");
  if (query.free) asked.set("benefit", "free");
  if (query.min_seq != null) asked.set("min_seq", String(query.min_seq));
  asked.set("lang", lang);
  return (await request(`/api/v1/locations?${asked}`, signal)) as Viewport;
}

/** `near` goes out with one decimal, about ten kilometres: enough to prefer the own town, and an address is no place for more. */
export async function search(q: string, near: LonLat, lang: Language, signal: AbortSignal): Promise<readonly SearchResult[]> {
  const query = new URLSearchParams({ q, lon: near.lon.toFixed(1), lat: near.lat.toFixed(1), limit: "8", lang });
  const answer = (await request(`/api/v1/search?${query}`, signal)) as { results: SearchResult[] };
  return answer.results;
}

export async function location(
  id: string, lang: Language, signal: AbortSignal, min_seq: number | null = null,
): Promise<Feature<LocationDetail>> {
  const path = `/api/v1/locations/${encodeURIComponent(id)}?lang=${lang}${min_seq === null ? "" : `&min_seq=${min_seq}`}`;
  return (await request(path, signal)) as Feature<LocationDetail>;
}

export async function categories(lang: Language, signal: AbortSignal): Promise<readonly Category[]> {
  const answer = (await request(`/api/v1/categories?lang=${lang}`, signal)) as { categories: Category[] };
  return answer.categories;
}

/** The basemap's style; the places are drawn by the page itself. */
export async function basemapStyle(theme: "light" | "dark", lang: Language, signal: AbortSignal): Promise<unknown> {
  return request(stylePath(theme, lang), signal);
}

/** Asks for it before the map has come that draws it. */
export function askStyleEarly(theme: "light" | "dark", lang: Language): void {
  askEarly(stylePath(theme, lang));
}

function stylePath(theme: "light" | "dark", lang: Language): string {
  return `/style/${theme}.json?lang=${lang}&locations=no`;
}

/** The API's own description, for the reference page. */
export async function openapi(signal: AbortSignal): Promise<unknown> {
  return request("/openapi.json", signal);
}
