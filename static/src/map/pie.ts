/** The small ring round a cluster's count: how its places divide among the families of categories. */
import { groupOf, GROUPS, type Group } from "./groups.js";

export interface Slice {
  readonly group: Group;
  readonly count: number;
  /** Shares of the ring, clockwise from the top: 0 to 1. */
  readonly from: number;
  readonly to: number;
}

/** Slices in the order of GROUPS, so that two rings can be compared at a glance. */
export function pieSlices(counts: Readonly<Record<string, number>>): readonly Slice[] {
  const sums = new Map<Group, number>();
  for (const [category, count] of Object.entries(counts)) {
    if (count > 0) sums.set(groupOf(category), (sums.get(groupOf(category)) ?? 0) + count);
  }
  const all = [...sums.values()].reduce((sum, count) => sum + count, 0);
  let done = 0;
  return GROUPS.flatMap((group) => {
    const count = sums.get(group) ?? 0;
    if (count === 0) return [];
    const from = done / all;
    done += count;
    return [{ group, count, from, to: done / all }];
  });
}

/**
 * The dashes that draw one slice as a piece of a circle's stroke, for a circle with `pathLength="1"` that begins at the
 * top. A stroke draws a whole ring as readily as a part, which an arc cannot.
 */
export function sliceDash({ from, to }: Slice): { readonly dasharray: string; readonly dashoffset: string } {
  return { dasharray: `${round(to - from)} 1`, dashoffset: `${round(-from)}` };
}

function round(share: number): number {
  return Number(share.toFixed(4)) + 0; // + 0: never "-0"
}
