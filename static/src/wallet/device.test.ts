import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProblemError } from "../api/request.js";
import { againstFake, type Fake } from "../testing/against_fake.js";
import { Device } from "./device.js";
import { Issuing } from "./issue.js";
import { Keep } from "./keep.js";
import { ServerClock } from "./server_clock.js";

const never = new AbortController().signal;
let fake: Fake;
let device: Device;
let clock: ServerClock;

beforeEach(async () => {
  fake = await againstFake();
  const { wallet_url, tx_code } = await fake.post<{ wallet_url: string; tx_code: string }>("/fake/invite");
  const path = new URL(decodeURIComponent(wallet_url.split("credential_offer_uri=")[1]!)).pathname;
  clock = new ServerClock();
  device = new Device(await new Issuing(path, new Keep()).run(tx_code, never), clock);
  fake.sent.length = 0;
});

afterEach(() => fake.close());

describe("a device", () => {
  it("asks for one nonce, and lives on those that answers bring", async () => {
    await device.codes(never);
    await device.state(null, never);
    await device.spoken("4821", never);
    expect(fake.sent).toEqual([
      "POST /credentials/nonce 200", "POST /api/v1/wallet/codes 200", "POST /api/v1/wallet/state 200", "POST /api/v1/wallet/spoken 200",
    ]);
  });

  it("tries again with the nonce it is given, once", async () => {
    const stale = (nonce: string): Response =>
      new Response(JSON.stringify({ type: "/problems/use-nonce", title: "x", status: 401 }), { status: 401, headers: { "dpop-nonce": nonce } });
    const { c_nonce } = await fake.post<{ c_nonce: string }>("/credentials/nonce");
    let refusals = 1;
    fake.between = (path) => (path.endsWith("/state") && refusals-- > 0 ? stale(c_nonce) : null);
    expect((await device.state(null, never)).state).toBe("active");
    refusals = 2;
    const error = await device.state(null, never).catch((cause: unknown) => cause);
    expect((error as ProblemError).kind).toBe("use-nonce");
  });

  it("learns the server's time", async () => {
    expect(clock.now_ms()).toBeNull();
    const { server_time_ms } = await device.codes(never);
    expect(Math.abs((clock.now_ms() ?? 0) - server_time_ms)).toBeLessThan(1000);
  });

  it("learns that a code was accepted, and why there are none any more", async () => {
    const { text } = (await device.codes(never)).codes[0]!;
    expect((await device.state(text, never)).code_used).toBe(false);
    await fake.post("/fake/use", { text });
    expect((await device.state(text, never)).code_used).toBe(true);
    await fake.post("/fake/right", { state: "suspended" });
    expect((await device.state(null, never)).state).toBe("suspended");
    const error = await device.codes(never).catch((cause: unknown) => cause);
    expect((error as ProblemError).kind).toBe("right-suspended");
    await fake.post("/fake/right", { state: "active" });
  });

  it("moves, and is replaced", async () => {
    const { wallet_url, tx_code } = await device.move(never);
    const path = new URL(decodeURIComponent(wallet_url.split("credential_offer_uri=")[1]!)).pathname;
    await new Issuing(path, new Keep()).run(tx_code, never);
    expect((await device.state(null, never)).state).toBe("replaced");
  });

  it("is unknown once it has given its credential back", async () => {
    await device.forget(never);
    const error = await device.state(null, never).catch((cause: unknown) => cause);
    expect((error as ProblemError).kind).toBe("unknown-device");
  });
});
