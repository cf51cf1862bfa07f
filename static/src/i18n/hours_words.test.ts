import { afterEach, describe, expect, it } from "vitest";
import { hoursWords } from "./hours_words.js";
import { setLanguage } from "./index.js";

afterEach(() => setLanguage("ru"));

describe("hoursWords", () => {
  it.each([
    ["Mo-Fr 10:00-18:00; Sa 11:00-16:00; PH off", "пн–пт 10:00–18:00; сб 11:00–16:00; праздники выходной"],
    ["24/7", "круглосуточно"],
    ["Mo,We 10:00-13:00,14:00-18:00", "пн, ср 10:00–13:00, 14:00–18:00"],
    ["2027-01-01 closed; 2027-01-02 11:00-16:00", "2027-01-01 закрыто; 2027-01-02 11:00–16:00"],
    ['Tu 10:00-18:00 "последний вход 17:30"', "вт 10:00–18:00 «последний вход 17:30»"],
    ['We 10:00-18:00 "Mo off"', "ср 10:00–18:00 «Mo off»"],
    ["Jun-Aug Mo-Su 08:00-22:00", "июня–авг. пн–вс 08:00–22:00"],
    ["что угодно", "что угодно"],
  ])("%s", (osm, words) => {
    expect(hoursWords(osm)).toBe(words);
  });

  it("speaks English", () => {
    setLanguage("en");
    expect(hoursWords("Mo-Fr 10:00-18:00; PH off")).toBe("Mon–Fri 10:00–18:00; public holidays closed");
  });
});
