import { describe, expect, it } from "vitest";
import { doubledDays, freeDays, NEW_ROW, readHours, rowFault, writeDays, writeHours, type HoursRow } from "./hours_form.js";

const row = (given: Partial<HoursRow>): HoursRow => ({ ...NEW_ROW, days: ["Mo"], ...given });

describe("the form writes OSM text", () => {
  it("days, breaks, closed days", () => {
    expect(writeHours([
      row({ days: ["Mo", "Tu", "We", "Th", "Fr"], pause: { from: "13:00", to: "14:00" } }),
      row({ days: ["Sa"], from: "10:00", to: "14:00" }),
      row({ days: ["Su", "PH"], kind: "closed" }),
    ])).toBe("Mo-Fr 09:00-13:00,14:00-18:00; Sa 10:00-14:00; Su,PH off");
  });

  it("remarks become comments", () => {
    expect(writeHours([row({ days: ["Tu"], from: "10:00", last_entry: "17:30" }), row({ days: ["We"], from: "10:00", groups_only: true })]))
      .toBe('Tu 10:00-18:00 "последний вход 17:30"; We 10:00-18:00 "только группы"');
  });

  it("round the clock is 24/7 when it is every day", () => {
    expect(writeHours([row({ days: ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"], kind: "all_day" })])).toBe("24/7");
    expect(writeHours([row({ days: ["Sa", "Su"], kind: "all_day" })])).toBe("Sa,Su 00:00-24:00");
  });

  it("leaves out what is not complete", () => {
    expect(writeHours([row({}), row({ days: [] }), row({ days: ["Tu"], from: "" })])).toBe("Mo 09:00-18:00");
  });
});

describe("a text becomes a form", () => {
  it.each([
    "Mo-Fr 09:00-18:00", "Mo-Fr 09:00-13:00,14:00-18:00; Sa 10:00-14:00; Su,PH off", "24/7", "Fr,Sa 11:00-02:00",
    'Tu 10:00-18:00 "последний вход 17:30"; We 10:00-18:00 "только группы, последний вход 17:00"', "Sa,Su 00:00-24:00", "",
  ])("and back: %s", (text) => expect(writeHours(readHours(text)!)).toBe(text));

  it("of ranges over the week's end, short hours and spaces", () => {
    expect(readHours("Sa-Mo 9:00 - 18:00;")).toEqual([row({ days: ["Mo", "Sa", "Su"] })]);
  });

  it.each([
    "пн-пт 9-18", "Mo-Fr 09:00-18:00; Fr 09:00-16:00", "Jan Mo 09:00-18:00", 'Mo "по записи"', 'Mo 09:00-18:00 "по записи"', "Mo[1] 10:00-12:00",
    "Mo 09:00-12:00,13:00-15:00,16:00-18:00", "sunrise-sunset", "Mo 18:00+", "Mo 25:00-26:00", "Mo 10:00-10:00", "Xx 10:00-12:00",
  ])("or stays a text: %s", (text) => expect(readHours(text)).toBeNull());
});

describe("rows", () => {
  it("say what they still need", () => {
    expect(rowFault(row({ days: [] }))).toBe("days");
    expect(rowFault(row({ to: "" }))).toBe("times");
    expect(rowFault(row({ pause: { from: "08:00", to: "09:30" } }))).toBe("pause");
    expect(rowFault(row({ kind: "closed", from: "" }))).toBeNull();
  });
  it("know doubled and free days", () => {
    const rows = [row({ days: ["Mo", "Tu"] }), row({ days: ["Tu", "We"] })];
    expect(doubledDays(rows)).toEqual(["Tu"]);
    expect(freeDays(rows)).toEqual(["Th", "Fr", "Sa", "Su"]);
  });
  it("write neighbours as a range", () => expect(writeDays(["Mo", "Tu", "Th", "Fr", "Sa", "PH"])).toBe("Mo,Tu,Th-Sa,PH"));
});
