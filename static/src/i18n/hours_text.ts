/**
 * Opening hours in words. Times come with the location's own UTC offset and are read as its wall clock: a parent in
 * another zone still sees what hangs on the door. `now` is handed in, so that tests can say what time it is.
 */
import type { DayHours, Interval } from "../api/types.js";
import { language, locale, t } from "./index.js";

export interface OpenState {
  readonly open: boolean | null;
  readonly open_until?: string | null;
  readonly opens_at?: string | null;
}

/** «Открыто до 18:00», «Закрыто, откроется завтра в 10:00», «Часы не указаны». */
export function openText(state: OpenState, now: Date): string {
  if (state.open === null) return t("open.unknown");
  const change = readWallTime((state.open ? state.open_until : state.opens_at) ?? null, now);
  if (state.open) {
    if (change === null) return t("open.always");
    // A night that ends tomorrow morning is still «до 02:00»; a longer stretch needs its day.
    const soon = change.days === 0 || (change.days === 1 && change.time <= "06:00");
    return soon ? t("open.until", { time: change.time }) : t("open.until_day", { day: dayText(change), time: change.time });
  }
  if (change === null) return t("open.closed");
  if (change.days === 0) return t("open.today", { time: change.time });
  return t("open.later", { day: dayText(change), time: change.time });
}

/** «10:00–13:00, 14:00–18:00», «круглосуточно», «выходной». */
export function intervalsText(intervals: readonly Interval[]): string {
  if (intervals.length === 0) return t("card.hours_closed");
  const [first] = intervals;
  if (intervals.length === 1 && first?.from === "00:00" && (first.to === "24:00" || first.to === "00:00")) {
    return t("card.hours_all_day");
  }
  return intervals.map(({ from, to }) => `${from}–${to}`).join(", ");
}

/** A day's hours, with those that are not certain: «10:00–18:00, возможно 19:00–21:00». */
export function dayHoursText({ intervals, unknown = [] }: DayHours): string {
  if (unknown.length === 0) return intervalsText(intervals);
  const perhaps = t("card.hours_perhaps", { hours: intervalsText(unknown) });
  return intervals.length === 0 ? perhaps : `${intervalsText(intervals)}, ${perhaps}`;
}

/** «Понедельник, 23 ноября» in two parts: the weekday and the date. */
export function dayName(day: DayHours): { weekday: string; date: string } {
  const at = new Date(`${day.date}T00:00:00Z`);
  const weekday = new Intl.DateTimeFormat(locale(), { weekday: "long", timeZone: "UTC" }).format(at);
  const date = new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", timeZone: "UTC" }).format(at);
  return { weekday: weekday.charAt(0).toLocaleUpperCase(locale()) + weekday.slice(1), date };
}

/** «22 ноября 2026 г.» of an ISO date, taken as written. */
export function dateText(date: string): string {
  const at = new Date(`${date.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return date;
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeZone: "UTC" }).format(at);
}

interface WallTime {
  readonly time: string;
  readonly date: Date;
  /** Days from today at the location: 0 is today. */
  readonly days: number;
}

function readWallTime(text: string | null, now: Date): WallTime | null {
  const parts = text === null ? null : /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  if (parts === null) return null;
  const [, day = "", time = "", offset = "Z"] = parts;
  const date = new Date(`${day}T00:00:00Z`);
  const here = new Date(now.getTime() + offsetMs(offset));
  const today = Date.UTC(here.getUTCFullYear(), here.getUTCMonth(), here.getUTCDate());
  return { time, date, days: Math.round((date.getTime() - today) / DAY_MS) };
}

const DAY_MS = 86_400_000;

function offsetMs(offset: string): number {
  if (offset === "Z") return 0;
  const [hours = "0", minutes = "0"] = offset.slice(1).split(":");
  return (offset.startsWith("-") ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

// In Russian the weekday stands in the accusative, which Intl does not give.
const RU_ON = ["в воскресенье", "в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу"];

function dayText({ date, days }: WallTime): string {
  if (days === 1) return t("open.tomorrow");
  if (days > 1 && days < 7) {
    if (language() === "ru") return RU_ON[date.getUTCDay()] ?? "";
    return `on ${new Intl.DateTimeFormat(locale(), { weekday: "long", timeZone: "UTC" }).format(date)}`;
  }
  const text = new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long", timeZone: "UTC" }).format(date);
  return language() === "ru" ? text : `on ${text}`;
}
