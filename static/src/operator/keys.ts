/** The keys of the queue. By their place on the keyboard: an operator types Russian, where J says «о». */
export type KeyAct = "next" | "previous" | "approve" | "reject" | "mark" | "help";

export interface Pressed {
  readonly key: string;
  readonly code: string;
  readonly repeat?: boolean;
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly altKey?: boolean;
  readonly shiftKey?: boolean;
}

const BY_CODE: Readonly<Record<string, KeyAct>> = { KeyJ: "next", KeyK: "previous", KeyA: "approve", KeyR: "reject", KeyX: "mark" };
const DECIDES: readonly KeyAct[] = ["approve", "reject", "mark"];

/** null: not ours. `path` is where the key went, innermost first: a field keeps its keys, and so does an open dialog. */
export function keyAct(event: Pressed, path: readonly { readonly localName?: string; readonly isContentEditable?: boolean; readonly type?: string }[]): KeyAct | null {
  if (event.ctrlKey === true || event.metaKey === true || event.altKey === true) return null;
  const [target] = path;
  const inField = ["input", "textarea", "select"].includes(target?.localName ?? "") && target?.type !== "checkbox" && target?.type !== "button";
  if (inField || target?.isContentEditable === true || path.some(({ localName }) => localName === "dialog")) return null;
  if (event.key === "?" || (event.shiftKey === true && event.code === "Slash")) return "help";
  if (event.shiftKey === true) return null;
  const arrows: Readonly<Record<string, KeyAct>> = { ArrowDown: "next", ArrowUp: "previous" };
  // The arrows move the map while it has the focus, and scroll what can be scrolled.
  const act = BY_CODE[event.code] ?? (target?.localName === "canvas" ? undefined : arrows[event.key]) ?? null;
  return act !== null && event.repeat === true && DECIDES.includes(act) ? null : act;
}
