/**
 * The questions of a till: is this code good, and who am I. Every verdict is an answer (HTTP 200); a ProblemError here
 * means that the question was malformed, came too often (429) or from a terminal that is no longer paired (401).
 */
import { request } from "./client.js";
import type { Benefit } from "./types.js";

export type Result = "valid" | "invalid" | "cannot_check";

export type Reason =
  | "code_expired" | "code_used" | "code_seen" | "revoked" | "suspended" | "right_ended" | "not_yet" | "clock"
  | "not_ours" | "stale_status" | "old_bundle" | "rate_limited";

export interface Verdict {
  readonly result: Result;
  readonly reason: Reason | null;
  readonly category?: string | null;
  readonly mode?: string;
  readonly checked_at?: string;
  readonly status_as_of?: string;
  // For paired terminals and tills, when valid:
  readonly region?: string;
  /** To the month: a full date would be a fingerprint. */
  readonly valid_until?: string;
  readonly receipt?: string;
  readonly shift_mark?: string;
  readonly location?: { readonly id: string; readonly name: string };
  readonly benefits?: readonly Benefit[];
}

export interface Terminal {
  readonly terminal: { readonly id: string; readonly name: string; readonly number: string };
  readonly location: { readonly id: string; readonly name: string };
  readonly benefits: readonly Benefit[];
  readonly shift_mark?: string;
}

/** The text of a code, or six spoken digits; `check_id` lets a reloaded page get the same answer again. */
export type Shown = { readonly text: string; readonly check_id?: string } | { readonly spoken: string };

export async function verify(shown: Shown, token: string | null, signal: AbortSignal): Promise<Verdict> {
  return (await request("/api/v1/verify", signal, shown, bearer(token))) as Verdict;
}

export async function pair(code: string, signal: AbortSignal): Promise<Terminal & { readonly token: string }> {
  return (await request("/api/v1/terminals/pair", signal, { code })) as Terminal & { readonly token: string };
}

export async function whichTerminal(token: string, signal: AbortSignal): Promise<Terminal> {
  return (await request("/api/v1/terminals/me", signal, undefined, bearer(token))) as Terminal;
}

function bearer(token: string | null): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}
