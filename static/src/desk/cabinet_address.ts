/** What the address of the cabinet holds: the view and a location's id. Nothing of people. */
export const VIEWS = ["locations", "tills", "bulk", "refusals", "keys", "organisation"] as const;
export type CabinetView = (typeof VIEWS)[number];

export interface CabinetAddress {
  readonly view: CabinetView;
  /** A location's id, `new` for one that is not yet; null: the list. */
  readonly id: string | null;
}

export function readAddress(search: string): CabinetAddress {
  const query = new URLSearchParams(search);
  const view = VIEWS.find((each) => each === query.get("view")) ?? "locations";
  const id = query.get("id");
  return { view, id: id !== null && /^[\w-]{1,64}$/.test(id) ? id : null };
}

export function writeAddress({ view, id }: CabinetAddress): string {
  const query = new URLSearchParams(view === "locations" && id === null ? {} : { view });
  if (id !== null) query.set("id", id);
  return query.size === 0 ? "/partner" : `/partner?${query}`;
}
