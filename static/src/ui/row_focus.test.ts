import { expect, it } from "vitest";
import { nextAfter } from "./row_focus.js";

it("after a row stands the one below it, at the end the one above", () => {
  const [a, b, c] = [{ id: "a" }, { id: "b" }, { id: "c" }];
  expect(nextAfter([a, b, c], "b")).toBe("c");
  expect(nextAfter([a, b, c], "c")).toBe("b");
  expect(nextAfter([a], "a")).toBeNull();
});
