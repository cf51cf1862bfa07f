/** The question for the nearest places as a body, alone in its file: the widget asks it before the client has come. */
import { coarse, type LonLat } from "../geo/lon_lat.js";

export const NEAREST_PATH = "/api/v1/locations/nearest";

export interface NearestFilter {
  readonly categories: readonly string[];
  readonly openNow: boolean;
  readonly free: boolean;
}

/** A position goes out with four decimals, and in a body alone. */
export function nearestBody(from: LonLat, limit: number, { categories, openNow, free }: NearestFilter, lang: string): Record<string, unknown> {
  const body: Record<string, unknown> = { ...coarse(from), limit, lang };
  if (categories.length > 0) body["category"] = categories;
  if (openNow) body["open_at"] = "now";
  if (free) body["benefit"] = "free";
  return body;
}

/** By which an answer is found again that was asked for early (request.ts). */
export function expectKey(path: string, json: string): string {
  return `${path} ${json}`;
}
