/**
 * The desk's requests: partners and operators, signed in by a cookie that only the server reads. Every write carries
 * the session's own word against forged requests; the language is the page's.
 */
import { language } from "../i18n/index.js";
import { exchange, ProblemError, type Answer, type Sent } from "./request.js";

export interface Session {
  readonly account: { readonly id: string; readonly email: string; readonly role: "manager" | "operator" | "auditor" };
  readonly partner: { readonly id: string; readonly name: string } | null;
  readonly standing: "full" | "totp_needed" | "totp_enrol";
  readonly csrf: string;
  readonly to: "/partner" | "/operator";
  readonly expires_at: string;
}

let csrf = "";
let account = "";

/** What the server answers of a session becomes the page's own. */
export function keepSession(session: Session | null): void {
  csrf = session?.csrf ?? "";
  account = session?.account.id ?? "";
}

/**
 * One request of the desk. `sent` as for any other. Another tab may have signed in anew: then the word of this one is
 * old, and the write is tried once more with the new one if it is still the same account's.
 */
export async function desk(path: string, signal: AbortSignal, sent: Sent = {}): Promise<Answer> {
  try {
    return await once(path, signal, sent);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.kind !== "forged" || account === "") throw error;
    const now = (await once("/api/v1/session", signal, {})).body as Session;
    if (now.account.id !== account) throw error;
    keepSession(now);
    return once(path, signal, sent);
  }
}

function once(path: string, signal: AbortSignal, sent: Sent): Promise<Answer> {
  const isWrite = (sent.method ?? (sent.json === undefined && sent.blob === undefined ? "GET" : "POST")) !== "GET";
  return exchange(path, signal, {
    ...sent,
    credentials: "same-origin",
    headers: { "accept-language": language(), ...(isWrite && csrf !== "" ? { "x-csrf-token": csrf } : {}), ...sent.headers },
  });
}
