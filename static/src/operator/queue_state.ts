/** The queue as the page holds it: refreshed under the operator's hands without moving what is being looked at. */
import type { QueueItem } from "../api/operator_types.js";

/** One step along the list; the ends stay where they are. Without a choice, the first. */
export function step(items: readonly QueueItem[], id: string | null, by: 1 | -1): string | null {
  const index = items.findIndex((item) => item.id === id);
  if (index === -1) return items[0]?.id ?? null;
  return items[Math.min(items.length - 1, Math.max(0, index + by))]?.id ?? null;
}

/** Marks that still stand for something. */
export function keptMarks(marks: ReadonlySet<string>, items: readonly QueueItem[]): Set<string> {
  return new Set(items.filter(({ id }) => marks.has(id)).map(({ id }) => id));
}

export type Standing = "here" | "gone" | "changed";

/** What has become of the revision that is open: it may have been decided, or edited, by somebody else. */
export function standingOf(items: readonly QueueItem[], complete: boolean, open: { readonly id: string; readonly version: number }): Standing {
  const item = items.find(({ id }) => id === open.id);
  if (item === undefined) return complete ? "gone" : "here";
  return item.version === open.version ? "here" : "changed";
}
