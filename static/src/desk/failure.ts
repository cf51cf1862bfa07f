/** What a failed request of the desk means in words, and which fields it speaks of. */
import type { FieldProblem } from "../api/desk_types.js";
import { NoAnswerError, ProblemError } from "../api/request.js";
import { t } from "../i18n/index.js";
import "./words.js";

/** The server's own words, or ours where there was no answer. Anything else is a fault of the page and is thrown. */
export function failureText(error: unknown): string {
  if (error instanceof NoAnswerError) return t(`error.${error.reason}`);
  if (!(error instanceof ProblemError)) throw error;
  if (error.problem.status === 401) return t("desk.not_signed_in");
  return error.problem.detail || error.problem.title;
}

/** Faults by field: the problem's own list where it brings one, or its `errors`. */
export function faultsOf(error: unknown): FieldProblem[] {
  if (!(error instanceof ProblemError)) return [];
  const { problems } = error.problem as { problems?: readonly FieldProblem[] };
  if (Array.isArray(problems)) return [...problems];
  return (error.problem.errors ?? []).map(({ parameter, detail }) => ({ field: parameter, severity: "reject", code: "", detail }));
}

/** The server has no such location: it was deleted, perhaps by a colleague. */
export const isGone = (error: unknown): boolean => error instanceof ProblemError && error.kind === "no-location";

/** Nobody answered for the server: no connection, or it broke. */
export const isUnanswered = (error: unknown): boolean => isOffline(error) || (error instanceof ProblemError && error.problem.status >= 500);

/** Refused before it was looked at: sign in first, or wait. What was sent may be sent again. */
const NOT_LOOKED_AT: readonly number[] = [401, 403, 408, 425, 429];

/** The server has looked at what was sent, and its answer is no. */
export const isVerdict = (error: unknown): boolean => error instanceof ProblemError && error.problem.status < 500 && !NOT_LOOKED_AT.includes(error.problem.status);

export const isOffline = (error: unknown): boolean => error instanceof NoAnswerError;
export const isSignedOut = (error: unknown): boolean => error instanceof ProblemError && error.problem.status === 401;
