import type { ReactiveController } from "lit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { againstFake, type Fake } from "../testing/against_fake.js";
import { Issuing } from "./issue.js";
import { ServerClock } from "./server_clock.js";
import { Session } from "./session.js";

let fake: Fake;
let steady_ms: number;
let session: Session;
let controllers: ReactiveController[];
let page: EventTarget;

/** The session's own ticks come by the real clock; what time it is, it learns from these watches. */
async function opened(): Promise<Session> {
  controllers = [];
  const host = { addController: (one: ReactiveController) => controllers.push(one), removeController: () => {}, requestUpdate: () => {}, updateComplete: Promise.resolve(true) };
  const next = new Session(host, new ServerClock({ steady: () => steady_ms, wall: () => Date.now() }));
  for (const controller of controllers) controller.hostConnected?.();
  await vi.waitFor(() => expect(next.loaded).toBe(true));
  return next;
}

function closed(): void {
  for (const controller of controllers) controller.hostDisconnected?.();
}

beforeEach(async () => {
  steady_ms = 5000;
  page = new EventTarget();
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  fake = await againstFake();
  session = await opened();
  const { wallet_url, tx_code } = await fake.post<{ wallet_url: string; tx_code: string }>("/fake/invite");
  const path = new URL(decodeURIComponent(wallet_url.split("credential_offer_uri=")[1]!)).pathname;
  await session.adopt(await new Issuing(path, session.keep).run(tx_code, new AbortController().signal));
  session.show(true);
  await vi.waitFor(() => expect(session.now.kind).toBe("code"));
});

afterEach(async () => {
  closed();
  await fake.post("/fake/right", { state: "active" });
  fake.close();
});

const text = (): string => (session.now.kind === "none" ? "" : session.now.code.text);
const soon = { timeout: 8000, interval: 50 };

describe("a wallet that is shown", () => {
  it("goes on to the next code when its step begins, by the steady watch", async () => {
    const first = text();
    steady_ms += 30_000;
    await vi.waitFor(() => expect(text()).not.toBe(first), soon);
    expect(session.now.kind).toBe("code");
  });

  it("is old when no more codes come, and good again when they do", async () => {
    fake.between = () => { throw new TypeError("Failed to fetch"); };
    steady_ms += 10 * 30_000 + 20_000;
    await vi.waitFor(() => expect([session.now.kind, session.offline]).toEqual(["old", true]), soon);
    fake.between = null;
    page.dispatchEvent(new Event("online"));
    await vi.waitFor(() => expect([session.now.kind, session.offline]).toEqual(["code", false]), soon);
  });

  it("says when its code was accepted, remembers it, and shows a new one when asked", async () => {
    const first = text();
    await fake.post("/fake/use", { text: first });
    await vi.waitFor(() => expect(session.used?.text).toBe(first), soon);
    expect((await session.keep.all()).uses).toHaveLength(1);
    expect(await session.renew()).toBe(true);
    expect(session.used).toBeNull();
    expect(text()).not.toBe(first);
  }, 15_000);

  it("throws its codes away when the right is suspended, and gets new ones when that ends", async () => {
    await fake.post("/fake/right", { state: "suspended" });
    await session.check();
    expect([session.state, session.now.kind]).toEqual(["suspended", "none"]);
    expect((await session.keep.all()).book, "on the device too").toBeNull();
    await fake.post("/fake/right", { state: "active" });
    await session.check();
    await vi.waitFor(() => expect([session.state, session.now.kind]).toEqual(["active", "code"]), soon);
  });

  it("is found again by the next visit, codes and all, without a connection", async () => {
    const [shown, valid_until] = [text(), session.kept.state?.valid_until];
    await vi.waitFor(async () => expect((await session.keep.all()).book).not.toBeNull());
    closed();
    fake.between = () => { throw new TypeError("Failed to fetch"); };
    steady_ms = 0; // another page: its steady watch begins anew
    session = await opened();
    session.show(true);
    expect([session.now.kind, text()]).toEqual(["code", shown]);
    expect(session.kept.state?.valid_until).toBe(valid_until);
  });

  it("learns from what another screen has met", async () => {
    await fake.post("/fake/right", { state: "ended" });
    const error = await session.device?.recovery(new AbortController().signal).catch((cause: unknown) => cause);
    await session.learnFrom(error);
    expect(session.state).toBe("ended");
  });

  it("knows when the service does not know it any more", async () => {
    await session.device?.forget(new AbortController().signal);
    await session.check();
    expect([session.state, session.now.kind]).toEqual(["unknown", "none"]);
  });
});
