/** What the address of /operator holds: which view, and what is open in it. */
export const VIEWS = ["queue", "places", "partners", "accounts", "refusals", "rights", "audit"] as const;
export type View = (typeof VIEWS)[number];

export interface AddressState {
  readonly view: View;
  readonly id: string | null;
}

/** What it does not understand it ignores: an old or mistyped link still opens. */
export function readAddress(search: string, allowed: readonly View[] = VIEWS): AddressState {
  const query = new URLSearchParams(search);
  const view = allowed.find((name) => name === query.get("view")) ?? allowed[0] ?? "queue";
  return { view, id: query.get("view") === view ? query.get("id") || null : null };
}

export function writeAddress({ view, id }: AddressState, lang: string | null = null): string {
  const query = new URLSearchParams({ view });
  if (id !== null) query.set("id", id);
  if (lang !== null) query.set("lang", lang);
  return `/operator?${query}`;
}
