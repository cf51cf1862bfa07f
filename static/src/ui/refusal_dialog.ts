import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { REFUSAL_REASONS, reportRefusal, type RefusalReason } from "../api/refusal_client.js";
import { NoAnswerError, ProblemError } from "../api/request.js";
import { Localized, t, type Key } from "../i18n/index.js";
import { dayOf, isPastDay } from "./day_choice.js";
import { sharedStyles } from "./shared_styles.js";

const DAYS = ["today", "yesterday", "other_day"] as const;
type Day = (typeof DAYS)[number];

/** What happened, when, and perhaps a word: sent without an account. Opens at once; event `close`. */
class RefusalDialog extends LitElement {
  static override properties = { of: {}, reason: { state: true }, day: { state: true }, lacking: { state: true }, trouble: { state: true }, place: { state: true } };
  declare of: string;
  declare reason: RefusalReason | null;
  declare day: Day;
  declare lacking: "reason" | "date" | null;
  declare trouble: string | null;
  declare place: "form" | "sending" | "thanks";
  readonly #request = new AbortController();

  constructor() {
    super();
    this.of = "";
    this.reason = null;
    this.day = "today";
    this.lacking = null;
    this.trouble = null;
    this.place = "form";
    new Localized(this);
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")!.showModal();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request.abort();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading" @close=${() => this.dispatchEvent(new CustomEvent("close"))} @keydown=${this.#key}>
      ${this.place === "thanks" ? html`<h2 id="heading" tabindex="-1">${t("refusal.thanks")}</h2><p role="status">${t("refusal.thanks_more")}</p>
        <p class="row"><button type="button" class="button primary" @click=${this.#close}>${t("refusal.close")}</button></p>` : this.#form()}</dialog>`;
  }

  #form(): TemplateResult {
    return html`<form @submit=${this.#send} novalidate>
      <h2 id="heading">${t("refusal.heading")}</h2>
      <p>${t("refusal.lead")}</p>
      <fieldset aria-describedby=${this.lacking === "reason" ? "lacking" : nothing}><legend>${t("refusal.reason")}</legend>
        ${REFUSAL_REASONS.map((reason) => this.#choice("reason", reason, `refusal.reason_${reason}`, this.reason === reason, () => { this.reason = reason; this.lacking = null; }))}
        ${this.#lack("reason")}</fieldset>
      <fieldset><legend>${t("refusal.day")}</legend>
        <div class="days">${DAYS.map((day) => this.#choice("day", day, `refusal.${day}`, this.day === day, () => { this.day = day; this.lacking = null; }))}</div>
        ${this.day !== "other_day" ? nothing : html`<label class="label" for="date">${t("refusal.date")}</label>
          <input id="date" type="date" max=${dayOf(new Date())} aria-invalid=${this.lacking === "date" ? "true" : "false"}>`}
        ${this.#lack("date")}</fieldset>
      <div><label class="label" for="text">${t("refusal.text")}</label>
        <textarea id="text" rows="3" maxlength="500" aria-describedby="hint"></textarea>
        <p id="hint" class="soft">${t("refusal.text_hint")}</p></div>
      ${this.trouble === null ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
      <p class="row"><button type="submit" class="button primary" ?disabled=${this.place === "sending"}>${t("refusal.send")}</button>
        <button type="button" class="button" @click=${this.#close}>${t("refusal.cancel")}</button></p>
    </form>`;
  }

  #choice(name: string, value: string, key: Key, checked: boolean, chosen: () => void): TemplateResult {
    return html`<label class="choice"><input type="radio" name=${name} value=${value} .checked=${checked} @change=${chosen}><span>${t(key)}</span></label>`;
  }

  #lack(what: "reason" | "date"): TemplateResult | typeof nothing {
    return this.lacking === what ? html`<p id="lacking" class="lacking" role="alert">${t(`refusal.lacking_${what}`)}</p>` : nothing;
  }

  /** Escape closes the dialog, and not the card under it as well. */
  #key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") event.stopPropagation();
  };

  #close = (): void => this.renderRoot.querySelector("dialog")?.close();

  #send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { reason, place } = this;
    if (place === "sending") return;
    const date = this.renderRoot.querySelector<HTMLInputElement>("#date");
    const day = this.day === "other_day" ? (date?.value ?? "") : dayOf(new Date(), this.day === "today" ? 0 : 1);
    this.lacking = reason === null ? "reason" : isPastDay(day, new Date()) ? null : "date";
    if (reason === null) return this.renderRoot.querySelector<HTMLElement>("[name=reason]")?.focus();
    if (this.lacking === "date") return date?.focus();
    const text = (this.renderRoot.querySelector("textarea")?.value ?? "").trim();
    this.place = "sending";
    this.trouble = null;
    try {
      await reportRefusal(this.of, { reason, day, text }, this.#request.signal);
      this.place = "thanks";
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
    } catch (error) {
      if (this.#request.signal.aborted) return;
      this.place = "form";
      this.trouble = error instanceof NoAnswerError ? t(`error.${error.reason}`)
        : error instanceof ProblemError && error.problem.status !== 429 ? error.message : t("refusal.often");
    }
  };

  static override styles = [sharedStyles, css`
    dialog {
      width: min(440px, calc(100vw - 24px)); max-height: calc(100% - 24px); overflow: auto; padding: 20px; border: 1px solid var(--line); border-radius: var(--radius);
      background: var(--surface); color: var(--ink); box-shadow: var(--shadow-high);
    }
    dialog::backdrop { background: rgb(0 0 0 / 45%); }
    form { display: grid; gap: 16px; }
    h2 { font-size: 1.25rem; line-height: 1.25; }
    h2:focus-visible { outline: none; }
    fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
    legend, .label { display: block; padding: 0; margin-bottom: 4px; font-weight: 650; }
    .choice { display: flex; align-items: center; gap: 10px; min-height: var(--touch); cursor: pointer; }
    .choice input { flex: none; width: 20px; height: 20px; margin: 0; accent-color: var(--brand); }
    .days { display: flex; flex-wrap: wrap; gap: 0 20px; }
    input[type="date"], textarea { width: 100%; min-height: var(--touch); padding: 8px 12px; border: 1px solid var(--edge); border-radius: var(--radius-small); background: var(--surface); color: var(--ink); font: inherit; }
    .soft { color: var(--ink-soft); font-size: 0.9375rem; }
    .lacking { color: var(--danger); font-weight: 600; }
    .trouble { padding: 10px 14px; border-radius: var(--radius-small); background: var(--notice); color: var(--notice-ink); }
    .row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px; }
  `];
}

customElements.define("ry-refusal-dialog", RefusalDialog);
