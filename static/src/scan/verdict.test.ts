import { describe, expect, it } from "vitest";
import type { Reason } from "../api/verify_client.js";
import { scanEn } from "../i18n/scan_en.js";
import { scanRu } from "../i18n/scan_ru.js";
import { NOTES, SHAKES } from "./sounds.js";
import { ALL_SAID, saidBy, screenOf, type Tone } from "./verdict.js";

/** Every reason of the contract, with the tone a cashier must get. */
const REASONS: Readonly<Record<Reason, Tone>> = {
  code_expired: "again", code_used: "again", code_seen: "again", clock: "again",
  revoked: "no", suspended: "no", right_ended: "no", not_yet: "no", not_ours: "no",
  stale_status: "unsure", old_bundle: "unsure", rate_limited: "unsure",
};
const TONES = Object.keys(NOTES) as Tone[];

describe("the list of verdicts", () => {
  it.each(Object.entries(REASONS) as [Reason, Tone][])("%s is %s", (reason, tone) => {
    expect(screenOf(saidBy({ result: "invalid", reason }, false)).tone).toBe(tone);
  });

  it("has a word and an advice in both languages for everything that can be said", () => {
    for (const said of ALL_SAID) {
      const { word, advice } = screenOf(said);
      for (const words of [scanRu, scanEn] as Readonly<Record<string, unknown>>[]) for (const key of [word, ...advice]) expect(words[key], key).toBeTypeOf("string");
      expect(advice.length > 0, said).toBe(said !== "valid");
    }
  });

  it("is green for the word valid alone", () => {
    expect(ALL_SAID.filter((said) => screenOf(said).tone === "yes")).toEqual(["valid"]);
    expect(saidBy({ result: "valid", reason: null }, false)).toBe("valid");
    for (const reason of [...Object.keys(REASONS), null, "younger", "valid", "toString"] as Reason[]) {
      for (const result of ["invalid", "cannot_check", "perhaps"] as never[]) {
        const tone = screenOf(saidBy({ result, reason }, false)).tone;
        if (reason !== ("valid" as Reason)) expect(tone, String(reason)).not.toBe("yes");
      }
    }
  });

  it("takes a younger reason for what its result says", () => {
    expect(saidBy({ result: "invalid", reason: "younger" as Reason }, false)).toBe("refused");
    expect(saidBy({ result: "cannot_check", reason: null }, false)).toBe("unknown");
  });

  it("does not call misheard digits a foreign code", () => {
    expect(saidBy({ result: "invalid", reason: "not_ours" }, true)).toBe("spoken_wrong");
  });

  it("tells the tones apart by picture, word and sound", () => {
    const pictures = new Map(ALL_SAID.map((said) => [screenOf(said).tone, screenOf(said).picture]));
    expect(new Set(pictures.values()).size).toBe(TONES.length);
    const words = (tone: Tone): string[] => ALL_SAID.filter((said) => screenOf(said).tone === tone).map((said) => scanRu[screenOf(said).word as keyof typeof scanRu] as string);
    for (const one of TONES) for (const other of TONES) if (one !== other) expect(words(one).filter((word) => words(other).includes(word))).toEqual([]);
    const shape = (tone: Tone): string => NOTES[tone].map(({ hz }, index, all) => Math.sign(hz - (all[index - 1]?.hz ?? hz))).join();
    expect([shape("yes"), shape("no")]).toEqual(["0,1", "0,-1"]);
    expect([NOTES.again.length, NOTES.unsure.length]).toEqual([1, 1]);
    expect(NOTES.again[0]!.hz).toBeGreaterThan(NOTES.unsure[0]!.hz * 3);
    expect(new Set(Object.values(SHAKES).map(String)).size).toBe(TONES.length);
  });

  it("is heard within half a second or little more", () => {
    for (const notes of Object.values(NOTES)) for (const { at_s, lasts_s } of notes) expect(at_s + lasts_s).toBeLessThan(0.6);
  });
});
