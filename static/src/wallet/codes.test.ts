import { describe, expect, it } from "vitest";
import type { Codes } from "../api/wallet_client.js";
import { bookOf, leftOver, showing, wantsMore } from "./codes.js";

const STEP = 59_856_240;
const START = STEP * 30_000;
const answer = (count = 10): Codes => ({
  server_time_ms: START, step_s: 30, grace_s: 15,
  codes: Array.from({ length: count }, (_, index) => ({ step: STEP + index, text: `CODE ${index}` })).reverse(),
});
const book = bookOf(answer());
const text = (now_ms: number): string => {
  const now = showing(book, now_ms);
  return now.kind === "none" ? "none" : `${now.kind} ${now.code.text.slice(5)}`;
};

describe("the code to show", () => {
  it.each([
    ["its step begins", 0, "code 0"],
    ["the last millisecond of its step", 29_999, "code 0"],
    ["the next step begins", 30_000, "code 1"],
    ["the last step begins", 270_000, "code 9"],
    ["the last step has ended, its grace has not", 314_999, "code 9"],
    ["the last grace is over", 315_000, "old 9"],
    ["much later", 9_999_999, "old 9"],
    ["before the first step", -1, "none"],
  ])("%s", (_name, after_ms, expected) => expect(text(START + after_ms)).toBe(expected));

  it("tells what is left of the step", () => {
    expect(showing(book, START + 12_000)).toMatchObject({ left_ms: 18_000, left: 0.6 });
    expect(showing(book, START + 301_000)).toMatchObject({ kind: "code", left_ms: 0, left: 0 });
  });

  it("is nothing without codes, and an old one when nobody knows the time", () => {
    expect(showing(null, START)).toEqual({ kind: "none" });
    expect(showing(bookOf(answer(0)), START)).toEqual({ kind: "none" });
    expect(showing(book, null).kind).toBe("old");
  });
});

describe("more codes", () => {
  it.each([[0, 10, false], [119_999, 7, false], [149_999, 6, false], [150_000, 5, true], [299_999, 1, true], [300_000, 0, true]])(
    "after %i ms %i are left, so more are wanted: %s", (after_ms, left, wanted) => {
      expect(leftOver(book, START + after_ms)).toBe(left);
      expect(wantsMore(book, START + after_ms)).toBe(wanted);
    });

  it("are wanted when there are none, and when nobody knows the time", () => {
    expect(wantsMore(null, START)).toBe(true);
    expect(wantsMore(book, null)).toBe(true);
  });
});
