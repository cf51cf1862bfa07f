/** Special days as a form: «2027-01-01 closed; 2027-01-02 11:00-16:00» and its rows. */
import { isTime } from "./hours_form.js";

export interface SpecialDay {
  readonly date: string;
  readonly closed: boolean;
  readonly from: string;
  readonly to: string;
}

export function writeSpecialDays(days: readonly SpecialDay[]): string {
  return days.filter(({ date, closed, from, to }) => isDate(date) && (closed || (isTime(from) && isTime(to) && from !== to)))
    .map(({ date, closed, from, to }) => `${date} ${closed ? "closed" : `${from}-${to}`}`).join("; ");
}

/** null: a text of another shape, to be left as it is. */
export function readSpecialDays(text: string): SpecialDay[] | null {
  const days: SpecialDay[] = [];
  for (const part of text.split(";").map((each) => each.trim()).filter((each) => each !== "")) {
    const [, date = "", body = "", from = "", to = ""] = /^(\d{4}-\d{2}-\d{2}) (closed|off|(\d{2}:\d{2})-(\d{2}:\d{2}))$/.exec(part) ?? [];
    const closed = body === "closed" || body === "off";
    if (!isDate(date) || (!closed && !(isTime(from) && isTime(to)))) return null;
    days.push({ date, closed, from: closed ? "10:00" : from, to: closed ? "18:00" : to });
  }
  return days;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}
