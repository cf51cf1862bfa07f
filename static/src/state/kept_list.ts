/**
 * The last list that came, kept on the device for a day without internet. Places alone: no distances and no order,
 * from which one could reckon where the person was when they asked; and a list asked from a measured position is not
 * given here at all (results.ts).
 */
import type { Feature, LocationSummary } from "../api/types.js";
import type { Filters } from "../ui/filter_bar.js";

const KEY = "ryadom.last_list";
const MOST = 100;

export interface KeptList {
  readonly at_ms: number;
  readonly seq: number;
  readonly features: readonly Feature<LocationSummary>[];
}

export function keepList(features: readonly Feature<LocationSummary>[], seq: number, at_ms: number): void {
  const places = features.slice(0, MOST).map(({ properties: { distance_m: _, ...properties }, ...feature }) => ({ ...feature, properties }));
  places.sort((a, b) => (a.id < b.id ? -1 : 1));
  try {
    localStorage.setItem(KEY, JSON.stringify({ at_ms, seq, features: places } satisfies KeptList));
  } catch {
    // a private window, or full: then there is no list without a connection
  }
}

/**
 * What of the kept list fits the filters, or null when nothing was kept. What was open then may be closed now, so
 * nothing is said to be open, and "open now" finds nothing.
 */
export function keptList({ categories, openNow, free }: Filters): KeptList | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Partial<KeptList> | null;
    if (kept === null || typeof kept.at_ms !== "number" || !Array.isArray(kept.features) || openNow) return null;
    const features = (kept.features as Feature<LocationSummary>[]).filter(({ properties }) =>
      (categories.length === 0 || categories.includes(properties.category)) && (!free || properties.benefit_kind === "free"));
    return { at_ms: kept.at_ms, seq: kept.seq ?? 0, features: features.map(aged) };
  } catch {
    return null;
  }
}

/** The state of opening that still holds now; past its next change nobody knows. */
function aged(feature: Feature<LocationSummary>): Feature<LocationSummary> {
  const { open, open_until, opens_at } = feature.properties;
  const change = open === true ? open_until : opens_at;
  const passed = change != null && Date.parse(change) < Date.now();
  return passed ? { ...feature, properties: { ...feature.properties, open: null } } : feature;
}
