/**
 * The only room that fetches. Every request takes an AbortSignal, and whatever goes wrong is one of these errors:
 * `ProblemError` (the server answered, and says why; `OAuthError` where it speaks OAuth) or `NoAnswerError` (nobody
 * answered). An abort by the caller stays the caller's AbortError.
 */
import { expectKey } from "./nearest_body.js";
import type { Problem } from "./types.js";

/** Where the API is; "" on our own pages, which stand beside it. */
let host = "";

/** On somebody else's page: the origin that all paths are of. */
export function setHost(origin: string): void {
  host = origin;
}

/** A path of ours as an address that works from here. */
export function hosted(path: string): string {
  return host + path;
}

/** Answers that were asked for before this code had come, each to be taken once. */
const early = new Map<string, Promise<Response>>();

/** `response` answers what the question of `key` (nearest_body.ts) will ask for. */
export function expectEarly(key: string, response: Promise<Response>): void {
  early.set(key, response);
}

/** Asks now for what `request` will be asked for: the code that needs it is still on its way. */
export function askEarly(path: string): void {
  const key = expectKey(path, "");
  const response = fetch(hosted(path), { credentials: "omit", headers: { accept: ACCEPT } });
  expectEarly(key, response);
  response.catch(() => {
    // Who has taken it hears of it; who comes later asks anew.
    if (early.get(key) === response) early.delete(key);
  });
}

const TIMEOUT_MS = 20_000; // a village's 2G answers in ten seconds; beyond twenty nobody waits
const ACCEPT = "application/geo+json, application/json, application/problem+json";

export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;
  readonly headers: Headers;
  constructor(problem: Problem, headers: Headers = new Headers()) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
    this.headers = headers;
  }
  /** The last word of the problem's type: «no-offer» of «/problems/no-offer». */
  get kind(): string {
    return this.problem.type.split("/").at(-1) ?? "";
  }
}

/** RFC 6749, 5.2: what the token and credential endpoints answer. */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  readonly error: string;
  readonly status: number;
  constructor(error: string, status: number, description: string) {
    super(description === "" ? error : description);
    this.error = error;
    this.status = status;
  }
}

export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
  readonly reason: "unreachable" | "timeout" | "unreadable";
  constructor(reason: "unreachable" | "timeout" | "unreadable", options?: ErrorOptions) {
    super(`no answer: ${reason}`, options);
    this.reason = reason;
  }
}

export interface Sent {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  /** A body as it stands, with the type of the blob. */
  readonly blob?: Blob;
  /** Only the desk's pages have a cookie; everybody else sends none. */
  readonly credentials?: "omit" | "same-origin";
  /** Beyond the usual twenty seconds, for a file on its way. */
  readonly timeout_ms?: number;
}

export interface Answer {
  /** null where the answer has no body. */
  readonly body: unknown;
  readonly headers: Headers;
}

/** The body of the answer: by POST where there is something to send. `headers` beyond the usual ones. */
export async function request(
  path: string, signal: AbortSignal, body?: unknown, headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  return (await exchange(path, signal, body === undefined ? { headers } : { json: body, headers })).body;
}

/** One request, with what belongs to it besides a body. */
export async function exchange(path: string, signal: AbortSignal, { method, headers = {}, json, form, blob, credentials = "omit", timeout_ms = TIMEOUT_MS }: Sent): Promise<Answer> {
  // AbortSignal.any would do, but the phones this is for are older than it.
  const both = new AbortController();
  const abort = (): void => both.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => both.abort(), timeout_ms);
  // To another origin `application/json` would first ask whether it may be sent: a round trip more. The API reads the bytes.
  const type = json !== undefined ? (host === "" ? "application/json" : "text/plain") : form !== undefined ? "application/x-www-form-urlencoded" : null;
  const text = json !== undefined ? JSON.stringify(json) : form !== undefined ? new URLSearchParams(form).toString() : null;
  const body = text ?? blob ?? null;
  try {
    const key = expectKey(path, text ?? "");
    const asked = early.get(key);
    early.delete(key);
    const response = await (asked !== undefined ? orAborted(asked, both.signal) : fetch(hosted(path), {
      signal: both.signal,
      credentials,
      headers: { accept: ACCEPT, ...(type === null ? {} : { "content-type": type }), ...headers },
      ...(body === null && method === undefined ? {} : { method: method ?? "POST" }),
      ...(body === null ? {} : { body }),
    }));
    const answer = await orAborted(response.text(), both.signal);
    if (!response.ok) throw readFailure(answer, response);
    return { body: response.status === 204 || answer === "" ? null : readJson(answer), headers: response.headers };
  } catch (error) {
    if (error instanceof ProblemError || error instanceof OAuthError || error instanceof NoAnswerError || signal.aborted) throw error;
    throw new NoAnswerError(both.signal.aborted ? "timeout" : "unreachable", { cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

/** What was asked for early knows nothing of who waits for it. */
function orAborted<T>(asked: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    // Also where nobody waits any more: a failure that nobody takes is an error of the page.
    asked.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new NoAnswerError("unreadable", { cause });
  }
}

/** A balancer in between may answer with HTML of its own: that is a problem with a status and no words. */
function readFailure(text: string, response: Response): ProblemError | OAuthError {
  const { status, headers } = response;
  const seconds = Number.parseInt(headers.get("retry-after") ?? "", 10); // a date there is not understood, nor sent by us
  const wait = Number.isNaN(seconds) ? {} : { retry_after_s: seconds };
  try {
    const said = JSON.parse(text) as (Partial<Problem> & { error?: unknown; error_description?: unknown }) | null;
    if (said !== null && typeof said.title === "string") {
      return new ProblemError({ type: "about:blank", status, ...said, ...wait, title: said.title }, headers);
    }
    if (typeof said?.error === "string") return new OAuthError(said.error, status, String(said.error_description ?? ""));
  } catch {
    // not JSON: below
  }
  return new ProblemError({ type: "about:blank", title: `HTTP ${status}`, status, ...wait }, headers);
}
