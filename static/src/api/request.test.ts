import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { nearest } from "./client.js";
import { expectKey, NEAREST_PATH, nearestBody } from "./nearest_body.js";
import { askEarly, expectEarly, request, setHost } from "./request.js";

const FROM = { lon: 41.96421234, lat: 45.0344 };
const ALL = { categories: ["museum"], openNow: true, free: true };
const answer = (seq: number): Response => new Response(JSON.stringify({ seq, features: [], complete: true }));
const ask = (): Promise<{ seq: number }> => nearest({ from: FROM, limit: 10, ...ALL }, "ru", new AbortController().signal);
const sent = vi.fn<(address: string, init: RequestInit) => Promise<Response>>(() => Promise.resolve(answer(2)));

beforeEach(() => {
  sent.mockReset().mockImplementation(() => Promise.resolve(answer(2)));
  vi.stubGlobal("fetch", sent);
});
afterEach(() => {
  setHost("");
  vi.unstubAllGlobals();
});

it("an answer that was asked for early is taken once, by the very same question", async () => {
  const key = expectKey(NEAREST_PATH, JSON.stringify(nearestBody(FROM, 10, ALL, "ru")));
  expectEarly(key, Promise.resolve(answer(1)));
  expect((await ask()).seq).toBe(1);
  expect(sent).not.toHaveBeenCalled();
  expect((await ask()).seq).toBe(2);
});

it("what is asked early for a path is asked once, and its failure is the asker's to hear", async () => {
  askEarly("/style/light.json");
  expect(sent).toHaveBeenCalledTimes(1);
  expect(await request("/style/light.json", new AbortController().signal)).toMatchObject({ seq: 2 });
  expect(sent).toHaveBeenCalledTimes(1);
  sent.mockImplementation(() => Promise.reject(new TypeError("no connection")));
  askEarly("/style/dark.json");
  await expect(request("/style/dark.json", new AbortController().signal)).rejects.toThrow("unreachable");
  expect(sent).toHaveBeenCalledTimes(2);
});

it("an early answer that nobody took and that failed is asked for anew", async () => {
  sent.mockImplementationOnce(() => Promise.reject(new TypeError("no connection")));
  askEarly("/style/light.json");
  await Promise.resolve();
  await Promise.resolve();
  expect(await request("/style/light.json", new AbortController().signal)).toMatchObject({ seq: 2 });
});

it("whoever waits for an early answer may leave, and does not wait longer than for any other", async () => {
  vi.useFakeTimers();
  sent.mockImplementation(() => new Promise(() => {}));
  const [leaving, { signal }] = [new AbortController(), new AbortController()];
  askEarly("/style/light.json");
  const left = request("/style/light.json", leaving.signal);
  leaving.abort(new Error("another style"));
  await expect(left).rejects.toThrow("another style");
  askEarly("/style/dark.json");
  const late = expect(request("/style/dark.json", signal)).rejects.toThrow("timeout");
  await vi.advanceTimersByTimeAsync(20_000);
  await late;
  vi.useRealTimers();
});

it("on a stranger's page asks our host, in a body that needs no leave, with four decimals", async () => {
  setHost("https://map.example");
  await ask();
  const [address, init] = sent.mock.calls[0]!;
  expect(address).toBe("https://map.example/api/v1/locations/nearest");
  expect(init).toMatchObject({ method: "POST", credentials: "omit", headers: { "content-type": "text/plain" } });
  expect(init.body).toContain('"lon":41.9642,');
});

it("at home it stays a plain path and JSON", async () => {
  await ask();
  expect(sent.mock.calls[0]).toMatchObject(["/api/v1/locations/nearest", { headers: { "content-type": "application/json" } }]);
});
