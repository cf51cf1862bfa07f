/**
 * The two proofs of a key. Each kind has a `typ` of its own, so that none can be passed off as the other.
 *
 * # Source
 * OpenID4VCI 1.0, appendix F.1 (`openid4vci-proof+jwt`; `iss` is left out, as nobody has logged in); RFC 9449, 4.2
 * (`dpop+jwt`).
 */
import { base64url } from "./base64url.js";
import { signed, type HolderKey } from "./holder_key.js";

/** `audience` is the issuer's name; `iat_ms` by the server's clock where it is known, as phones' clocks are often wrong. */
export async function keyProof(key: HolderKey, { audience, nonce, iat_ms }: { audience: string; nonce: string; iat_ms: number }): Promise<string> {
  return signed({ typ: "openid4vci-proof+jwt", alg: "ES256", jwk: key.jwk }, { aud: audience, iat: seconds(iat_ms), nonce }, key);
}

/** One proof serves one request: `jti` is made here. */
export async function deviceProof(key: HolderKey, { url, nonce, iat_ms }: { url: string; nonce: string; iat_ms: number }): Promise<string> {
  const jti = base64url(crypto.getRandomValues(new Uint8Array(16)));
  return signed({ typ: "dpop+jwt", alg: "ES256", jwk: key.jwk }, { htm: "POST", htu: url, iat: seconds(iat_ms), jti, nonce }, key);
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
