/**
 * Opening hours as a form, and the OSM text it writes. The form writes a text always; a text becomes a form when it is
 * of the form's shape (`readHours` gives null otherwise, and the text stays as it was typed).
 *
 * A row is some days with one stretch of time, a break in it, and two remarks that become OSM comments:
 * `Tu 10:00-18:00 "последний вход 17:30"; We 10:00-18:00 "только группы"`.
 */
export const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH"] as const;
export type Day = (typeof DAYS)[number];
const WEEKDAYS = DAYS.slice(0, 7);

export interface HoursRow {
  readonly days: readonly Day[];
  readonly kind: "times" | "all_day" | "closed";
  readonly from: string;
  readonly to: string;
  readonly pause: { readonly from: string; readonly to: string } | null;
  /** The time of the last entry, or empty. */
  readonly last_entry: string;
  readonly groups_only: boolean;
}

export const NEW_ROW: HoursRow = { days: [], kind: "times", from: "09:00", to: "18:00", pause: null, last_entry: "", groups_only: false };

const GROUPS = "только группы";
const LAST_ENTRY = "последний вход";

/** Rows that are not complete yet are left out. */
export function writeHours(rows: readonly HoursRow[]): string {
  const whole = rows.filter((row) => rowFault(row) === null);
  const [only] = whole;
  if (whole.length === 1 && only?.kind === "all_day" && WEEKDAYS.every((day) => only.days.includes(day)) && remarks(only) === "") return "24/7";
  return whole.map((row) => `${writeDays(row.days)} ${times(row)}${remarks(row)}`).join("; ");
}

export type RowFault = "days" | "times" | "pause";

/** Why a row cannot be written yet. A stretch may run past midnight, and then has no break. */
export function rowFault({ days, kind, from, to, pause }: HoursRow): RowFault | null {
  if (days.length === 0) return "days";
  if (kind !== "times") return null;
  if (!isTime(from) || !isTime(to) || from === to) return "times";
  if (pause !== null && !(isTime(pause.from) && isTime(pause.to) && from < pause.from && pause.from < pause.to && pause.to < to)) return "pause";
  return null;
}

/** Days that stand in more than one row: in OSM syntax the later row wins. */
export function doubledDays(rows: readonly HoursRow[]): Day[] {
  return DAYS.filter((day) => rows.filter(({ days }) => days.includes(day)).length > 1);
}

export function freeDays(rows: readonly HoursRow[]): Day[] {
  return WEEKDAYS.filter((day) => !rows.some(({ days }) => days.includes(day)));
}

export function readHours(text: string): HoursRow[] | null {
  const trimmed = text.trim().replace(/;$/, "");
  if (trimmed === "") return [];
  if (trimmed === "24/7") return [{ ...NEW_ROW, days: WEEKDAYS, kind: "all_day" }];
  const rows: HoursRow[] = [];
  for (const rule of splitRules(trimmed)) {
    const row = readRule(rule.trim());
    if (row === null) return null;
    rows.push(row);
  }
  return doubledDays(rows).length === 0 ? rows : null;
}

function readRule(rule: string): HoursRow | null {
  const parts = /^((?:[A-Z][A-Za-z])(?:\s*[-,]\s*[A-Z][A-Za-z])*)\s+(off|closed|\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}(?:\s*,\s*\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2})?)(?:\s+"([^"]*)")?$/.exec(rule);
  const days = parts === null ? null : readDays(parts[1] ?? "");
  if (parts === null || days === null) return null;
  const said = readRemarks(parts[3] ?? "");
  if (said === null) return null;
  const body = parts[2] ?? "";
  if (body === "off" || body === "closed") return parts[3] === undefined ? { ...NEW_ROW, days, kind: "closed" } : null;
  const [first, second] = body.split(",").map((span) => span.split("-").map((time) => time.trim().padStart(5, "0")) as [string, string]);
  if (first === undefined) return null;
  if (second === undefined) {
    const allDay = first[0] === "00:00" && first[1] === "24:00";
    const row: HoursRow = allDay ? { ...NEW_ROW, days, kind: "all_day", ...said } : { ...NEW_ROW, days, from: first[0], to: first[1], ...said };
    return rowFault(row) === null ? row : null;
  }
  const row: HoursRow = { ...NEW_ROW, days, from: first[0], to: second[1], pause: { from: first[1], to: second[0] }, ...said };
  return rowFault(row) === null ? row : null;
}

/** «Mo-Fr,PH»: three neighbours and more as a range. */
export function writeDays(days: readonly Day[]): string {
  const parts: string[] = [];
  for (let index = 0; index < 7; index += 1) {
    if (!days.includes(DAYS[index]!)) continue;
    let last = index;
    while (last + 1 < 7 && days.includes(DAYS[last + 1]!)) last += 1;
    if (last - index >= 2) parts.push(`${DAYS[index]}-${DAYS[last]}`);
    else for (let day = index; day <= last; day += 1) parts.push(DAYS[day]!);
    index = last;
  }
  if (days.includes("PH")) parts.push("PH");
  return parts.join(",");
}

function readDays(text: string): Day[] | null {
  const found = new Set<Day>();
  for (const part of text.split(",")) {
    const [from, to] = part.split("-").map((day) => DAYS.indexOf(day.trim() as Day)) as [number, number?];
    if (from < 0 || (to !== undefined && (to < 0 || from === 7 || to === 7)) || part.split("-").length > 2) return null;
    if (to === undefined) found.add(DAYS[from]!);
    else for (let day = from; ; day = (day + 1) % 7) {
      found.add(DAYS[day]!);
      if (day === to) break;
    }
  }
  return DAYS.filter((day) => found.has(day));
}

function times({ kind, from, to, pause }: HoursRow): string {
  if (kind === "closed") return "off";
  if (kind === "all_day") return "00:00-24:00";
  return pause === null ? `${from}-${to}` : `${from}-${pause.from},${pause.to}-${to}`;
}

function remarks({ kind, groups_only, last_entry }: HoursRow): string {
  if (kind === "closed") return "";
  const said = [groups_only ? GROUPS : "", isTime(last_entry) ? `${LAST_ENTRY} ${last_entry}` : ""].filter((text) => text !== "");
  return said.length === 0 ? "" : ` "${said.join(", ")}"`;
}

function readRemarks(comment: string): Pick<HoursRow, "last_entry" | "groups_only"> | null {
  let [last_entry, groups_only] = ["", false];
  for (const part of comment.split(",").map((text) => text.trim().toLowerCase()).filter((text) => text !== "")) {
    const entry = /^последний вход (?:в )?(\d{1,2}:\d{2})$/.exec(part)?.[1]?.padStart(5, "0");
    if (part === GROUPS) groups_only = true;
    else if (entry !== undefined && isTime(entry)) last_entry = entry;
    else return null; // a remark of the partner's own: kept as text
  }
  return { last_entry, groups_only };
}

function splitRules(text: string): string[] {
  return text.match(/(?:[^;"]|"[^"]*")+/g) ?? [];
}

/** 00:00 to 24:00. */
export function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text);
}
