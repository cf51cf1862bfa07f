/** How many codes this device checked today. It stays on the device: nobody else needs to know how a till is doing. */
const KEY = "ryadom.scan.today";

export interface DayCount {
  /** The day by the device's own calendar, `2026-11-22`. */
  readonly day: string;
  readonly checks: number;
  readonly valid: number;
}

export function counted(before: DayCount, valid: boolean): DayCount {
  return { ...before, checks: before.checks + 1, valid: before.valid + (valid ? 1 : 0) };
}

export function dayOf(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** What was kept, when it is of this day. */
export function countOf(kept: string | null, now: Date): DayCount {
  const day = dayOf(now);
  try {
    const found = JSON.parse(kept ?? "null") as Partial<DayCount> | null;
    if (found?.day === day && isCount(found.checks) && isCount(found.valid)) return { day, checks: found.checks, valid: found.valid };
  } catch {
    // damaged: begin anew
  }
  return { day, checks: 0, valid: 0 };
}

export function todaysCount(): DayCount {
  try {
    return countOf(localStorage.getItem(KEY), new Date());
  } catch {
    return countOf(null, new Date());
  }
}

export function countOne(valid: boolean): DayCount {
  const next = counted(todaysCount(), valid);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // a private window, or full: then nothing is counted
  }
  return next;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
