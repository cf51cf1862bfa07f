import { expect, it } from "vitest";
import { Recent } from "./recent.js";

it("takes a code once while it stays in view, and again when it was taken away", () => {
  const recent = new Recent();
  expect(recent.isNews("a", 0)).toBe(true);
  expect(recent.isNews("a", 100)).toBe(true); // nobody took it yet
  recent.took("a", 100);
  for (let at_ms = 200; at_ms < 20_000; at_ms += 100) expect(recent.isNews("a", at_ms)).toBe(false);
  expect(recent.isNews("b", 20_000)).toBe(true);
  expect(recent.isNews("a", 23_000)).toBe(true);
});
