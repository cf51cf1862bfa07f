/**
 * The only room that fetches. Every request takes an AbortSignal, and whatever goes wrong is one of two errors:
 * `ProblemError` (the server answered, and says why) or `NoAnswerError` (nobody answered). An abort by the caller
 * stays the caller's AbortError.
 *
 * A position goes out in a request body alone and with four decimals alone: both are done here, so that no page can
 * forget them.
 */
import type { Language } from "../i18n/index.js";
import { coarse, type LonLat } from "../geo/lon_lat.js";
import type { Bbox } from "../map/view.js";
import type { Category, Feature, LocationDetail, Nearest, Problem, SearchResult, Viewport } from "./types.js";

const TIMEOUT_MS = 20_000; // a village's 2G answers in ten seconds; beyond twenty nobody waits

export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
  readonly reason: "unreachable" | "timeout" | "unreadable";
  constructor(reason: "unreachable" | "timeout" | "unreadable", options?: ErrorOptions) {
    super(`no answer: ${reason}`, options);
    this.reason = reason;
  }
}

export interface FilterQuery {
  readonly categories: readonly string[];
  readonly openNow: boolean;
  readonly free: boolean;
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
  const body: Record<string, unknown> = { ...coarse(query.from), limit: query.limit, lang };
  if (query.categories.length > 0) body["category"] = query.categories;
  if (query.openNow) body["open_at"] = "now";
  if (query.free) body["benefit"] = "free";
  if (query.min_seq != null) body["min_seq"] = query.min_seq;
  return (await request("/api/v1/locations/nearest", signal, body)) as Nearest;
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
  return request(`/style/${theme}.json?lang=${lang}&locations=no`, signal);
}

/** The API's own description, for the reference page. */
export async function openapi(signal: AbortSignal): Promise<unknown> {
  return request("/openapi.json", signal);
}

/** `headers` beyond the usual ones: a terminal's Authorization. */
export async function request(
  path: string, signal: AbortSignal, body?: unknown, headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  // AbortSignal.any would do, but the phones this is for are older than it.
  const both = new AbortController();
  const abort = (): void => both.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => both.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(path, {
      signal: both.signal,
      credentials: "omit",
      headers: { accept: ACCEPT, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new ProblemError(readProblem(text, response));
    return readJson(text);
  } catch (error) {
    if (error instanceof ProblemError || error instanceof NoAnswerError || signal.aborted) throw error;
    throw new NoAnswerError(both.signal.aborted ? "timeout" : "unreachable", { cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

const ACCEPT = "application/geo+json, application/json, application/problem+json";

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new NoAnswerError("unreadable", { cause });
  }
}

/** A balancer in between may answer with HTML of its own: that is a problem with a status and no words. */
function readProblem(text: string, response: Response): Problem {
  const seconds = Number.parseInt(response.headers.get("retry-after") ?? "", 10); // a date there is not understood, nor sent by us
  const wait = Number.isNaN(seconds) ? {} : { retry_after_s: seconds };
  try {
    const problem = JSON.parse(text) as Partial<Problem> | null;
    if (problem !== null && typeof problem.title === "string") {
      return { type: "about:blank", status: response.status, ...problem, ...wait, title: problem.title };
    }
  } catch {
    // not JSON: below
  }
  return { type: "about:blank", title: `HTTP ${response.status}`, status: response.status, ...wait };
}
