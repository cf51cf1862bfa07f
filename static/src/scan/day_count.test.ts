// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { countOf, countOne, dayOf, todaysCount } from "./day_count.js";

beforeEach(() => localStorage.clear());

describe("today's count", () => {
  it("counts all checks and the valid ones", () => {
    countOne(true);
    countOne(false);
    countOne(true);
    expect(todaysCount()).toMatchObject({ checks: 3, valid: 2 });
  });

  it("begins anew at midnight of the device's own calendar", () => {
    vi.useFakeTimers();
    try {
      vi.setSystemTime(new Date(2026, 10, 22, 23, 59));
      countOne(true);
      expect(todaysCount()).toEqual({ day: "2026-11-22", checks: 1, valid: 1 });
      vi.setSystemTime(new Date(2026, 10, 23, 0, 1));
      expect(todaysCount()).toEqual({ day: "2026-11-23", checks: 0, valid: 0 });
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([null, "", "{", "null", "[]", '{"day":"2026-11-22","checks":-1,"valid":0}', '{"day":"2026-11-22","checks":"7","valid":0}'])("is nought after damage: %s", (kept) => {
    expect(countOf(kept, new Date(2026, 10, 22))).toEqual({ day: "2026-11-22", checks: 0, valid: 0 });
  });

  it("writes days so that they sort", () => expect(dayOf(new Date(2027, 0, 3))).toBe("2027-01-03"));
});
