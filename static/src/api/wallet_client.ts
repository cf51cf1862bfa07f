/**
 * What the wallet asks: issuing (OpenID4VCI 1.0 with a pre-authorized code) and the routes that a device key opens.
 * Nothing here goes through a cookie; who asks is shown by the token of an offer or by the proof of a device key.
 */
import { offerOf, PRE_AUTHORIZED, type Offer } from "./offer_body.js";
import { exchange, request, type Answer } from "./request.js";

export type { Offer } from "./offer_body.js";

/** `unknown` is the wallet's own: the server does not know this device. */
export type RightState = "active" | "suspended" | "revoked" | "ended" | "replaced" | "unknown";

export interface WalletState {
  readonly state: RightState;
  readonly category: string;
  readonly region: string | null;
  /** The last day, as YYYY-MM-DD. */
  readonly valid_until: string | null;
  readonly code_used: boolean;
  readonly devices: number;
  readonly server_time_ms: number;
}

export interface Code {
  readonly step: number;
  readonly text: string;
}

export interface Codes {
  readonly server_time_ms: number;
  readonly step_s: number;
  readonly grace_s: number;
  readonly codes: readonly Code[];
}

export interface Issued {
  readonly credentials: readonly string[];
  readonly notification_id: string | null;
}

/** By the path of an offer on this origin (offer.ts has refused all others); null: what is there is none that we can take. */
export async function readOffer(path: string, signal: AbortSignal): Promise<Offer | null> {
  return offerOf(await request(path, signal));
}

/** The issuer's own name of itself: the audience of every proof. */
export async function issuerName(signal: AbortSignal): Promise<string> {
  return ((await request("/.well-known/openid-credential-issuer", signal)) as { credential_issuer: string }).credential_issuer;
}

export async function takeToken(code: string, tx_code: string | null, signal: AbortSignal): Promise<string> {
  const form = { grant_type: PRE_AUTHORIZED, "pre-authorized_code": code, ...(tx_code === null ? {} : { tx_code }) };
  return ((await exchange("/credentials/token", signal, { form })).body as { access_token: string }).access_token;
}

/** A nonce for one request, and the server's clock (to the second) by the answer's Date, where it has one. */
export async function takeNonce(signal: AbortSignal): Promise<{ nonce: string; date_ms: number | null }> {
  const { body, headers } = await exchange("/credentials/nonce", signal, { method: "POST" });
  const date_ms = Date.parse(headers.get("date") ?? "");
  return { nonce: (body as { c_nonce: string }).c_nonce, date_ms: Number.isNaN(date_ms) ? null : date_ms };
}

export async function takeCredentials(token: string, configuration: string, proofs: readonly string[], signal: AbortSignal): Promise<Issued> {
  const json = { credential_configuration_id: configuration, proofs: { jwt: proofs } };
  const { body } = await exchange("/credentials/credential", signal, { json, headers: { authorization: `Bearer ${token}` } });
  const said = body as { credentials: { credential: string }[]; notification_id?: string };
  return { credentials: said.credentials.map(({ credential }) => credential), notification_id: said.notification_id ?? null };
}

export async function notify(token: string, notification_id: string, signal: AbortSignal): Promise<void> {
  const json = { notification_id, event: "credential_accepted" };
  await exchange("/credentials/notification", signal, { json, headers: { authorization: `Bearer ${token}` } });
}

/** One of the wallet's own routes, with the proof of the device key. Its answer carries the next nonce. */
export async function asDevice(path: string, proof: string, json: unknown, signal: AbortSignal): Promise<Answer> {
  return exchange(path, signal, { json, headers: { dpop: proof } });
}

/** The phone is gone: asked from any other phone, so with the family's code and without a proof. */
export async function reportLost(recovery_code: string, signal: AbortSignal): Promise<void> {
  await exchange("/api/v1/wallet/lost", signal, { json: { recovery_code } });
}
