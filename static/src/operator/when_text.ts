import { ageText } from "../i18n/age_text.js";
import { locale } from "../i18n/index.js";

/** A moment as a day and an hour of this desk: «13 нояб. 2026 г., 12:30». */
export function momentText(at: string | null): string {
  const moment = new Date(at ?? "");
  if (Number.isNaN(moment.getTime())) return at ?? "";
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(moment);
}

/** How long ago. */
export function agoText(at: string | null, now_ms = Date.now()): string {
  const moment_ms = Date.parse(at ?? "");
  return Number.isNaN(moment_ms) ? (at ?? "") : ageText(Math.max(0, now_ms - moment_ms));
}
