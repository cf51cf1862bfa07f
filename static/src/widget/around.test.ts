// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Around } from "./around.js";

const sent: [unknown, string][] = [];
const page = { postMessage: (message: unknown, origin: string) => void sent.push([message, origin]) };
const chosen: (string | null)[] = [];
const filtered: unknown[] = [];
let around: Around;

const say = (data: unknown, origin = "https://site.example", source: unknown = page): void => {
  const event = new MessageEvent("message", { data, origin });
  Object.defineProperty(event, "source", { value: source });
  window.dispatchEvent(event);
};

beforeEach(() => {
  sent.length = chosen.length = filtered.length = 0;
  vi.stubGlobal("parent", page);
  around = new Around({ choose: (id) => void chosen.push(id), filter: (filters) => void filtered.push(filters) });
});
afterEach(() => {
  around.stop();
  vi.unstubAllGlobals();
});

it("tells its height to whoever is around it, and nothing else before a hello", () => {
  around.tell({ ryadom: "height", height_px: 700 });
  around.tell({ ryadom: "map", state: "ready" });
  expect(sent).toEqual([[{ ryadom: "height", height_px: 700 }, "*"]]);
});

it("after a hello tells the rest to that origin alone, the last of each kind first", () => {
  around.tell({ ryadom: "select", id: "a" });
  around.tell({ ryadom: "select", id: "b" });
  say({ ryadom: "hello" });
  around.tell({ ryadom: "map", state: "failed" });
  expect(sent).toEqual([[{ ryadom: "select", id: "b" }, "https://site.example"], [{ ryadom: "map", state: "failed" }, "https://site.example"]]);
});

it("hears its parent alone, and of one origin", () => {
  say({ ryadom: "choose", id: "x" }, "https://site.example", {});
  say({ ryadom: "hello" });
  say({ ryadom: "choose", id: "y" }, "https://other.example");
  say({ ryadom: "choose", id: 7 });
  for (const noise of [null, "text", 1, [], {}, { ryadom: 1 }]) say(noise);
  say({ ryadom: "choose", id: "z" });
  say({ ryadom: "choose", id: null });
  expect(chosen).toEqual(["z", null]);
});

it("takes filters as the address has them", () => {
  say({ ryadom: "filter", category: "museum,<b>", open: "now", benefit: 5 });
  expect(filtered).toEqual([{ categories: ["museum"], openNow: true, free: false }]);
});
