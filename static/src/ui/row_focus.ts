/**
 * Where the focus goes when a list has changed under somebody's hands: to the row that changed or took the place of the
 * one that went, else to the heading. Left alone it falls to the body, and a keyboard begins again at the top.
 */
import type { LitElement } from "lit";

/** What stands after `id` once it has gone: the one below, else the one above, else nothing. */
export function nextAfter(items: readonly { readonly id: string }[], id: string): string | null {
  const index = items.findIndex((item) => item.id === id);
  return (items[index + 1] ?? items[index - 1])?.id ?? null;
}

/** Focuses the row with `data-id`, once `host` is drawn; `otherwise` is the selector of the heading. */
export async function focusRow(host: LitElement, id: string | null, otherwise: string): Promise<void> {
  await host.updateComplete;
  const row = id === null ? null : host.renderRoot.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
  (row ?? host.renderRoot.querySelector<HTMLElement>(otherwise))?.focus();
}
