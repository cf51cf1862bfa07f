/**
 * What `/q` keeps in its tab: a random check id and the verdict it got, so that a reload shows the same instead of
 * "already used". The code itself is kept no longer than it has no answer.
 */
import type { Outcome } from "./check.js";

const KEY = "ryadom.q.check";
const ID_BYTES = 16; // 22 signs

export interface KeptCheck {
  readonly check_id: string;
  readonly text: string | null;
  readonly outcome: Outcome | null;
  readonly at_ms: number;
}

export function newCheck(text: string): KeptCheck {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  const check_id = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return { check_id, text, outcome: null, at_ms: Date.now() };
}

/** With its answer; kept unless it is worth asking once more. */
export function answered(check: KeptCheck, outcome: Outcome, again: boolean): KeptCheck {
  return { ...check, outcome, text: again ? check.text : null, at_ms: Date.now() };
}

export function keepCheck(check: KeptCheck): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(check));
  } catch {
    // forbidden: a reload then finds nothing to show
  }
}

export function keptCheck(): KeptCheck | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Partial<KeptCheck> | null;
    if (typeof kept?.check_id !== "string" || typeof kept.at_ms !== "number") return null;
    return { check_id: kept.check_id, text: kept.text ?? null, outcome: kept.outcome ?? null, at_ms: kept.at_ms };
  } catch {
    return null;
  }
}
