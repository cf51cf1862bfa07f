/**
 * Other people's code against the running service: a client of OpenID4VCI 1.0, a verifier of SD-JWT VC, a reader of
 * status lists as JWT, and one of CBOR for the same list as CWT. What they do not look at (errors of the standard, a
 * signature of COSE) is asked in plain requests.
 */
import { createHash, createPublicKey, randomBytes, verify, type JsonWebKey } from "node:crypto";
import { inflateSync } from "node:zlib";
import { authorizationCodeGrantIdentifier, clientAuthenticationAnonymous, HashAlgorithm, preAuthorizedCodeGrantIdentifier } from "@openid4vc/oauth2";
import { Openid4vciClient, type CredentialOfferObject, type IssuerMetadataResult } from "@openid4vc/openid4vci";
import { digest, ES256, generateSalt } from "@sd-jwt/crypto-nodejs";
import { getListFromStatusListJWT, StatusList } from "@sd-jwt/jwt-status-list";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import { decode, Tag } from "cbor2";
import { encode } from "cbor2/encoder";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { invite, operate, validUntilLater, type Invited } from "./credential_harness.js";
import { startDeployment, type Deployment } from "./tls_proxy.js";

const SD_JWT = "large_family_sd_jwt";

let service: Deployment;

beforeAll(async () => {
  service = await startDeployment();
});

afterAll(async () => {
  await service?.stop();
});

interface Keys {
  readonly publicKey: JsonWebKey;
  readonly privateKey: JsonWebKey;
}

