import { NoAnswerError, ProblemError } from "../api/request.js";
import { t } from "../i18n/index.js";

/** What to say of a failure: the server's own words where it has some, they come in the page's language. */
export function troubleText(error: unknown): string {
  if (error instanceof NoAnswerError) return t(`error.${error.reason}`);
  if (!(error instanceof ProblemError)) return t("op.trouble_server");
  const { detail, title, errors = [], status } = error.problem;
  if (title.startsWith("HTTP ")) return t(status === 429 ? "op.trouble_often" : "op.trouble_server");
  const fields = errors.map(({ detail: why }) => why).filter((why) => why !== undefined && why !== detail);
  return [detail ?? title, ...fields].join(" ");
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.status === 401;
}

/** Somebody was faster, or what was decided on has changed. */
export function isConflict(error: unknown): error is ProblemError {
  return error instanceof ProblemError && (error.problem.status === 409 || error.problem.status === 412);
}

export function isGone(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.status === 404;
}
