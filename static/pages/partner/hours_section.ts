/**
 * Opening hours by a form, by a text, or honestly unknown. Form and text stay in step: the form writes the text always,
 * the text fills the form when it is of the form's shape. Event `edit` (Content).
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Content, FieldProblem, Understood } from "../../src/api/desk_types.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { problemsOf } from "../../src/desk/field_problems.js";
import { field, problemList, radios, tick } from "../../src/desk/fields.js";
import { readHours, writeHours, type HoursRow } from "../../src/desk/hours_form.js";
import { readSpecialDays, writeSpecialDays, type SpecialDay } from "../../src/desk/special_days.js";
import { Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import { weekList, weekListStyles } from "../../src/ui/week_list.js";
import { hoursRows, hoursRowsStyles } from "./hours_rows.js";

type Way = "by_form" | "by_text" | "not_known";

class HoursSection extends LitElement {
  static override properties = {
    content: { attribute: false }, problems: { attribute: false }, understood: { attribute: false }, way: { state: true }, rows: { state: true }, special: { state: true },
  };
  declare content: Content;
  declare problems: readonly FieldProblem[];
  declare understood: Understood | null;
  declare way: Way;
  declare rows: readonly HoursRow[];
  declare special: readonly SpecialDay[];
  /** The text as this section wrote or took it last: another one came from outside. */
  #known: string | null = null;
  #knownSpecial: string | null = null;

  constructor() {
    super();
    this.content = {};
    this.problems = [];
    this.understood = null;
    this.way = "by_form";
    this.rows = [];
    this.special = [];
    new Localized(this);
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("content")) return;
    const text = this.content.opening_hours ?? "";
    if (text !== this.#known) {
      const rows = readHours(text);
      const isFirst = this.#known === null;
      this.#known = text;
      if (rows !== null) this.rows = rows;
      if (rows === null) this.way = "by_text";
      else if (isFirst && this.content.hours_unknown !== true) this.way = "by_form";
    }
    if (this.content.hours_unknown === true) this.way = "not_known";
    const special = this.content.special_hours ?? "";
    if (special !== this.#knownSpecial) {
      this.#knownSpecial = special;
      this.special = readSpecialDays(special) ?? [];
    }
  }

  override render(): TemplateResult {
    const wrong = problemsOf(this.problems, "opening_hours", "hours", "hours_unknown");
    const ways: readonly Way[] = ["by_form", "by_text", "not_known"];
    return html`
      ${radios({
        name: "opening_hours", label: t("hours.way"), value: this.way, options: ways.map((way) => [way, t(`hours.${way}`)]),
        pick: (way) => this.#go(way as Way), problems: this.way === "by_text" ? [] : wrong,
      })}
      ${this.way === "not_known" ? html`<p class="notice">${t("hours.not_known_note")}</p>` : this.way === "by_form" ? this.#form() : this.#text(wrong)}
      ${this.way === "not_known" ? nothing : this.#preview()}
      ${this.#specialDays()}`;
  }

  #form(): TemplateResult {
    return hoursRows(this.rows, (rows) => {
      this.rows = rows;
      this.#write(writeHours(rows));
    });
  }

  #text(wrong: readonly FieldProblem[]): TemplateResult {
    const text = this.content.opening_hours ?? "";
    const understood = this.understood?.opening_hours ?? null;
    return html`${field({
      name: "opening_hours_text", label: t("hours.text"), value: text, hint: t("hours.text_hint"), problems: wrong, area: true, maxlength: 1000,
      input: (typed) => {
        const rows = readHours(typed);
        if (rows !== null) this.rows = rows;
        this.#write(typed);
      },
    })}
    ${understood === null || understood === text ? nothing : html`<p class="hint" lang="en"><code>${understood}</code></p>`}`;
  }

  #preview(): TemplateResult {
    const week = this.understood?.hours_week ?? null;
    return html`<div class="preview"><h3>${t("hours.preview")}</h3>
      ${week === null ? html`<p class="hint">${t("hours.preview_wait")}</p>` : weekList(week)}</div>`;
  }

  #specialDays(): TemplateResult {
    const put = (index: number, patch: Partial<SpecialDay>): void => this.#writeSpecial(this.special.map((day, at) => (at === index ? { ...day, ...patch } : day)));
    const isOther = readSpecialDays(this.content.special_hours ?? "") === null;
    return html`<details class="special" ?open=${this.special.length > 0 || isOther}>
      <summary>${t("hours.special")}</summary>
      <div class="special-days" data-field="special_hours" tabindex="-1">
        <p class="hint">${t("hours.special_hint")}</p>
        ${problemList(problemsOf(this.problems, "special_hours"), "special-problems")}
        ${isOther ? field({ name: "special_hours_text", label: t("hours.special"), value: this.content.special_hours, input: (text) => this.#edit({ special_hours: text }) }) : this.special.map((day, index) => html`<fieldset class="hours-row">
          <legend class="unseen">${t("hours.special")} ${index + 1}</legend>
          ${field({ name: `special_${index}_date`, label: t("hours.special_date"), value: day.date, type: "date", input: (date) => put(index, { date }) })}
          ${tick(t("hours.special_closed"), day.closed, (closed) => put(index, { closed }))}
          ${day.closed ? nothing : html`<div class="pair">
            ${field({ name: `special_${index}_from`, label: t("hours.from"), value: day.from, type: "time", when_left: true, input: (from) => put(index, { from }) })}
            ${field({ name: `special_${index}_to`, label: t("hours.to"), value: day.to, type: "time", when_left: true, input: (to) => put(index, { to }) })}</div>`}
          <button type="button" class="link" @click=${() => this.#writeSpecial(this.special.filter((_, at) => at !== index))}>${t("desk.remove")}<span class="unseen"> ${day.date}</span></button>
        </fieldset>`)}
        ${isOther ? nothing : html`<button type="button" class="button" @click=${() => this.#writeSpecial([...this.special, { date: "", closed: true, from: "10:00", to: "16:00" }])}>${t("hours.special_add")}</button>`}
      </div></details>`;
  }

  #go(way: Way): void {
    this.way = way;
    if (way === "not_known") return this.#edit({ hours_unknown: true, opening_hours: null });
    if (way === "by_form") {
      // Typed in words: the server's OSM text fills the form where it can.
      const rows = readHours(this.content.opening_hours ?? "") ?? readHours(this.understood?.opening_hours ?? "?");
      if (rows === null) {
        this.way = "by_text";
        this.dispatchEvent(new CustomEvent("say", { detail: t("hours.text_only"), bubbles: true, composed: true }));
        return this.requestUpdate();
      }
      this.rows = rows;
      return this.#write(writeHours(rows));
    }
    this.#edit({ hours_unknown: null });
  }

  #write(text: string): void {
    this.#known = text;
    this.#edit({ opening_hours: text, hours_unknown: null });
  }

  #writeSpecial(days: readonly SpecialDay[]): void {
    this.special = days;
    const text = writeSpecialDays(days);
    this.#knownSpecial = text;
    this.#edit({ special_hours: text });
  }

  #edit(detail: Content): void {
    this.dispatchEvent(new CustomEvent<Content>("edit", { detail }));
  }

  static override styles = [sharedStyles, deskStyles, hoursRowsStyles, weekListStyles, css`
    :host { display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); }
    .preview { display: grid; gap: 6px; padding: 12px; border-radius: var(--radius-small); background: var(--sunken); }
    code { font: 0.9375rem var(--mono); color: var(--ink); }
    .special-days { display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); }
  `];
}

customElements.define("ry-hours-section", HoursSection);
