import { t } from "./index.js";

/** How long ago, as people say it: «только что», «5 минут назад», «2 дня назад». */
export function ageText(age_ms: number): string {
  const minutes = Math.floor(age_ms / 60_000);
  if (minutes < 1) return t("age.now");
  if (minutes < 60) return t("age.minutes", { count: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? t("age.hours", { count: hours }) : t("age.days", { count: Math.floor(hours / 24) });
}