const newKeys = async (): Promise<Keys> => {
  const { publicKey, privateKey } = await ES256.generateKeyPair();
  const [{ kty, crv, x, y }, { d }] = [publicKey, privateKey];
  return { publicKey: { kty, crv, x, y }, privateKey: { kty, crv, x, y, d } } as Keys;
};
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
async function signed(header: object, payload: object, { privateKey }: Keys): Promise<string> {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${await (await ES256.getSigner(privateKey))(input)}`;
}

/** The client library, as it is: only `fetch` and the keys are given. */
function client(keys: readonly Keys[]): Openid4vciClient {
  return new Openid4vciClient({
    callbacks: {
      fetch: service.fetch,
      hash: (data, algorithm) => createHash(algorithm === HashAlgorithm.Sha256 ? "sha256" : algorithm).update(data).digest(),
      generateRandom: (length) => randomBytes(length),
      clientAuthentication: clientAuthenticationAnonymous(),
      signJwt: async (signer, { header, payload }) => {
        if (signer.method !== "jwk") throw new Error(`no key for ${signer.method}`);
        const key = keys.find(({ publicKey }) => publicKey["x"] === signer.publicJwk.x);
        if (key === undefined) throw new Error("no such key");
        return { jwt: await signed(header, payload, key), signerJwk: signer.publicJwk };
      },
    },
  });
}

interface Taken {
  readonly credentials: readonly string[];
  readonly access_token: string;
  readonly metadata: IssuerMetadataResult;
  readonly notification_id: string;
}

/** From the offer's address to credentials, one for each key. */
async function take({ offer_uri, tx_code }: Invited, keys: readonly Keys[]): Promise<Taken> {
  const wallet = client(keys);
  const credentialOffer: CredentialOfferObject = await wallet.resolveCredentialOffer(offer_uri);
  const issuerMetadata = await wallet.resolveIssuerMetadata(credentialOffer.credential_issuer);
  const { accessTokenResponse } = await wallet.retrievePreAuthorizedCodeAccessTokenFromOffer({ credentialOffer, issuerMetadata, txCode: tx_code });
  const { c_nonce } = await wallet.requestNonce({ issuerMetadata });
  const proofs = await Promise.all(keys.map(({ publicKey }) => wallet.createCredentialRequestJwtProof({
    issuerMetadata, credentialConfigurationId: SD_JWT, nonce: c_nonce, issuedAt: new Date(),
    signer: { method: "jwk", alg: "ES256", publicJwk: publicKey as { kty: string } },
  })));
  const { credentialResponse } = await wallet.retrieveCredentials({
    issuerMetadata, credentialConfigurationId: SD_JWT, accessToken: accessTokenResponse.access_token, proofs: { jwt: proofs.map(({ jwt }) => jwt) as [string, ...string[]] },
  });
  const credentials = (credentialResponse.credentials ?? []).map((one) => (one as { credential: string }).credential);
  return { credentials, access_token: accessTokenResponse.access_token, metadata: issuerMetadata, notification_id: credentialResponse.notification_id ?? "" };
}

describe("a client of OpenID4VCI 1.0 and verifiers of others", () => {
  let invited: Invited;
  let taken: Taken;
  const keys: Keys[] = [];

  beforeAll(async () => {
    invited = await invite(service);
    for (let count = 0; count < 3; count += 1) keys.push(await newKeys());
    taken = await take(invited, keys);
  });

  it("completes offer, token, nonce and a batch of three", async () => {
    expect(taken.credentials).toHaveLength(3);
    expect(new Set(taken.credentials).size).toBe(3);
    expect(taken.metadata.credentialIssuer.batch_credential_issuance?.batch_size).toBeGreaterThanOrEqual(3);
    expect(taken.metadata.knownCredentialConfigurations[SD_JWT]?.format).toBe("dc+sd-jwt");
    expect(taken.metadata.authorizationServers[0]?.grant_types_supported).toEqual([preAuthorizedCodeGrantIdentifier]);
    expect(taken.metadata.authorizationServers[0]?.grant_types_supported).not.toContain(authorizationCodeGrantIdentifier);
    await client(keys).sendNotification({
      issuerMetadata: taken.metadata, accessToken: taken.access_token, notification: { notificationId: taken.notification_id, event: "credential_accepted" },
    });
  });

  it("an offer that was taken up is gone", async () => {
    await expect(client(keys).resolveCredentialOffer(invited.offer_uri)).rejects.toThrow();
  });

  it("signature, disclosures, the holder's key and the status are verified; suspended, resumed and revoked are read as 2, 0 and 1", async () => {
    const issuer = (await (await service.fetch(`${service.url}/.well-known/jwt-vc-issuer`)).json()) as { issuer: string; jwks: { keys: (JsonWebKey & { kid: string })[] } };
    expect(issuer.issuer).toBe(service.url);
    const statuses: number[] = [];
    for (const [index, credential] of taken.credentials.entries()) {
      const holder = keys[index]!;
      const header = JSON.parse(Buffer.from(credential.split(".")[0]!, "base64url").toString()) as { typ: string; kid: string };
      expect(header.typ).toBe("dc+sd-jwt");
      const published = issuer.jwks.keys.find(({ kid }) => kid === header.kid)!;
      const verifier = new SDJwtVcInstance({
        hasher: digest, hashAlg: "sha-256", saltGenerator: generateSalt,
        verifier: await ES256.getVerifier(published),
        kbSigner: await ES256.getSigner(holder.privateKey), kbSignAlg: "ES256",
        kbVerifier: async (data, signature, payload) => (await ES256.getVerifier((payload.cnf as { jwk: JsonWebKey }).jwk))(data, signature),
        statusListFetcher: async (uri) => fetchList(uri),
        statusValidator: async (status) => { statuses.push(status); },
        loadTypeMetadataFormat: true,
        vctFetcher: async (uri) => (await (await service.fetch(uri)).json()) as never,
      });
      const claims = (await verifier.getClaims(credential)) as Record<string, unknown>;
      expect(claims).toMatchObject({ iss: service.url, category: "large_family", region: "26", valid_until: validUntilLater().slice(0, 7), member_role: "parent", cnf: { jwk: holder.publicKey } });
      expect(Object.keys(claims).sort(), "no name, no number, no child").toEqual(["category", "cnf", "exp", "iat", "iss", "member_role", "nbf", "region", "status", "valid_until", "vct"]);
      for (const name of ["iat", "nbf", "exp"]) expect(claims[name] as number % 86_400, `${name} is a day: a moment would tell a family`).toBe(0);
      expect((await verifier.keys(credential)).sort()).toEqual(expect.arrayContaining(["category", "member_role", "region", "valid_until"]));

      // One claim is shown, for one verifier, with a key-binding JWT.
      const nonce = randomBytes(16).toString("base64url");
      const shown = await verifier.present<{ category: boolean }>(credential, { category: true }, { kb: { payload: { iat: Math.floor(Date.now() / 1000), aud: "https://verifier.example", nonce } } });
      const verified = await verifier.verify(shown, { requiredClaimKeys: ["category"], keyBindingNonce: nonce });
      expect(verified.payload).toMatchObject({ category: "large_family" });
      expect(verified.payload).not.toHaveProperty("region");
      expect(verified.kb?.payload).toMatchObject({ aud: "https://verifier.example", nonce });
      await expect(verifier.verify(shown, { keyBindingNonce: "another" })).rejects.toThrow();
      const [jwt = "", ...rest] = shown.split("~");
      const forged = [jwt.slice(0, -6) + (jwt.endsWith("AAAAAA") ? "BBBBBB" : "AAAAAA"), ...rest].join("~");
      await expect(verifier.verify(forged, { keyBindingNonce: nonce })).rejects.toThrow();
    }
    expect(new Set(statuses)).toEqual(new Set([0]));

    const status = async (): Promise<number[]> => Promise.all(taken.credentials.map(async (credential) => {
      const { uri, idx } = statusOf(credential);
      const list = getListFromStatusListJWT(await fetchList(uri));
      expect(bitsOfCwt(await fetchCwt(uri)).getStatus(idx), "the CWT says the same").toBe(list.getStatus(idx));
      return list.getStatus(idx);
    }));
    await operate(service, "right", "suspend", invited.right_id);
    expect(await status()).toEqual([2, 2, 2]);
    await operate(service, "right", "resume", invited.right_id);
    expect(await status()).toEqual([0, 0, 0]);
    await operate(service, "right", "revoke", invited.right_id);
    expect(await status()).toEqual([1, 1, 1]);
  });

  it("the status list as CWT is signed by the published key and has the bits of the JWT", async () => {
    const { uri, idx } = statusOf(taken.credentials[0]!);
    const jwt = await fetchList(uri);
    const cwt = await fetchCwt(uri);
    const message = decode(cwt) as Tag;
    expect(message.tag).toBe(18);
    const [head, unprotected, payload, signature] = message.contents as [Uint8Array, Map<number, unknown>, Uint8Array, Uint8Array];
    const protect = asMap(decode(head));
    expect(protect.get(1)).toBe(-7);
    expect(protect.get(16)).toBe("application/statuslist+cwt");
    expect(asMap(unprotected).size).toBe(0);
    const jwks = ((await (await service.fetch(`${service.url}/.well-known/jwt-vc-issuer`)).json()) as { jwks: { keys: (JsonWebKey & { kid: string })[] } }).jwks;
    const kid = Buffer.from(protect.get(4) as Uint8Array).toString("base64url");
    const key = createPublicKey({ key: jwks.keys.find((one) => one.kid === kid)!, format: "jwk" });
    const input = encode(["Signature1", head, new Uint8Array(), payload]);
    expect(verify("sha256", input, { key, dsaEncoding: "ieee-p1363" }, signature)).toBe(true);
    const claims = asMap(decode(payload));
    expect(claims.get(2)).toBe(uri);
    expect(claims.get(4)).toBeGreaterThan(Date.now() / 1000);
    expect(claims.get(65534)).toBe(300);
    const list = getListFromStatusListJWT(jwt);
    const of_cwt = bitsOfCwt(cwt);
    expect(of_cwt.getBitsPerStatus()).toBe(list.getBitsPerStatus());
    expect(of_cwt.statusList).toEqual(list.statusList);
    expect(list.statusList[idx]).toBe(1);
    expect(list.statusList.length).toBeGreaterThan(100_000);
  });
});

function statusOf(credential: string): { uri: string; idx: number } {
  const payload = JSON.parse(Buffer.from(credential.split(".")[1]!, "base64url").toString()) as { status: { status_list: { uri: string; idx: number } } };
  return payload.status.status_list;
}

async function fetchList(uri: string): Promise<string> {
  const answer = await service.fetch(uri, { headers: { accept: "application/statuslist+jwt" } });
  expect(answer.headers.get("content-type")).toBe("application/statuslist+jwt");
  return answer.text();
}

async function fetchCwt(uri: string): Promise<Uint8Array> {
  const answer = await service.fetch(uri, { headers: { accept: "application/statuslist+cwt" } });
  expect(answer.headers.get("content-type")).toBe("application/statuslist+cwt");
  return new Uint8Array(await answer.arrayBuffer());
}

const asMap = (value: unknown): Map<unknown, unknown> => (value instanceof Map ? value : new Map(Object.entries(value as object)));

/** The list of a CWT, in the third-party class that also reads the JWT's. */
function bitsOfCwt(cwt: Uint8Array): StatusList {
  const claims = asMap(decode(((decode(cwt) as Tag).contents as Uint8Array[])[2]!));
  const { bits, lst } = Object.fromEntries(asMap(claims.get(65533))) as { bits: 1 | 2 | 4 | 8; lst: Uint8Array };
  expect(inflateSync(lst).length).toBe(32_768);
  return StatusList.decompressStatusList(Buffer.from(lst).toString("base64url"), bits);
}

describe("the standard's own errors", () => {
  interface Offer {
    readonly code: string;
    readonly tx_code: string;
  }
  const offer = async (): Promise<Offer> => {
    const { offer_uri, tx_code } = await invite(service);
    const found = (await (await service.fetch(new URL(offer_uri).searchParams.get("credential_offer_uri")!)).json()) as { grants: Record<string, { "pre-authorized_code": string }> };
    return { code: found.grants[preAuthorizedCodeGrantIdentifier]!["pre-authorized_code"], tx_code };
  };
  const askToken = ({ code, tx_code }: Partial<Offer>): Promise<Response> => service.fetch(`${service.url}/credentials/token`, {
    method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ grant_type: preAuthorizedCodeGrantIdentifier, "pre-authorized_code": code ?? "", ...(tx_code === undefined ? {} : { tx_code }) }).toString(),
  });
  const token = async (): Promise<string> => ((await (await askToken(await offer())).json()) as { access_token: string }).access_token;
  const newNonce = async (): Promise<string> => ((await (await service.fetch(`${service.url}/credentials/nonce`, { method: "POST" })).json()) as { c_nonce: string }).c_nonce;
  const proof = async (keys: Keys, payload: object, jwk: JsonWebKey = keys.publicKey): Promise<string> =>
    signed({ typ: "openid4vci-proof+jwt", alg: "ES256", jwk }, { aud: service.url, iat: Math.floor(Date.now() / 1000), ...payload }, keys);
  const ask = (access: string | null, body: unknown): Promise<Response> => service.fetch(`${service.url}/credentials/credential`, {
    method: "POST", headers: { "content-type": "application/json", ...(access === null ? {} : { authorization: `Bearer ${access}` }) }, body: JSON.stringify(body),
  });
  const withProof = (jwt: string): object => ({ credential_configuration_id: SD_JWT, proofs: { jwt: [jwt] } });
  async function refused(answer: Response, status: number, error: string): Promise<void> {
    const said = (await answer.json()) as { error: string; error_description: string };
    expect([answer.status, said.error]).toEqual([status, error]);
    expect(answer.headers.get("cache-control")).toContain("no-store");
    expect(answer.headers.get("content-type")).toContain("application/json");
    expect(said.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
  }

  it("of the token endpoint", async () => {
    const mine = await offer();
    await refused(await askToken({ code: mine.code }), 400, "invalid_request"); // no digits
    await refused(await askToken({ ...mine, tx_code: mine.tx_code === "000000" ? "111111" : "000000" }), 400, "invalid_grant");
    await refused(await askToken({ code: "nobody-knows-this", tx_code: "123456" }), 400, "invalid_grant");
    expect((await askToken(mine)).status, "one wrong try is forgiven").toBe(200);
    await refused(await askToken(mine), 400, "invalid_grant"); // used
    await refused(await service.fetch(`${service.url}/credentials/token`, { method: "POST", body: new URLSearchParams({ grant_type: "authorization_code", code: "x" }).toString(), headers: { "content-type": "application/x-www-form-urlencoded" } }), 400, "unsupported_grant_type");
  });

  it("of the credential endpoint", async () => {
    const access = await token();
    const keys = await newKeys();
    // Of no form, of our form and another's making, and ours with its time moved: an old one that was made young.
    const moved = Buffer.from(await newNonce(), "base64url");
    moved.writeBigInt64BE(moved.readBigInt64BE(0) + 60n, 0);
    for (const nonce of ["made-up", Buffer.concat([moved.subarray(0, 16), randomBytes(16)]).toString("base64url"), moved.toString("base64url")]) {
      await refused(await ask(access, withProof(await proof(keys, { nonce }))), 400, "invalid_nonce");
    }
    await refused(await ask(access, withProof(await proof(keys, { nonce: await newNonce(), aud: "https://evil.example" }))), 400, "invalid_proof");
    await refused(await ask(access, withProof(await proof(keys, { nonce: await newNonce() }, keys.privateKey))), 400, "invalid_proof");
    await refused(await ask(access, withProof(await proof(await newKeys(), { nonce: await newNonce() }, keys.publicKey))), 400, "invalid_proof"); // another's key
    await refused(await ask(access, withProof(await proof(keys, { nonce: await newNonce(), iat: Math.floor(Date.now() / 1000) - 3 * 86_400 }))), 400, "invalid_proof");
    await refused(await ask(access, { credential_configuration_id: SD_JWT }), 400, "invalid_proof");
    await refused(await ask(access, { ...withProof(await proof(keys, { nonce: await newNonce() })), credential_configuration_id: "driving_licence" }), 400, "unknown_credential_configuration");
    await refused(await ask(access, { proofs: { jwt: [] } }), 400, "invalid_credential_request");

    const nonce = await newNonce();
    expect((await ask(access, withProof(await proof(keys, { nonce })))).status).toBe(200);
    await refused(await ask(access, withProof(await proof(await newKeys(), { nonce }))), 400, "invalid_nonce"); // used
  });

  it.each([["no token", null], ["a token that nobody gave", "nobody-gave-this"]])("of %s", async (_name, access) => {
    const answer = await ask(access, withProof(await proof(await newKeys(), { nonce: await newNonce() })));
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer\b/);
    await refused(answer, 401, "invalid_token");
  });
});
