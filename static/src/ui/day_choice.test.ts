import { describe, expect, it } from "vitest";
import { dayOf, isPastDay } from "./day_choice.js";

const NOW = new Date(2027, 2, 1, 0, 30); // half past midnight, local

describe("dayOf", () => {
  it("is the day on the person's own calendar, across the ends of months", () => {
    expect(dayOf(NOW)).toBe("2027-03-01");
    expect(dayOf(NOW, 1)).toBe("2027-02-28");
  });
});

describe("isPastDay", () => {
  it.each([["2027-03-01", true], ["2027-02-27", true], ["2027-03-02", false], ["2020-01-01", false], ["", false], ["вчера", false]])("%s: %s", (day, is) => {
    expect(isPastDay(day, NOW)).toBe(is);
  });
});
