/** The rows of the hours' form: days, times, and what is rarer folded away. */
import { css, html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { DAYS, doubledDays, freeDays, NEW_ROW, rowFault, type Day, type HoursRow } from "../../src/desk/hours_form.js";
import { tick } from "../../src/desk/fields.js";
import { t } from "../../src/i18n/index.js";

const WORKDAYS: readonly Day[] = ["Mo", "Tu", "We", "Th", "Fr"];
const EVERY_DAY: readonly Day[] = [...WORKDAYS, "Sa", "Su"];

export function hoursRows(rows: readonly HoursRow[], change: (rows: readonly HoursRow[]) => void): TemplateResult {
  const shown = rows.length === 0 ? [NEW_ROW] : rows;
  const put = (index: number, patch: Partial<HoursRow>): void => change(shown.map((row, at) => (at === index ? { ...row, ...patch } : row)));
  const doubled = doubledDays(shown);
  const free = freeDays(shown);
  const days = (list: readonly Day[]): string => list.map((day) => t(`hours.${day}`)).join(", ");
  return html`<div class="hours-rows">
    ${shown.map((row, index) => hoursRow(row, index, shown.length, (patch) => put(index, patch), () => change(shown.filter((_, at) => at !== index))))}
    ${doubled.length === 0 ? nothing : html`<p class="notice">${t("hours.doubled", { days: days(doubled) })}</p>`}
    ${free.length === 0 || free.length === 7 ? nothing : html`<p class="hint">${t("hours.free", { days: days(free) })}</p>`}
    <button type="button" class="button" @click=${() => change([...shown, { ...NEW_ROW, days: free.length < 7 ? free : [] }])}>${t("hours.add_row")}</button>
  </div>`;
}

function hoursRow(row: HoursRow, index: number, count: number, put: (patch: Partial<HoursRow>) => void, remove: () => void): TemplateResult {
  const fault = rowFault(row);
  const toggle = (day: Day, on: boolean): void => put({ days: DAYS.filter((each) => (each === day ? on : row.days.includes(each))) });
  const kinds = ["times", "all_day", "closed"] as const;
  return html`<fieldset class="hours-row">
    <legend class=${count === 1 ? "unseen" : ""}>${t("hours.row", { number: index + 1 })}</legend>
    <div class="chips days" role="group" aria-label=${t("hours.days")}>${DAYS.map((day) => html`<label class="chip"><input type="checkbox"
      .checked=${live(row.days.includes(day))} @change=${(event: Event) => toggle(day, (event.target as HTMLInputElement).checked)}><span>${t(`hours.${day}`)}</span></label>`)}</div>
    ${row.days.length > 0 ? nothing : html`<div class="row">
      <button type="button" class="button" @click=${() => put({ days: WORKDAYS })}>${t("hours.preset_week")}</button>
      <button type="button" class="button" @click=${() => put({ days: EVERY_DAY })}>${t("hours.preset_daily")}</button></div>`}
    <div class="chips" role="radiogroup" aria-label=${t("hours.kind")}>${kinds.map((kind) => html`<label class="chip"><input type="radio" name="kind-${index}"
      .checked=${live(row.kind === kind)} @change=${() => put({ kind })}><span>${t(`hours.${kind}`)}</span></label>`)}</div>
    ${row.kind !== "times" ? nothing : html`<div class="pair">
      ${time(t("hours.from"), row.from, (from) => put({ from }))}${time(t("hours.to"), row.to, (to) => put({ to }))}</div>`}
    ${row.kind === "closed" ? nothing : html`<details ?open=${row.pause !== null || row.last_entry !== "" || row.groups_only}>
      <summary>${t("hours.remarks")}</summary>
      <div class="remarks">
        ${row.kind !== "times" ? nothing : tick(t("hours.pause"), row.pause !== null, (on) => put({ pause: on ? { from: "13:00", to: "14:00" } : null }))}
        ${row.pause === null || row.kind !== "times" ? nothing : html`<div class="pair">
          ${time(t("hours.pause_from"), row.pause.from, (from) => put({ pause: { from, to: row.pause!.to } }))}${time(t("hours.pause_to"), row.pause.to, (to) => put({ pause: { from: row.pause!.from, to } }))}</div>`}
        <div class="pair">${time(t("hours.last_entry"), row.last_entry, (last_entry) => put({ last_entry }))}</div>
        ${tick(t("hours.groups_only"), row.groups_only, (groups_only) => put({ groups_only }))}
      </div></details>`}
    ${fault === null || (fault === "days" && count === 1) ? nothing : html`<p class="fault" role="status">${t(`hours.fault_${fault}`)}</p>`}
    ${count === 1 ? nothing : html`<button type="button" class="link" @click=${remove}>${t("desk.remove")}<span class="unseen"> ${t("hours.row", { number: index + 1 })}</span></button>`}
  </fieldset>`;
}

function time(label: string, value: string, change: (value: string) => void): TemplateResult {
  // 24:00 has no place in a field for times: the end of a day is shown as its midnight.
  return html`<label class="time"><span>${label}</span><input type="time" .value=${live(value === "24:00" ? "00:00" : value)}
    @change=${(event: Event) => change((event.target as HTMLInputElement).value)}></label>`;
}

export const hoursRowsStyles = css`
  .hours-rows, .hours-row, .remarks { display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); }
  .hours-row { padding: 12px; border-radius: var(--radius-small); background: var(--paper); }
  .hours-row legend:not(.unseen) { float: left; font-size: 0.9375rem; color: var(--ink-soft); }
  .days { gap: 6px; }
  .days .chip span { padding: 4px 8px; }
  .time { display: grid; gap: 4px; }
  .time span { font-size: 0.9375rem; font-weight: 600; }
  .fault { color: var(--danger); font-weight: 600; font-size: 0.9375rem; }
  .link, .button { justify-self: start; }
`;
