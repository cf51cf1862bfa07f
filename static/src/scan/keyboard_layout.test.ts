import { describe, expect, it } from "vitest";
import { byLatinKeys, byPhysicalKey } from "./keyboard_layout.js";

describe("a scanner under the Russian layout", () => {
  it.each([
    ["РЕЕЗЫЖ..КНФВЩЬюУЧФЬЗДУюКГ.Й№ФЙЦ2К7", "HTTPS://RYADOM.EXAMPLE.RU/Q#AQW2R7"],
    ["реезыЖ..кнфвщьюкг.й№фйц27", "https://ryadom.ru/q#aqw27"],
    ["РЕЕЗЫж..ИЮКГ.Й№Ф", "HTTPS://B.RU/Q#A"], // Caps Lock on
    ["HTTPS^||B.RU|Q#A", "HTTPS://B.RU/Q#A"], // the scanner is Russian, the computer is not
    ["HTTPS://B.RU/Q#A", "HTTPS://B.RU/Q#A"],
  ])("%s is %s", (typed, meant) => {
    expect(byLatinKeys(typed)).toBe(meant);
  });

  it("gives every letter of base32 back", () => {
    const latin = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const russian = "ФИСВУАПРШОЛДЬТЩЗЙКЫЕГМЦЧНЯ";
    expect(byLatinKeys(russian)).toBe(latin);
    expect(byLatinKeys(russian.toLowerCase())).toBe(latin.toLowerCase());
    expect(byLatinKeys("234567")).toBe("234567");
  });
});

it("reads keys whatever the layout makes of them", () => {
  const typed = [["KeyH", true], ["KeyT", false], ["Semicolon", true], ["Slash", false], ["Period", false], ["Digit3", true], ["Digit7", false], ["Numpad4", false], ["Minus", false]] as const;
  expect(typed.map(([code, shift]) => byPhysicalKey(code, shift)).join("")).toBe("Ht:/.#74-");
  expect(byPhysicalKey("F13", false)).toBe("");
});
