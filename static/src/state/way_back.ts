/**
 * Where somebody was when they had to sign in. The link of the mail opens in a tab of its own and knows the page alone;
 * the device remembers the rest for as long as such a link may take. Storage may be forbidden: then the page begins anew.
 */
export type DeskPage = "/partner" | "/operator";

const KEY = "ryadom.way_back";
/** The link works for fifteen minutes; a mail and the code of a phone take theirs. */
const LIVES_MS = 30 * 60_000;

/** `way`: path and query of one of the desk's pages. */
export function rememberWay(way: string, now_ms = Date.now()): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ way, at_ms: now_ms }));
  } catch {
    // private window or full: see above
  }
}

/** The way back into `page`, once; the page itself where there is none. Another page's way is forgotten. */
export function takeWay(page: DeskPage, now_ms = Date.now()): string {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as { way?: unknown; at_ms?: unknown } | null;
    localStorage.removeItem(KEY);
    if (typeof kept?.way !== "string" || typeof kept.at_ms !== "number" || !(now_ms - kept.at_ms < LIVES_MS)) return page;
    const { origin, pathname, search } = new URL(kept.way, location.origin);
    return origin === location.origin && pathname === page ? pathname + search : page;
  } catch {
    return page;
  }
}
