import { afterEach, describe, expect, it, vi } from "vitest";
import { categories, location, nearest, NoAnswerError, ProblemError, search, viewport } from "./client.js";

const FROM = { lon: 41.96338749, lat: 45.03616951 };
const QUERY = { from: FROM, limit: 20, categories: [], openNow: false, free: false };
const never = new AbortController().signal;

function answerWith(body: string, status = 200): ReturnType<typeof vi.fn> {
  const fake = vi.fn(async (_path: string, _init: RequestInit) => new Response(body, { status }));
  vi.stubGlobal("fetch", fake);
  return fake;
}

function sent(fake: ReturnType<typeof vi.fn>): { path: string; init: RequestInit } {
  const [path, init] = fake.mock.calls[0] as [string, RequestInit];
  return { path, init };
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(() => expect.unreachable("it should have failed"), (error: unknown) => error);
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("nearest", () => {
  it("puts the position in the body, with four decimals, and never in the address", async () => {
    const fake = answerWith('{"features":[]}');
    await nearest(QUERY, "ru", never);
    const { path, init } = sent(fake);
    expect(path).toBe("/api/v1/locations/nearest");
    expect(init.method).toBe("POST");
    expect(JSON.parse(init.body as string)).toEqual({ lon: 41.9634, lat: 45.0362, limit: 20, lang: "ru" });
  });

  it("sends a filter only when it is on", async () => {
    const fake = answerWith('{"features":[]}');
    await nearest({ ...QUERY, categories: ["museum", "library"], openNow: true, free: true }, "en", never);
    expect(JSON.parse(sent(fake).init.body as string)).toMatchObject({
      category: ["museum", "library"], open_at: "now", benefit: "free", lang: "en",
    });
  });
});

describe("viewport", () => {
  it("asks for clusters of a zoom, and for plain places without one", async () => {
    const area = { bbox: [41.9, 45, 42, 45.1] as const, categories: ["museum", "library"], openNow: true, free: true };
    const fake = answerWith('{"features":[]}');
    await viewport({ ...area, zoom: 13, min_seq: 7 }, "ru", never);
    await viewport({ ...area, zoom: null, limit: 100 }, "en", never);
    const query = (call: number): Record<string, string> =>
      Object.fromEntries(new URL((fake.mock.calls[call] as [string])[0], "http://x").searchParams);
    const filters = { bbox: "41.9,45,42,45.1", category: "museum,library", open_at: "now", benefit: "free" };
    expect(query(0)).toEqual({ ...filters, zoom: "13", min_seq: "7", lang: "ru" });
    expect(query(1)).toEqual({ ...filters, limit: "100", lang: "en" });
  });
});

describe("errors", () => {
  it("throws the server's problem with its detail as the message", async () => {
    answerWith('{"type":"/problems/not-found","title":"Нет такого места","status":404,"detail":"Места x нет."}', 404);
    const error = await failure(location("x", "ru", never));
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).message).toBe("Места x нет.");
    expect((error as ProblemError).problem.status).toBe(404);
  });

  it("makes a problem of an answer that is not JSON", async () => {
    answerWith("<html>Bad gateway</html>", 502);
    expect(((await failure(categories("ru", never))) as ProblemError).problem.title).toBe("HTTP 502");
  });

  it("says unreadable of a good answer that is not JSON", async () => {
    answerWith("<html>hotel login</html>");
    expect(((await failure(categories("ru", never))) as NoAnswerError).reason).toBe("unreadable");
  });

  it("says unreachable when the network fails", async () => {
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
    const error = await failure(categories("ru", never));
    expect(error).toBeInstanceOf(NoAnswerError);
    expect((error as NoAnswerError).reason).toBe("unreachable");
  });

  it("says timeout after twenty seconds", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", async (_path: string, init: RequestInit) =>
      new Promise((_resolve, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason))));
    const error = failure(categories("ru", never));
    await vi.advanceTimersByTimeAsync(20_001);
    expect(((await error) as NoAnswerError).reason).toBe("timeout");
  });

  it("lets the caller's abort through as an AbortError", async () => {
    vi.stubGlobal("fetch", async (_path: string, init: RequestInit) =>
      new Promise((_resolve, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason))));
    const abort = new AbortController();
    const error = failure(categories("ru", abort.signal));
    abort.abort();
    expect(((await error) as Error).name).toBe("AbortError");
  });
});

describe("addresses", () => {
  it("are percent-encoded", async () => {
    const fake = answerWith('{"results":[]}');
    await search("ст. Лысогорская", FROM, "ru", never);
    const asked = new URL(sent(fake).path, "http://x").searchParams;
    expect(asked.get("q")).toBe("ст. Лысогорская");
    expect([asked.get("lon"), asked.get("lat")], "no finer than a town").toEqual(["42.0", "45.0"]);
    const other = answerWith("{}");
    await location("a/b?c", "ru", never);
    expect(sent(other).path).toBe("/api/v1/locations/a%2Fb%3Fc?lang=ru");
  });
});
