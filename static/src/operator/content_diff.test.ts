import { afterEach, describe, expect, it } from "vitest";
import "../i18n/operator_words.js";
import { setLanguage } from "../i18n/index.js";
import { benefitSentence } from "./benefit_sentence.js";
import { changedFields, contentDiff } from "./content_diff.js";
import { fieldName } from "./content_words.js";

const KNOWN = [{ code: "museum", ru: "Музеи", en: "Museums", aliases: [], count: 1 }];
const PLACE = { name: "Музей", category: "museum", lon: 41.96, lat: 45.03, phone: "+78652260000", benefits: [{ kind: "free", value: null, title: "Вход" }] };

afterEach(() => setLanguage("ru"));

describe("contentDiff", () => {
  it("names what changed alone, in the order of reading", () => {
    const rows = changedFields(contentDiff(PLACE, { ...PLACE, phone: "+78652260001", name: "Музей края" }, KNOWN));
    expect(rows.map(({ field, before, after }) => [field, before, after])).toEqual([
      ["name", "Музей", "Музей края"], ["phone", "+78652260000", "+78652260001"],
    ]);
  });

  it("takes lon and lat for one thing, and says how far it moved", () => {
    const [row] = changedFields(contentDiff(PLACE, { ...PLACE, lat: 45.04 }, KNOWN));
    expect(row?.field).toBe("position");
    expect(row?.moved_m).toBeGreaterThan(1100);
    expect(row?.moved_m).toBeLessThan(1120);
  });

  it("shows codes as words, and hours both ways", () => {
    const rows = contentDiff(null, { category: "museum", wheelchair: "limited", opening_hours: "Mo-Fr 10:00-18:00", hours_unknown: false }, KNOWN);
    expect(rows.map(({ field, after, code_after }) => [field, after, code_after])).toEqual([
      ["category", "Музеи", ""], ["opening_hours", "пн–пт 10:00–18:00", "Mo-Fr 10:00-18:00"], ["wheelchair", "Частично", ""],
    ]);
  });

  it("drops no field that it does not know", () => {
    expect(contentDiff(null, { colour: "red", audience: ["children"] }, KNOWN).map(({ field, after }) => [field, after])).toEqual([
      ["audience", '["children"]'], ["colour", "red"],
    ]);
    expect(fieldName("colour")).toBe("colour");
    expect(fieldName("lat")).toBe(fieldName("position"));
    expect(fieldName("benefits[0].value")).toBe("Льготы");
  });

  it("sees a field that goes", () => {
    const [row] = changedFields(contentDiff({ ...PLACE, website: "https://a.example" }, PLACE, KNOWN));
    expect([row?.field, row?.before, row?.after]).toEqual(["website", "https://a.example", ""]);
  });
});

describe("benefitSentence", () => {
  it("says kind, terms, hours and dates", () => {
    expect(benefitSentence({ kind: "percent", value: 10, title: "Билеты", terms: "по будням", hours: "Mo-Fr 10:00-14:00", from: "2027-01-01", to: null }).replaceAll("\u00a0", " "))
      .toBe("Скидка 10 % — Билеты. Условия: по будням. Когда: пн–пт 10:00–14:00. Действует с 1 января 2027 г.");
  });

  it("does with what there is", () => {
    expect(benefitSentence({ title: "Бесплатно", kind: "free" })).toBe("Бесплатно.");
    expect(benefitSentence({})).toBe("Льготу уточните на месте.");
    setLanguage("en");
    expect(benefitSentence({ title: "Вход", kind: "free" })).toBe("Free — Вход.");
  });
});
