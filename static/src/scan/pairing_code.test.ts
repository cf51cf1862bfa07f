import { describe, expect, it } from "vitest";
import { readPairingCode, readSpoken } from "./pairing_code.js";

describe("a pairing code", () => {
  it.each([
    "K7QM-2XPD", "k7qm-2xpd", "K7QM2XPD", " k7qm 2xpd ", "K7QM — 2XPD", "K7QM_2XPD",
    "К7QМ-2ХРD", // К, М, Х, Р are Cyrillic
    "л7йь-2чзв", "Л7ЙЬ2ЧЗВ", // the Russian layout was on
  ])("is read from %s", (text) => {
    expect(readPairingCode(text)).toBe("K7QM-2XPD");
  });

  it.each(["", "K7QM", "K7QM-2XPD-9", "K7QM-2XP!", "K7QM-2XP☺"])("is not %s", (text) => {
    expect(readPairingCode(text)).toBeNull();
  });
});

describe("spoken digits", () => {
  it.each(["530914", "530 914", " 53-09-14 "])("are read from %s", (text) => expect(readSpoken(text)).toBe("530914"));
  it.each(["", "53091", "5309145", "53091a"])("are not %s", (text) => expect(readSpoken(text)).toBeNull());
});
