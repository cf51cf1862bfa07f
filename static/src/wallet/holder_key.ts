/**
 * Keys of this device: P-256, made by WebCrypto as not extractable, so that no script (ours included) can read the
 * private part, and kept as they are in IndexedDB, which stores key objects by structured clone.
 */
import { base64url } from "./base64url.js";

/** The public part, with exactly the members that a proof's header carries. */
export interface PublicJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

export interface HolderKey {
  readonly privateKey: CryptoKey;
  readonly jwk: PublicJwk;
}

export async function makeKey(): Promise<HolderKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const { x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  if (x === undefined || y === undefined) throw new Error("the browser gave a key without coordinates");
  return { privateKey, jwk: { kty: "EC", crv: "P-256", x, y } };
}

export async function makeKeys(count: number): Promise<HolderKey[]> {
  return Promise.all(Array.from({ length: count }, () => makeKey()));
}

/** ES256 as JWS wants it: r and s, 32 bytes each, which is what WebCrypto gives. */
export async function signed(header: object, body: object, key: HolderKey): Promise<string> {
  const text = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(body))}`;
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.privateKey, new TextEncoder().encode(text));
  return `${text}.${base64url(new Uint8Array(signature))}`;
}
