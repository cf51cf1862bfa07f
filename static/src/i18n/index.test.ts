import { afterEach, describe, expect, it } from "vitest";
import { builderEn } from "./builder_en.js";
import { builderRu } from "./builder_ru.js";
import { embedEn } from "./embed_en.js";
import { embedRu } from "./embed_ru.js";
import { cabinetEn } from "./cabinet_en.js";
import { cabinetRu } from "./cabinet_ru.js";
import { deskEn } from "./desk_en.js";
import { deskRu } from "./desk_ru.js";
import { en as everyPageEn } from "./en.js";
import { language, languageOf, Localized, setLanguage, speakingAs, t, type Speaker } from "./index.js";
import { locationEn } from "./location_en.js";
import { locationRu } from "./location_ru.js";
import { operatorEn } from "./operator_en.js";
import { operatorRu } from "./operator_ru.js";
import { ru as everyPage, type Dictionary } from "./ru.js";
import { scanEn } from "./scan_en.js";
import { scanRu } from "./scan_ru.js";
import { walletEn } from "./wallet_en.js";
import { walletRu } from "./wallet_ru.js";

const ru: Dictionary = { ...everyPage, ...operatorRu, ...deskRu, ...locationRu, ...cabinetRu, ...embedRu, ...builderRu, ...scanRu, ...walletRu };
const en: Dictionary = { ...everyPageEn, ...operatorEn, ...deskEn, ...locationEn, ...cabinetEn, ...embedEn, ...builderEn, ...scanEn, ...walletEn };

afterEach(() => setLanguage("ru"));

const holes = (entry: string | Readonly<Record<string, string>>): string[] =>
  (typeof entry === "string" ? [entry] : Object.values(entry)).flatMap((text) => text.match(/\{\w+\}/g) ?? []);

describe("the two languages", () => {
  it("have equal keys", () => {
    expect(Object.keys(en)).toEqual(Object.keys(ru));
  });

  it("leave the same holes under every key, and no text empty", () => {
    for (const [key, entry] of Object.entries(ru)) {
      const other = en[key] ?? "";
      expect(new Set(holes(other)), key).toEqual(new Set(holes(entry)));
      for (const text of [entry, other]) expect(typeof text === "string" ? text.trim() : "forms", key).not.toBe("");
    }
  });

  it.each([["ru", ru], ["en", en]] as [string, Dictionary][])("have every plural form that %s needs", (lang, words) => {
    const needed = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
    for (const [key, entry] of Object.entries(words)) {
      if (typeof entry !== "string") expect(Object.keys(entry).sort(), key).toEqual([...needed].sort());
    }
  });
});

describe("t", () => {
  it("counts in Russian", () => {
    const counted = [0, 1, 2, 5, 11, 12, 21, 22, 25, 101, 111].map((count) => t("list.found", { count }));
    expect(counted).toEqual([
      "Нашлось 0 мест", "Нашлось 1 место", "Нашлось 2 места", "Нашлось 5 мест", "Нашлось 11 мест",
      "Нашлось 12 мест", "Нашлось 21 место", "Нашлось 22 места", "Нашлось 25 мест", "Нашлось 101 место",
      "Нашлось 111 мест",
    ]);
  });

  it("counts in English", () => {
    setLanguage("en");
    expect([1, 2, 21].map((count) => t("list.found", { count }))).toEqual([
      "1 place found", "2 places found", "21 places found",
    ]);
  });

  it("fills in the names it is given", () => {
    expect(t("near.settlement", { name: "Ставрополь" })).toBe("Рядом с: Ставрополь");
  });
});

describe("a speaker", () => {
  const speaker: Speaker = { speaks: "en" };
  /** An element in the shadow tree of another. */
  const inside = (host: object): object => ({ getRootNode: () => ({ host }) });

  it("is heard by all that its shadow tree holds, and by nobody else", () => {
    expect([languageOf(speaker), languageOf(inside(inside(speaker))), languageOf(inside({})), languageOf({})]).toEqual(["en", "en", "ru", "ru"]);
    expect(languageOf({ ...inside(speaker), speaks: "ru" }), "the nearest counts").toBe("ru");
  });

  it("is drawn in its own language while the page stays in its", () => {
    const localized = new Localized({ ...inside(speaker), addController: () => {}, removeController: () => {}, requestUpdate: () => {}, updateComplete: Promise.resolve(true) });
    localized.hostUpdate();
    expect(t("list.found", { count: 2 })).toBe("2 places found");
    localized.hostUpdated();
    expect([language(), t("list.found", { count: 2 })]).toEqual(["ru", "Нашлось 2 места"]);
  });

  it("leaves the page's language as it was also after an error", () => {
    expect(speakingAs(speaker, () => t("list.retry"))).toBe("Try again");
    expect(() => speakingAs(speaker, () => { throw new Error("no"); })).toThrow("no");
    expect(language()).toBe("ru");
  });
});
