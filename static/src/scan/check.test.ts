import { afterEach, describe, expect, it, vi } from "vitest";
import { check } from "./check.js";

const never = new AbortController().signal;
const CODE = { text: "HTTPS://B.RU/Q#AB" };

function answer(body: unknown, status = 200, headers: Record<string, string> = {}): ReturnType<typeof vi.fn> {
  const fake = vi.fn(async (_path: string, _init: RequestInit) => new Response(JSON.stringify(body), { status, headers }));
  vi.stubGlobal("fetch", fake);
  return fake;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("a check", () => {
  it("sends the code in the body with the terminal's token, and nothing in the address", async () => {
    const fake = answer({ result: "valid", reason: null });
    expect(await check(CODE, "rt_1", never)).toMatchObject({ said: "valid" });
    const [path, init] = fake.mock.calls[0] as [string, RequestInit];
    expect(path).toBe("/api/v1/verify");
    expect(JSON.parse(init.body as string)).toEqual(CODE);
    expect(init.headers).toMatchObject({ authorization: "Bearer rt_1" });
  });

  it("is anonymous without a token", async () => {
    const fake = answer({ result: "invalid", reason: "code_used" });
    expect(await check({ ...CODE, check_id: "x" }, null, never)).toMatchObject({ said: "code_used" });
    expect((fake.mock.calls[0] as [string, RequestInit])[1].headers).not.toHaveProperty("authorization");
  });

  it("says how long to wait", async () => {
    answer({ title: "Too many" }, 429, { "retry-after": "42" });
    expect(await check(CODE, null, never)).toEqual({ said: "rate_limited", verdict: null, wait_s: 42 });
  });

  it.each([[503, "no_answer"], [400, "unknown"], [413, "unknown"]])("takes %d for %s", async (status, said) => {
    answer({ title: "No" }, status);
    expect(await check(CODE, "rt_1", never)).toMatchObject({ said });
  });

  it("knows a terminal that was switched off", async () => {
    answer({ title: "Unauthorized" }, 401);
    expect(await check(CODE, "rt_1", never)).toBe("unpaired");
  });

  it("is no connection when nobody answers, and never green", async () => {
    vi.stubGlobal("fetch", vi.fn(async () => { throw new TypeError("Failed to fetch"); }));
    expect(await check(CODE, "rt_1", never)).toMatchObject({ said: "no_connection" });
  });

  it("gives up while the queue still waits", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", vi.fn((_path: string, init: RequestInit) => new Promise((_resolve, reject) => {
      init.signal!.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    })));
    const found = check(CODE, "rt_1", never);
    await vi.advanceTimersByTimeAsync(8100);
    expect(await found).toMatchObject({ said: "no_answer" });
  });

  it("stays the caller's own abort", async () => {
    const own = new AbortController();
    vi.stubGlobal("fetch", vi.fn((_path: string, init: RequestInit) => new Promise((_resolve, reject) => {
      init.signal!.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    })));
    const found = check(CODE, "rt_1", own.signal).catch((error: unknown) => error);
    own.abort();
    expect(await found).toBeInstanceOf(DOMException);
  });
});
