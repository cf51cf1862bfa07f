// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { rememberWay, takeWay } from "./way_back.js";

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

describe("the way back after signing in", () => {
  it("leads to where one was, once", () => {
    rememberWay("/operator?view=places&id=loc-1&lang=en");
    expect(takeWay("/operator")).toBe("/operator?view=places&id=loc-1&lang=en");
    expect(takeWay("/operator")).toBe("/operator");
  });

  it("is of the page that the account belongs to", () => {
    rememberWay("/partner?view=tills");
    expect(takeWay("/operator")).toBe("/operator");
    expect(takeWay("/partner"), "and forgotten").toBe("/partner");
  });

  it("lives as long as a link", () => {
    rememberWay("/partner?view=tills", 0);
    expect(takeWay("/partner", 31 * 60_000)).toBe("/partner");
  });

  it.each(["https://evil.example/operator", "//evil.example/operator", "javascript:alert(1)", "/operator/../wallet", ""])("never leads elsewhere: %s", (way) => {
    rememberWay(way);
    expect(takeWay("/operator")).toBe("/operator");
  });

  it.each(["{", "null", "[]", '{"way":7}', '{"way":"/partner?view=tills"}'])("is none after damage: %s", (text) => {
    localStorage.setItem("ryadom.way_back", text);
    expect(takeWay("/partner")).toBe("/partner");
  });

  it("does without a storage that is forbidden", () => {
    const forbidden = (): never => { throw new DOMException("no", "SecurityError"); };
    vi.stubGlobal("localStorage", { getItem: forbidden, setItem: forbidden });
    rememberWay("/partner?view=tills");
    expect(takeWay("/partner")).toBe("/partner");
  });
});
