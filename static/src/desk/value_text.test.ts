import { afterEach, describe, expect, it } from "vitest";
import { locationEn } from "../i18n/location_en.js";
import { locationRu } from "../i18n/location_ru.js";
import { addWords, setLanguage } from "../i18n/index.js";
import { rowName, valueText } from "./value_text.js";
import "./words.js";

addWords({ ru: locationRu, en: locationEn });
afterEach(() => setLanguage("ru"));

const KNOWN = [["museum", "Музеи и выставки", "Museums"], ["cafe", "Кафе и еда", "Food"]].map(([code = "", ru = "", en = ""]) => ({ code, ru, en, aliases: [], count: 1 }));

describe("a value in words", () => {
  it("names categories in the language of the page, and a code that it does not know as it is", () => {
    expect(valueText("category", "cafe", KNOWN)).toBe("Кафе и еда");
    expect(valueText("categories_more", ["cafe", "zeppelin"], KNOWN)).toBe("Кафе и еда, zeppelin");
    setLanguage("en");
    expect(valueText("category", "museum", KNOWN)).toBe("Museums");
  });

  it("tells hours in words, and what is no schedule as it was written", () => {
    expect(valueText("opening_hours", "Mo-Fr 09:00-18:00; Su off")).toBe("пн–пт 09:00–18:00; вс выходной");
    expect(valueText("opening_hours", "как получится")).toBe("как получится");
  });

  it("says what a benefit is, once", () => {
    expect(valueText("benefits", [{ kind: "percent", value: 10, title: "На всё" }])).toBe("Скидка 10\u00a0%, На всё");
    expect(valueText("benefits", [{ kind: "percent", value: 10, title: "Скидка 10 % на хлеб", hours: "Mo-Fr 10:00-14:00" }])).toBe("Скидка 10 % на хлеб, пн–пт 10:00–14:00");
  });
});

it("a place of a chain is told by its address", () => {
  expect(rowName({ name: "Аптека", address: "ул. Мира, 1" })).toBe("Аптека — ул. Мира, 1");
  expect(rowName({ name: null, address: null })).toBe("Без названия");
});
