import { describe, expect, it } from "vitest";
import { overlap, readChange, readSeq, touches, type Change, type Watched } from "./touches.js";

const WATCHED: Watched = { ids: new Set(["a"]), area: [41.9, 45, 42, 45.1], seq: 10 };
const change = (given: Partial<Change> = {}): Change => ({ from_seq: 11, to_seq: 12, ids: ["x"], bbox: [50, 50, 50, 50], ...given });

describe("news", () => {
  it("of somewhere else does not concern us", () => {
    expect(touches(change(), WATCHED)).toBe(false);
  });

  it("concerns us by an id that is shown, wherever the place has gone", () => {
    expect(touches(change({ ids: ["x", "a"] }), WATCHED)).toBe(true);
  });

  it("concerns us in our area, and anywhere when we show everything", () => {
    expect(touches(change({ bbox: [41.95, 45.05, 41.95, 45.05] }), WATCHED)).toBe(true);
    expect(touches(change(), { ...WATCHED, area: null })).toBe(true);
    expect(touches(change({ bbox: null }), WATCHED)).toBe(true);
  });

  it("is no news when the answer was younger", () => {
    expect(touches(change({ ids: ["a"], to_seq: 10, from_seq: 9 }), WATCHED)).toBe(false);
  });

  it("with a gap before it may have been about us", () => {
    expect(touches(change({ from_seq: 14, to_seq: 15 }), WATCHED)).toBe(true);
    expect(touches(change({ from_seq: 14, to_seq: 15 }), WATCHED, 13), "all in between was heard").toBe(false);
  });
});

it("areas overlap across the antimeridian", () => {
  expect(overlap([170, -10, -170, 10], [-175, 0, -174, 1])).toBe(true);
  expect(overlap([170, -10, -170, 10], [0, 0, 1, 1])).toBe(false);
  expect(overlap([0, 0, 1, 1], [1, 1, 2, 2]), "edges count").toBe(true);
});

it.each(["", "{}", "null", '{"from_seq":1}'])("takes no change from %s", (data) => {
  expect(readChange(data)).toBeNull();
});

it("reads a change, and one without a place", () => {
  expect(readChange('{"from_seq":1,"to_seq":2,"ids":["a"],"bbox":[1,2,3,4]}')).toEqual({ from_seq: 1, to_seq: 2, ids: ["a"], bbox: [1, 2, 3, 4] });
  expect(readChange('{"from_seq":1,"to_seq":2,"ids":["a"],"bbox":null}')?.bbox).toBeNull();
});

it("reads the number of a greeting", () => {
  expect([readSeq('{"to_seq":7}'), readSeq("{}"), readSeq("")]).toEqual([7, null, null]);
});
