import { createPublicKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { makeKey } from "./holder_key.js";
import { deviceProof, keyProof } from "./proof.js";

function read(jwt: string): { header: { typ: string; alg: string; jwk: Record<string, string> }; body: Record<string, unknown>; good: boolean } {
  expect(jwt).toMatch(/^[\w-]+\.[\w-]+\.[\w-]{86}$/); // base64url without padding; r and s are 64 bytes
  const [head = "", body = "", signature = ""] = jwt.split(".");
  const json = (part: string): never => JSON.parse(Buffer.from(part, "base64url").toString()) as never;
  const header = json(head) as { typ: string; alg: string; jwk: Record<string, string> };
  const key = createPublicKey({ key: header.jwk, format: "jwk" });
  const good = verify("sha256", Buffer.from(`${head}.${body}`), { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
  return { header, body: json(body), good };
}

describe("a key", () => {
  it("cannot be taken out", async () => {
    const { privateKey } = await makeKey();
    expect(privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("jwk", privateKey)).rejects.toThrow();
    await expect(crypto.subtle.exportKey("pkcs8", privateKey)).rejects.toThrow();
  });
});

describe("a proof", () => {
  it("of a key for a credential is what OpenID4VCI asks for", async () => {
    const key = await makeKey();
    const { header, body, good } = read(await keyProof(key, { audience: "https://ryadom.example", nonce: "n-1", iat_ms: 1_795_687_205_923 }));
    expect(header).toEqual({ typ: "openid4vci-proof+jwt", alg: "ES256", jwk: key.jwk });
    expect(Object.keys(header.jwk).sort()).toEqual(["crv", "kty", "x", "y"]);
    expect(body).toEqual({ aud: "https://ryadom.example", iat: 1_795_687_205, nonce: "n-1" });
    expect(good).toBe(true);
  });

  it("of the device is what RFC 9449 asks for, and never twice the same", async () => {
    const key = await makeKey();
    const make = (): Promise<string> => deviceProof(key, { url: "https://ryadom.example/api/v1/wallet/codes", nonce: "n-2", iat_ms: 1000 });
    const [one, two] = [read(await make()), read(await make())];
    expect(one.header).toEqual({ typ: "dpop+jwt", alg: "ES256", jwk: key.jwk });
    expect(one.body).toEqual({ htm: "POST", htu: "https://ryadom.example/api/v1/wallet/codes", iat: 1, jti: expect.stringMatching(/^[\w-]{22}$/), nonce: "n-2" });
    expect(one.body["jti"]).not.toBe(two.body["jti"]);
    expect(one.good && two.good).toBe(true);
  });
});
