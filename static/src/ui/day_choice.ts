/** Days as the person's own calendar has them. */
export function dayOf(now: Date, days_ago = 0): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days_ago);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** A day that has been, of the last year: later or earlier ones are slips of the finger. */
export function isPastDay(day: string, now: Date): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && day <= dayOf(now) && day >= dayOf(now, 366);
}
