import { listQueue } from "../api/operator_client.js";
import type { Queue, QueueItem } from "../api/operator_types.js";

/** The queue from its beginning, at least as far as `least` items, where there are so many. */
export async function readQueue(least: number, signal: AbortSignal): Promise<Queue> {
  const items = new Map<string, QueueItem>(); // one that moves between two pages comes once
  let cursor: string | null = null;
  for (;;) {
    const page: Queue = await listQueue(cursor, signal);
    for (const item of page.revisions) items.set(item.id, item);
    cursor = page.next;
    if (cursor === null || items.size >= least) return { revisions: [...items.values()], next: cursor, total: page.total };
  }
}
