/**
 * What the page's address holds: filters, the map's view, the chosen place, the language. Never where the person is:
 * there is no field for it, and unknown parameters of an incoming address are dropped.
 */
import { isLanguage, type Language } from "../i18n/index.js";
import { readView, writeView, type View } from "../map/view.js";

export interface PageState {
  readonly categories: readonly string[];
  readonly openNow: boolean;
  readonly free: boolean;
  /** What the map was moved to; `null`: the places nearest to where the person starts. */
  readonly view: View | null;
  readonly place: string | null;
  /** `null`: not said in the address. */
  readonly lang: Language | null;
}

export const EMPTY_STATE: PageState = { categories: [], openNow: false, free: false, view: null, place: null, lang: null };

/** Reads an address's query. What it does not understand it ignores: an old or mistyped link still opens. */
export function readState(search: string): PageState {
  const query = new URLSearchParams(search);
  const lang = query.get("lang");
  const codes = (query.get("category") ?? "").split(",").filter((code) => /^[a-z_]{1,40}$/.test(code));
  return {
    categories: [...new Set(codes)],
    openNow: query.get("open") === "now",
    free: query.get("benefit") === "free",
    view: readView(query.get("map")),
    place: query.get("place") || null,
    lang: isLanguage(lang) ? lang : null,
  };
}

/** The query of `state`, with its `?`, or nothing when there is nothing to say. Commas stay readable. */
export function writeState(state: PageState): string {
  const parts: string[] = [];
  if (state.categories.length > 0) parts.push(`category=${state.categories.map(encodeURIComponent).join(",")}`);
  if (state.openNow) parts.push("open=now");
  if (state.free) parts.push("benefit=free");
  if (state.view !== null) parts.push(`map=${writeView(state.view)}`);
  if (state.place !== null) parts.push(`place=${encodeURIComponent(state.place)}`);
  if (state.lang !== null) parts.push(`lang=${state.lang}`);
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
