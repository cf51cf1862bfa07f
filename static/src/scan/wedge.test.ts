import { describe, expect, it } from "vitest";
import { PAUSE_MS, Wedge } from "./wedge.js";

const type = (wedge: Wedge, text: string, gap_ms: number, from_ms = 0): number => {
  let at_ms = from_ms;
  for (const key of text) {
    expect(wedge.press({ key, code: "", shiftKey: false }, at_ms)).toBeNull();
    at_ms += gap_ms;
  }
  return at_ms;
};
const ENTER = { key: "Enter", code: "Enter", shiftKey: false };

describe("a scanner", () => {
  it("ends with Enter", () => {
    const wedge = new Wedge();
    const at_ms = type(wedge, "HTTPS://B.RU/Q#AB", 8);
    expect(wedge.press(ENTER, at_ms)?.[0]).toBe("HTTPS://B.RU/Q#AB");
    expect(wedge.press(ENTER, at_ms + 5)).toBeNull();
  });

  it("ends with a pause when it sends no Enter", () => {
    const wedge = new Wedge();
    const at_ms = type(wedge, "HTTPS://B.RU/Q#AB", 50);
    expect(wedge.pause(at_ms - 50 + PAUSE_MS - 1)).toBeNull();
    expect(wedge.pause(at_ms - 50 + PAUSE_MS)?.[0]).toBe("HTTPS://B.RU/Q#AB");
    expect(wedge.pause(at_ms + 10_000)).toBeNull();
  });

  it("lets Shift and its like pass, and gives the keys as a second reading", () => {
    const wedge = new Wedge();
    "HTTPS:".split("").forEach((sign, index) => {
      wedge.press({ key: "Shift", code: "ShiftLeft", shiftKey: true }, index * 10);
      wedge.press({ key: sign === ":" ? "Ж" : "я", code: sign === ":" ? "Semicolon" : `Key${sign}`, shiftKey: true }, index * 10 + 1);
    });
    expect(wedge.press(ENTER, 70)).toEqual(["яяяяяЖ", "HTTPS:"]);
  });

  it("comes twice in a row", () => {
    const wedge = new Wedge();
    expect(wedge.press(ENTER, type(wedge, "FIRST-1", 5))?.[0]).toBe("FIRST-1");
    expect(wedge.press(ENTER, type(wedge, "SECOND-2", 5, 100))?.[0]).toBe("SECOND-2");
  });
});

describe("a person", () => {
  it("is too slow to be one", () => {
    const wedge = new Wedge();
    expect(wedge.press(ENTER, type(wedge, "K7QM-2XPD", 600))).toBeNull();
  });

  it("may press a few keys fast, and Enter much later", () => {
    const wedge = new Wedge();
    expect(wedge.press(ENTER, type(wedge, "ASDF", 20))).toBeNull();
    expect(wedge.press(ENTER, type(wedge, "ASDFGHJK", 20) + 1000)).toBeNull();
  });
});
