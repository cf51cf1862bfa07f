/** One question to the service, and what is to be said about its answer or the lack of one. */
import { NoAnswerError, ProblemError } from "../api/client.js";
import { verify, type Shown, type Verdict } from "../api/verify_client.js";
import { saidBy, type Said } from "./verdict.js";

/** A queue stands behind the customer: whoever gets no answer by then says so and offers another try. */
const PATIENCE_MS = 8000;

export interface Outcome {
  readonly said: Said;
  readonly verdict: Verdict | null;
  /** How long to wait before asking again, when the service said so. */
  readonly wait_s: number | null;
}

/** `unpaired`: the service does not know this terminal any more. */
export async function check(shown: Shown, token: string | null, signal: AbortSignal): Promise<Outcome | "unpaired"> {
  const patience = new AbortController();
  const abort = (): void => patience.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const verdict = await verify(shown, token, patience.signal);
    return { said: saidBy(verdict, "spoken" in shown), verdict, wait_s: null };
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof ProblemError) {
      const { status, retry_after_s } = error.problem;
      if (status === 401 && token !== null) return "unpaired";
      if (status === 429) return outcome("rate_limited", retry_after_s ?? null);
      return outcome(status >= 500 ? "no_answer" : "unknown");
    }
    if (error instanceof NoAnswerError) return outcome(error.reason === "unreachable" ? "no_connection" : "no_answer");
    if (patience.signal.aborted) return outcome("no_answer");
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

export function outcome(said: Said, wait_s: number | null = null): Outcome {
  return { said, verdict: null, wait_s };
}
