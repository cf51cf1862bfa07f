/**
 * Which code to show now: pure reckoning over what the server gave and what time it is there.
 *
 * A code belongs to one step of time and is shown when its step begins. Ten come at once, so that five minutes without
 * a connection go unnoticed. After the last one's step and grace have passed it is old, and is said to be.
 */
import type { Code, Codes } from "../api/wallet_client.js";

export interface CodeBook {
  readonly step_s: number;
  readonly grace_s: number;
  /** Ascending by step, one per step. */
  readonly codes: readonly Code[];
}

/** As many as the server gives at once. */
export const BATCH = 10;
/** With so many left it is time for more. */
const FEW = 5;

export type Showing =
  | { readonly kind: "none" }
  | {
    readonly kind: "code";
    readonly code: Code;
    /** What is left of its step; 0 while only its grace runs. */
    readonly left_ms: number;
    /** `left_ms` as a part of the step, 0 to 1. */
    readonly left: number;
  }
  | { readonly kind: "old"; readonly code: Code };

export function bookOf({ step_s, grace_s, codes }: Codes): CodeBook {
  return { step_s, grace_s, codes: [...codes].sort((a, b) => a.step - b.step) };
}

/** `now_ms` is the server's time, null when nobody knows it: then no code can be said to be good. */
export function showing(book: CodeBook | null, now_ms: number | null): Showing {
  const last = book?.codes.at(-1);
  if (book === null || last === undefined) return { kind: "none" };
  if (now_ms === null) return { kind: "old", code: last };
  const step_ms = book.step_s * 1000;
  const step = Math.floor(now_ms / step_ms);
  const code = book.codes.filter((one) => one.step <= step).at(-1);
  if (code === undefined) return { kind: "none" }; // all lie ahead: the clock was set back
  const left_ms = (code.step + 1) * step_ms - now_ms;
  if (left_ms > 0) return { kind: "code", code, left_ms, left: left_ms / step_ms };
  if (-left_ms < book.grace_s * 1000) return { kind: "code", code, left_ms: 0, left: 0 };
  return { kind: "old", code };
}

/** Codes whose step has not ended yet. */
export function leftOver(book: CodeBook | null, now_ms: number | null): number {
  if (book === null || now_ms === null) return 0;
  const step = Math.floor(now_ms / (book.step_s * 1000));
  return book.codes.filter((code) => code.step >= step).length;
}

export function wantsMore(book: CodeBook | null, now_ms: number | null): boolean {
  return leftOver(book, now_ms) <= FEW;
}
