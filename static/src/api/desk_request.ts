/**
 * The desk's requests: partners and operators, signed in by a cookie that only the server reads. Every write carries
 * the session's own word against forged requests; the language is the page's.
 */
import { language } from "../i18n/index.js";
import { exchange, type Answer, type Sent } from "./request.js";

export interface Session {
  readonly account: { readonly id: string; readonly email: string; readonly role: "manager" | "operator" | "auditor" };
  readonly partner: { readonly id: string; readonly name: string } | null;
  readonly standing: "full" | "totp_needed" | "totp_enrol";
  readonly csrf: string;
  readonly to: "/partner" | "/operator";
  readonly expires_at: string;
}

let csrf = "";

/** What the server answers of a session becomes the page's own. */
export function keepSession(session: Session | null): void {
  csrf = session?.csrf ?? "";
}

/** One request of the desk. `sent` as for any other. */
export function desk(path: string, signal: AbortSignal, sent: Sent = {}): Promise<Answer> {
  const isWrite = (sent.method ?? (sent.json === undefined && sent.blob === undefined ? "GET" : "POST")) !== "GET";
  return exchange(path, signal, {
    ...sent,
    credentials: "same-origin",
    headers: { "accept-language": language(), ...(isWrite && csrf !== "" ? { "x-csrf-token": csrf } : {}), ...sent.headers },
  });
}
