import { afterEach, expect, it } from "vitest";
import { setLanguage } from "./index.js";
import { monthText } from "./month_text.js";

afterEach(() => setLanguage("ru"));

it.each([["2027-03-31", "март 2027 года", "March 2027"], ["2027-01", "январь 2027 года", "January 2027"], ["2030-12-01", "декабрь 2030 года", "December 2030"]])(
  "%s", (day, russian, english) => {
    expect(monthText(day)).toBe(russian);
    setLanguage("en");
    expect(monthText(day)).toBe(english);
  });
