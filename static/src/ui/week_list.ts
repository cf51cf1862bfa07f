import { css, html, nothing, type TemplateResult } from "lit";
import type { DayHours } from "../api/types.js";
import { dayHoursText, dayName } from "../i18n/hours_text.js";
import { language, t } from "../i18n/index.js";

/** The seven days that come, each with its hours, for whoever has to see whether a schedule says what was meant. */
export function weekList(week: readonly DayHours[]): TemplateResult {
  return html`<dl class="week">${week.map((day) => {
    const { weekday, date } = dayName(day);
    return html`<div><dt>${weekday}<small> ${date}${day.holiday ? ` · ${t("card.hours_holiday")}` : ""}</small></dt>
      <dd>${dayHoursText(day)}${day.comment === undefined ? nothing : html` <small lang=${language() === "ru" ? nothing : "ru"}>${day.comment}</small>`}</dd></div>`;
  })}</dl>`;
}

export const weekListStyles = css`
  .week { display: grid; gap: 2px; }
  .week div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
  .week small { color: var(--ink-soft); }
`;
