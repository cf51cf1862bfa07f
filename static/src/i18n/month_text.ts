import { locale } from "./index.js";

/** The month of a day (YYYY-MM-DD or YYYY-MM), as it stands after «по»: «март 2027 года», "March 2027". */
export function monthText(day: string): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  const name = new Intl.DateTimeFormat(locale(), { month: "long", timeZone: "UTC" }).format(Date.UTC(year, month - 1, 1));
  return locale() === "ru-RU" ? `${name} ${year} года` : `${name} ${year}`;
}
