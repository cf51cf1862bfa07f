import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NoAnswerError, OAuthError, ProblemError } from "../api/request.js";
import { againstFake, type Fake } from "../testing/against_fake.js";
import { Device } from "./device.js";
import { Issuing, StrangeOfferError } from "./issue.js";
import { Keep } from "./keep.js";
import { readOfferLink } from "./offer.js";
import { ServerClock } from "./server_clock.js";

const never = new AbortController().signal;
let fake: Fake;
let keep: Keep;
let tx_code: string;
let issuing: Issuing;

beforeEach(async () => {
  fake = await againstFake();
  keep = new Keep();
  const invitation = await fake.post<{ wallet_url: string; tx_code: string }>("/fake/invite");
  const link = readOfferLink(invitation.wallet_url, fake.url);
  ({ tx_code } = invitation);
  issuing = new Issuing(link.kind === "offer" ? link.path : "", keep);
});

afterEach(() => fake.close());

const failure = (work: Promise<unknown>): Promise<unknown> => work.then(() => expect.unreachable("it should have failed"), (error: unknown) => error);
const wrong = (): string => (tx_code === "000000" ? "111111" : "000000");

describe("an invitation", () => {
  it("becomes two credentials, ten copies and a wallet that opens the routes", async () => {
    expect((await issuing.look(never)).tx_code).toEqual({ length: 6 });
    const wallet = await issuing.run(tx_code, never);
    expect(fake.sent).toEqual([
      "GET /credentials/offers/… 200", "GET /.well-known/openid-credential-issuer 200", "POST /credentials/token 200",
      "POST /credentials/nonce 200", "POST /credentials/credential 200", "POST /credentials/notification 204",
      "POST /credentials/nonce 200", "POST /credentials/credential 200", "POST /credentials/notification 204",
    ]);
    expect([wallet.credentials.length, wallet.copies.length]).toEqual([2, 10]);
    expect(wallet.credentials[0]?.key.jwk, "the first key is the device's").toEqual(wallet.deviceKey.jwk);
    const keys = [...wallet.credentials, ...wallet.copies].map(({ key }) => key.jwk.x);
    expect(new Set(keys).size, "a key for each").toBe(12);

    const kept = (await new Keep().all()).wallet; // as the next visit finds it
    expect(kept?.deviceKey.privateKey.extractable).toBe(false);
    const codes = await new Device(kept!, new ServerClock()).codes(never);
    expect(codes.codes).toHaveLength(10);
  });

  it("is dead after three wrong codes", async () => {
    await issuing.look(never);
    for (let count = 0; count < 3; count += 1) expect(await failure(issuing.run(wrong(), never))).toMatchObject({ name: "OAuthError", error: "invalid_grant" });
    const error = await failure(issuing.look(never));
    expect((error as ProblemError).kind).toBe("no-offer");
    expect(await failure(issuing.run(tx_code, never))).toBeInstanceOf(OAuthError);
    expect((await keep.all()).wallet).toBeNull();
  });

  it("goes on where the connection broke, without asking for the code again", async () => {
    await issuing.look(never);
    let broken = true;
    fake.between = (path) => {
      if (path !== "/credentials/credential" || !broken) return null;
      broken = false;
      throw new TypeError("Failed to fetch");
    };
    expect(await failure(issuing.run(tx_code, never))).toBeInstanceOf(NoAnswerError);
    expect(issuing.accepted).toBe(true);
    expect((await issuing.run(null, never)).copies).toHaveLength(10);
    expect(fake.sent.filter((line) => line.includes("/token"))).toHaveLength(1);
  });

  it("is not used up where the browser keeps no keys", async () => {
    vi.stubGlobal("indexedDB", { open: () => { throw new DOMException("denied", "SecurityError"); } });
    expect(await failure(issuing.run(tx_code, never))).toMatchObject({ name: "NoStoreError" });
    expect(fake.sent.filter((line) => line.includes("/token"))).toEqual([]);
  });

  it("gives a wallet even when the copies do not come", async () => {
    let asked = 0;
    fake.between = (path) => (path === "/credentials/credential" && ++asked === 2 ? new Response("no", { status: 500 }) : null);
    const wallet = await issuing.run(tx_code, never);
    expect([wallet.credentials.length, wallet.copies.length]).toEqual([2, 0]);
    expect((await keep.all()).wallet?.credentials).toHaveLength(2);
  });

  it("of another issuer, or for another credential, is not taken", async () => {
    const answer = (change: object) => (path: string) => (path.includes("/offers/")
      ? Response.json({ credential_issuer: fake.url, credential_configuration_ids: ["large_family_sd_jwt"], grants: { "urn:ietf:params:oauth:grant-type:pre-authorized_code": { "pre-authorized_code": "x" } }, ...change })
      : null);
    for (const change of [{ credential_issuer: "https://evil.example" }, { credential_configuration_ids: ["passport"] }, { grants: {} }]) {
      fake.between = answer(change);
      expect(await failure(issuing.look(never))).toBeInstanceOf(StrangeOfferError);
    }
  });
});
