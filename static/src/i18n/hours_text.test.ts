import { afterEach, describe, expect, it } from "vitest";
import { benefitText } from "./benefit_text.js";
import { dateText, dayName, intervalsText, openText, type OpenState } from "./hours_text.js";
import { setLanguage } from "./index.js";

afterEach(() => setLanguage("ru"));

/** As it reads: a space that may not break is a space. */
const said = (state: OpenState, now: Date): string => openText(state, now).replaceAll("\u00a0", " ");

const SUNDAY_NOON = new Date("2026-11-22T12:00:00+03:00");

describe("openText", () => {
  it.each([
    [{ open: null }, "Часы не указаны"],
    [{ open: true }, "Открыто круглосуточно"],
    [{ open: true, open_until: "2026-11-22T18:00:00+03:00" }, "Открыто до 18:00"],
    [{ open: true, open_until: "2026-11-23T02:00:00+03:00" }, "Открыто до 02:00"],
    [{ open: true, open_until: "2026-11-23T22:00:00+03:00" }, "Открыто, закроется завтра в 22:00"],
    [{ open: false }, "Закрыто"],
    [{ open: false, opens_at: null }, "Закрыто"],
    [{ open: false, opens_at: "2026-11-22T14:30:00+03:00" }, "Закрыто, откроется в 14:30"],
    [{ open: false, opens_at: "2026-11-23T10:00:00+03:00" }, "Закрыто, откроется завтра в 10:00"],
    [{ open: false, opens_at: "2026-11-24T10:00:00+03:00" }, "Закрыто, откроется во вторник в 10:00"],
    [{ open: false, opens_at: "2026-11-28T10:00:00+03:00" }, "Закрыто, откроется в субботу в 10:00"],
    [{ open: false, opens_at: "2027-01-12T10:00:00+03:00" }, "Закрыто, откроется 12 января в 10:00"],
  ])("says %o as «%s»", (state, text) => {
    expect(said(state, SUNDAY_NOON)).toBe(text);
  });

  it("counts days by the location's clock, not the reader's", () => {
    // 23:30 on Saturday in Moscow time is already Sunday in Vladivostok, and Sunday's opening there is today's.
    const now = new Date("2026-11-21T23:30:00+03:00");
    expect(said({ open: false, opens_at: "2026-11-22T10:00:00+10:00" }, now)).toBe("Закрыто, откроется в 10:00");
    expect(said({ open: false, opens_at: "2026-11-22T10:00:00+03:00" }, now)).toBe("Закрыто, откроется завтра в 10:00");
  });

  it("speaks English", () => {
    setLanguage("en");
    expect(said({ open: false, opens_at: "2026-11-24T10:00:00+03:00" }, SUNDAY_NOON)).toBe("Closed, opens on Tuesday at 10:00");
    expect(said({ open: true, open_until: "2026-11-22T18:00:00+03:00" }, SUNDAY_NOON)).toBe("Open until 18:00");
  });
});

describe("the week", () => {
  it("writes intervals as the door does", () => {
    expect(intervalsText([])).toBe("выходной");
    expect(intervalsText([{ from: "00:00", to: "24:00" }])).toBe("круглосуточно");
    expect(intervalsText([{ from: "10:00", to: "13:00" }, { from: "14:00", to: "02:00" }])).toBe("10:00–13:00, 14:00–02:00");
  });

  it("names days and dates as written, whatever the reader's zone", () => {
    expect(dayName({ date: "2026-11-22", weekday: "Su", holiday: false, intervals: [] }).weekday).toBe("Воскресенье");
    expect(dateText("2026-01-01")).toMatch(/^1 января 2026/);
    expect(dateText("someday")).toBe("someday");
  });
});

describe("benefitText", () => {
  it("says kind and value", () => {
    setLanguage("en");
    const words = [benefitText("percent", 10), benefitText("fixed", 500), benefitText("free", null), benefitText("gift", null),
      benefitText("price", 100), benefitText("percent", null), benefitText(null, null)];
    expect(words.map((text) => text?.replaceAll(/\s/g, " ") ?? null)).toEqual(
      ["10 % off", "500 ₽ off", "Free", "Gift", "For 100 ₽", "Discount", null]);
  });
});
