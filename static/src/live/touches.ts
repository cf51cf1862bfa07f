/** Whether news concerns what is on the screen. Pure; live_changes.ts brings the news. */
import type { Bbox } from "../map/view.js";

export interface Change {
  readonly from_seq: number;
  readonly to_seq: number;
  readonly ids: readonly string[];
  /** Where the changed places are and were; null or absent when the server does not say. */
  readonly bbox?: Bbox | null;
}

export interface Watched {
  readonly ids: ReadonlySet<string>;
  /** The area in which a new place would be shown; null: anywhere. */
  readonly area: Bbox | null;
  /** The newest state that is shown. */
  readonly seq: number;
}

/** `heard_seq`: the newest number any event has told of, whether it concerned us or not. */
export function touches(change: Change, { ids, area, seq }: Watched, heard_seq = seq): boolean {
  if (change.to_seq <= seq) return false; // seen already
  if (change.from_seq > Math.max(seq, heard_seq) + 1) return true; // something in between was missed
  if (change.ids.some((id) => ids.has(id))) return true;
  return change.bbox == null || area === null || overlap(change.bbox, area);
}

export function overlap(a: Bbox, b: Bbox): boolean {
  return a[1] <= b[3] && b[1] <= a[3] && spans(a).some(([from, to]) => spans(b).some(([west, east]) => from <= east && west <= to));
}

/** One span of longitudes, or two where the area crosses the antimeridian. */
function spans([west, , east]: Bbox): readonly (readonly [number, number])[] {
  return west <= east ? [[west, east]] : [[west, 180], [-180, east]];
}

/** Reads an event's data; null for one that makes no sense. */
export function readChange(data: string): Change | null {
  try {
    const { from_seq, to_seq, ids, bbox } = JSON.parse(data) as Partial<Change>;
    if (typeof from_seq !== "number" || typeof to_seq !== "number") return null;
    const sound = Array.isArray(bbox) && bbox.length === 4 && bbox.every(Number.isFinite);
    return { from_seq, to_seq, ids: Array.isArray(ids) ? ids : [], bbox: sound ? bbox : null };
  } catch {
    return null;
  }
}

/** The number of an event that carries nothing else. */
export function readSeq(data: string): number | null {
  try {
    const { to_seq } = JSON.parse(data) as { to_seq?: unknown };
    return typeof to_seq === "number" ? to_seq : null;
  } catch {
    return null;
  }
}
