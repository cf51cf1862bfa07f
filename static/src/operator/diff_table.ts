import { css, html, nothing, type TemplateResult } from "lit";
import type { FieldChange } from "./content_diff.js";
import { fieldName } from "./content_words.js";
import { distanceText } from "../i18n/distance_text.js";
import { language, t } from "../i18n/index.js";
import { diffText, isReadable, type Part } from "./text_diff.js";

/** Fields before and after, side by side where there is room; `edit` false: something new, one column. */
export function diffTable(rows: readonly FieldChange[], edit: boolean, label: string): TemplateResult {
  if (rows.length === 0) return html`<p class="soft">${t("op.no_changes")}</p>`;
  return html`<table class="diff ${edit ? "" : "single"}" aria-label=${label}>
    <thead><tr><th scope="col">${t("op.field")}</th>${edit
      ? html`<th scope="col">${t("op.before")}</th><th scope="col">${t("op.after")}</th>`
      : html`<th scope="col">${t("op.value")}</th>`}</tr></thead>
    <tbody>${rows.map((row) => oneRow(row, edit))}</tbody></table>`;
}

function oneRow(row: FieldChange, edit: boolean): TemplateResult {
  const ru = language() === "ru" ? nothing : "ru"; // partners write theirs in Russian
  const parts = diffText(row.before, row.after);
  const marked = row.field !== "position" && row.before !== "" && row.after !== "" && isReadable(parts);
  const side = (kind: "del" | "ins", text: string, code: string): TemplateResult => {
    if (row.field === "photo" && text !== "") {
      return html`<img src="/photos/${encodeURIComponent(text)}" width="160" height="120" loading="lazy" alt=${t(kind === "del" ? "op.photo_before" : "op.photo_alt")}>`;
    }
    return html`<span class="text" lang=${ru}>${marked ? pieces(parts, kind) : edit && text !== "" ? whole(kind, text) : text}</span>
      ${code === "" ? nothing : html`<code lang="en">${code}</code>`}`;
  };
  const after = row.after === "" ? html`<span class="soft">${t(row.before === "" ? "op.absent" : "op.removed")}</span>` : side("ins", row.after, row.code_after);
  return html`<tr data-field=${row.field}>
    <th scope="row">${fieldName(row.field)}${row.moved_m === null ? nothing : html` <span class="tag warn">${t("op.moved", { distance: distanceText(row.moved_m) })}</span>`}</th>
    ${!edit ? nothing : html`<td data-side=${t("op.before")}>${row.before === "" ? html`<span class="soft">${t("op.absent")}</span>` : side("del", row.before, row.code_before)}</td>`}
    <td data-side=${t("op.after")}>${after}</td></tr>`;
}

function pieces(parts: readonly Part[], shown: "del" | "ins"): unknown {
  return parts.filter(({ kind }) => kind === "same" || kind === shown).map(({ kind, text }) => (kind === "same" ? text : whole(shown, text)));
}

function whole(kind: "del" | "ins", text: string): TemplateResult {
  return kind === "ins" ? html`<ins>${text}</ins>` : html`<del>${text}</del>`;
}

export const diffTableStyles = css`
  .diff { width: 100%; border-collapse: collapse; table-layout: fixed; }
  .diff thead th { padding: 0 12px 6px 0; font-size: 0.8125rem; font-weight: 600; color: var(--ink-soft); text-align: left; }
  .diff th:first-child { width: 22%; }
  .diff.single th:first-child { width: 30%; }
  .diff tbody th { font-weight: 600; text-align: left; color: var(--ink-soft); font-size: 0.875rem; }
  .diff tbody th, .diff td { padding: 8px 12px 8px 0; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
  .diff .text { white-space: pre-line; }
  .diff code { display: block; margin-top: 2px; color: var(--ink-soft); font: 0.8125rem/1.4 var(--mono); }
  .diff img { display: block; width: 160px; height: auto; border-radius: var(--radius-small); background: var(--sunken); }
  ins { background: var(--brand-soft); color: var(--brand-deep); text-decoration: underline; text-decoration-thickness: 1.5px; text-underline-offset: 0.2em; border-radius: 3px; }
  del { background: var(--notice); color: var(--notice-ink); text-decoration-thickness: 1.5px; border-radius: 3px; }
  @media (max-width: 639px) {
    .diff, .diff tbody, .diff tr, .diff th, .diff td { display: block; width: auto !important; }
    .diff thead { display: none; }
    .diff tbody tr { padding: 8px 0; border-top: 1px solid var(--line); }
    .diff tbody th, .diff td { padding: 2px 0; border: 0; }
    .diff:not(.single) td::before { content: attr(data-side); display: block; font-size: 0.75rem; color: var(--ink-soft); }
  }
`;
