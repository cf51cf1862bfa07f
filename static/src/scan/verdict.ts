/**
 * The one list from which the screens of `/scan` and `/q` take word, colour, picture, sound and advice. Pure: what is
 * shown and heard for every answer of the service, and for the lack of one, can be read and tested here.
 *
 * Three things must never be mistaken for one another, not by a colour-blind eye nor from two metres: "yes", "this code
 * is old, ask for a new one" and "the right is not there". They differ in colour, picture, word and sound.
 */
import type { Reason, Verdict } from "../api/verify_client.js";
import type { Key } from "../i18n/index.js";

/** yes; show a new code; no; nobody knows. */
export type Tone = "yes" | "again" | "no" | "unsure";

/** What the page itself has to say. */
export type Trouble = "no_connection" | "no_answer" | "spoken_wrong" | "refused" | "unknown";

export type Said = "valid" | Reason | Trouble;

export interface Screen {
  readonly said: Said;
  readonly tone: Tone;
  readonly picture: "tick" | "renew" | "stop" | "question";
  readonly word: Key;
  readonly advice: readonly Key[];
  /** The same code may be asked about once more: then it is kept and there is a button. */
  readonly retry: boolean;
}

const TONES: Readonly<Record<Said, Tone>> = {
  valid: "yes",
  code_expired: "again",
  code_used: "again",
  code_seen: "again",
  clock: "again",
  spoken_wrong: "again",
  revoked: "no",
  suspended: "no",
  right_ended: "no",
  not_yet: "no",
  not_ours: "no",
  refused: "no",
  stale_status: "unsure",
  old_bundle: "unsure",
  rate_limited: "unsure",
  no_connection: "unsure",
  no_answer: "unsure",
  unknown: "unsure",
};

const PICTURES = { yes: "tick", again: "renew", no: "stop", unsure: "question" } as const;

const ADVICE: Partial<Readonly<Record<Said, readonly Key[]>>> = {
  valid: [],
  no_connection: ["verdict.no_connection.advice", "verdict.no_connection.spoken", "verdict.no_connection.later"],
};

const RETRY: readonly Said[] = ["no_connection", "no_answer", "rate_limited"];

export const ALL_SAID = Object.keys(TONES) as Said[];

export function screenOf(said: Said): Screen {
  const tone = TONES[said];
  return {
    said, tone, picture: PICTURES[tone], word: `verdict.${said}`,
    advice: ADVICE[said] ?? [`verdict.${said}.advice` as Key], retry: RETRY.includes(said),
  };
}

/**
 * What an answer says. Green needs the very word "valid"; a reason that is younger than this page is a plain no or
 * "nobody knows", never a yes. Six digits that fit nothing were most likely misheard: that is no accusation.
 */
export function saidBy(verdict: Verdict, spoken: boolean): Said {
  if (verdict.result === "valid") return "valid";
  const { reason } = verdict;
  if (spoken && reason === "not_ours") return "spoken_wrong";
  if (reason !== null && Object.hasOwn(TONES, reason)) return reason;
  return verdict.result === "invalid" ? "refused" : "unknown";
}
