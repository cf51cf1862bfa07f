import { describe, expect, it } from "vitest";
import { diffText, isReadable, type Part } from "./text_diff.js";

const shown = (parts: readonly Part[]): string => parts.map(({ kind, text }) => (kind === "same" ? text : kind === "ins" ? `[+${text}]` : `[-${text}]`)).join("");
const joined = (parts: readonly Part[], without: Part["kind"]): string => parts.filter(({ kind }) => kind !== without).map(({ text }) => text).join("");

describe("diffText", () => {
  it("marks the word that changed", () => {
    expect(shown(diffText("Скидка 10 % на билеты", "Скидка 15 % на билеты"))).toBe("Скидка [-10][+15] % на билеты");
  });

  it("takes a blank between two changes with them", () => {
    expect(shown(diffText("ул. Мира, 12", "пр. Карла Маркса, 12"))).toBe("[-ул][+пр]. [-Мира][+Карла Маркса], 12");
    expect(shown(diffText("по будням утром", "по выходным днём"))).toBe("по [-будням утром][+выходным днём]");
  });

  it("knows a text that is new, gone or equal", () => {
    expect(shown(diffText("", "новое"))).toBe("[+новое]");
    expect(shown(diffText("старое", ""))).toBe("[-старое]");
    expect(shown(diffText("то же", "то же"))).toBe("то же");
    expect(diffText("", "")).toEqual([]);
  });

  it("gives both texts back, whatever they are", () => {
    const words = ["дети", " ", "до", ",", "18", "\n", "лет", "ё", "<b>", "—"];
    let seed = 7;
    const next = (most: number): number => (seed = (seed * 48271) % 2147483647) % most;
    for (let round = 0; round < 200; round += 1) {
      const text = (): string => Array.from({ length: next(12) }, () => words[next(words.length)]).join("");
      const [before, after] = [text(), text()];
      const parts = diffText(before, after);
      expect(joined(parts, "ins")).toBe(before);
      expect(joined(parts, "del")).toBe(after);
    }
  });

  it("says when two texts have nothing in common", () => {
    expect(isReadable(diffText("Кружок рисования", "Бассейн «Волна»"))).toBe(false);
    expect(isReadable(diffText("Кружок рисования для детей", "Кружок лепки для детей"))).toBe(true);
  });
});
