/**
 * The way without a camera: the till's number is said aloud, six digits come back. Property `number`; event `spoken`
 * with the digits.
 */
import { css, html, LitElement, type TemplateResult } from "lit";
import { Localized, t } from "../i18n/index.js";
import { sharedStyles } from "../ui/shared_styles.js";
import { readSpoken } from "./pairing_code.js";

export class SpokenForm extends LitElement {
  static override properties = { number: { attribute: false }, trouble: { state: true } };
  declare number: string;
  declare trouble: boolean;

  constructor() {
    super();
    this.number = "";
    this.trouble = false;
    new Localized(this);
  }

  override render(): TemplateResult {
    return html`<form @submit=${this.#submit} novalidate>
      <h2>${t("scan.spoken.heading")}</h2>
      <div class="top">
        <p class="how">${t("scan.spoken.how")}</p>
        <p class="number"><span>${t("scan.spoken.number")}</span><strong>${this.number}</strong></p>
      </div>
      <label for="digits">${t("scan.spoken.label")}</label>
      <div class="row">
        <input id="digits" inputmode="numeric" autocomplete="off" maxlength="12" enterkeyhint="go"
          aria-describedby="trouble" aria-invalid=${this.trouble ? "true" : "false"}>
        <button class="button primary">${t("scan.spoken.button")}</button>
      </div>
      <p id="trouble" class="trouble" role="alert">${this.trouble ? t("scan.spoken.malformed") : ""}</p>
    </form>`;
  }

  #submit = (event: Event): void => {
    event.preventDefault();
    const input = this.renderRoot.querySelector("input")!;
    const digits = readSpoken(input.value);
    this.trouble = digits === null;
    if (digits === null) return input.focus();
    input.value = "";
    this.dispatchEvent(new CustomEvent("spoken", { detail: digits }));
  };

  static override styles = [sharedStyles, css`
    form { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; padding: 14px 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
    h2 { font-size: 1.125rem; line-height: 1.25; }
    .top { display: flex; align-items: center; justify-content: space-between; gap: 16px; }
    .how { font-size: 0.9375rem; line-height: 1.35; color: var(--ink-soft); }
    .number { flex: none; text-align: center; }
    .number span { display: block; font-size: 0.8125rem; color: var(--ink-soft); }
    .number strong { font: 800 2.5rem/1 var(--font); letter-spacing: 0.06em; font-variant-numeric: tabular-nums; }
    label { font-weight: 650; }
    .row { display: flex; gap: 8px; }
    input {
      flex: 1; min-width: 0; min-height: 56px; padding: 4px 12px; border: 2px solid var(--edge); border-radius: var(--radius-small);
      background: var(--surface); font: 700 1.5rem/1 var(--font); letter-spacing: 0.12em; font-variant-numeric: tabular-nums;
    }
    input[aria-invalid="true"] { border-color: var(--danger); }
    .trouble { color: var(--danger); font-weight: 600; }
    .trouble:empty { display: none; }
  `];
}

customElements.define("ry-spoken-form", SpokenForm);
