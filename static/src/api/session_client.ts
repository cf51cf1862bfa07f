/** Signing in and out: a link by mail, finished by a button; operators add a code of their phone. */
import { desk, keepSession, type Session } from "./desk_request.js";
import { ProblemError } from "./request.js";

export type { Session } from "./desk_request.js";

export interface Enrolment {
  readonly secret: string;
  readonly uri: string;
  readonly svg: string;
}

/** null: nobody is signed in. */
export async function readSession(signal: AbortSignal): Promise<Session | null> {
  try {
    return kept((await desk("/api/v1/session", signal)).body as Session);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 401) return kept(null);
    throw error;
  }
}

/** Asks for a mail; answers whether the demo's page of mails has it. */
export async function askForLink(email: string, to: "/partner" | "/operator", lang: string, signal: AbortSignal): Promise<boolean> {
  const answer = await desk("/api/v1/session/link", signal, { json: { email, to, lang } });
  return (answer.body as { dev_mail: boolean }).dev_mail;
}

export async function finishSignIn(token: string, signal: AbortSignal): Promise<Session> {
  return kept((await desk("/api/v1/session", signal, { json: { token } })).body as Session);
}

export async function readEnrolment(signal: AbortSignal): Promise<Enrolment> {
  return (await desk("/api/v1/session/totp", signal)).body as Enrolment;
}

export async function sendTotp(code: string, signal: AbortSignal): Promise<Session> {
  return kept((await desk("/api/v1/session/totp", signal, { json: { code } })).body as Session);
}

/** A session that has ended already is as good as one that ends now. */
export async function signOut(everywhere: boolean, signal: AbortSignal): Promise<void> {
  try {
    await desk(everywhere ? "/api/v1/session/end-all" : "/api/v1/session", signal, { method: everywhere ? "POST" : "DELETE" });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.status !== 401) throw error;
  }
  keepSession(null);
}

function kept<S extends Session | null>(session: S): S {
  keepSession(session);
  return session;
}
