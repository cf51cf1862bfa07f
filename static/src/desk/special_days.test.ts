import { expect, it } from "vitest";
import { readSpecialDays, writeSpecialDays } from "./special_days.js";

it("special days become rows and text again", () => {
  const text = "2027-01-01 closed; 2027-01-02 11:00-16:00";
  expect(writeSpecialDays(readSpecialDays(text)!)).toBe(text);
  expect(readSpecialDays("")).toEqual([]);
  expect(readSpecialDays("Новый год выходной")).toBeNull();
  expect(writeSpecialDays([{ date: "", closed: true, from: "", to: "" }])).toBe("");
});
