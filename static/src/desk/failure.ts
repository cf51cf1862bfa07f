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

export const isOffline = (error: unknown): boolean => error instanceof NoAnswerError;
export const isSignedOut = (error: unknown): boolean => error instanceof ProblemError && error.problem.status === 401;
