import type { DeskBenefit } from "../api/operator_types.js";
import { benefitText } from "../i18n/benefit_text.js";
import { dateText } from "../i18n/hours_text.js";
import { t } from "../i18n/index.js";
import { hoursWords } from "../i18n/hours_words.js";

/** «Скидка 10 % — Вход для семьи. Условия: по будням. Пн–Пт 10:00–14:00. С 1 января 2027 г. по 31 мая 2027 г.» */
export function benefitSentence({ title, kind, value, terms, from, to, hours }: DeskBenefit): string {
  const label = benefitText(kind ?? null, value ?? null);
  const name = title?.trim() ?? "";
  const main = [label, name === label ? "" : name].filter((text) => text !== null && text !== "").join(" — ");
  const dates = from && to ? t("card.valid_range", { from: dateText(from), to: dateText(to) })
    : from ? t("card.valid_from", { from: dateText(from) })
    : to ? t("card.valid_to", { to: dateText(to) })
    : "";
  return [
    main === "" ? t("benefit.none") : main,
    terms ? t("op.benefit_terms", { terms }) : "",
    hours ? t("op.benefit_hours", { hours: hoursWords(hours) }) : "",
    dates === "" ? "" : t("card.valid", { dates }),
  ].filter((text) => text !== "").map((text) => (/[.!?…]$/.test(text) ? text : `${text}.`)).join(" ");
}
