import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { nearest } from "./client.js";
import { expectKey, NEAREST_PATH, nearestBody } from "./nearest_body.js";
import { expectEarly, setHost } from "./request.js";

const FROM = { lon: 41.96421234, lat: 45.0344 };
const ALL = { categories: ["museum"], openNow: true, free: true };
const answer = (seq: number): Response => new Response(JSON.stringify({ seq, features: [], complete: true }));
const ask = (): Promise<{ seq: number }> => nearest({ from: FROM, limit: 10, ...ALL }, "ru", new AbortController().signal);
const sent = vi.fn<(address: string, init: RequestInit) => Promise<Response>>(() => Promise.resolve(answer(2)));

beforeEach(() => {
  sent.mockClear();
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
