/** The second key of an operator. Property `enrol`: it is made here and now. Event `signed-in` (Session). */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { readEnrolment, sendTotp, type Enrolment } from "../../src/api/session_client.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { failureText } from "../../src/desk/failure.js";
import { inFours, sixDigits, svgAddress } from "../../src/desk/totp_text.js";
import { Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

class TotpForm extends LitElement {
  static override properties = { enrol: { attribute: false }, enrolment: { state: true }, busy: { state: true }, trouble: { state: true } };
  declare enrol: boolean;
  declare enrolment: Enrolment | null;
  declare busy: boolean;
  declare trouble: string;
  readonly #leaving = new AbortController();

  constructor() {
    super();
    this.enrol = false;
    this.enrolment = null;
    this.busy = false;
    this.trouble = "";
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaving.abort();
  }

  override firstUpdated(_changed: PropertyValues): void {
    this.renderRoot.querySelector<HTMLElement>(this.enrol ? "h1" : "input")?.focus();
    if (this.enrol) void this.#load();
  }

  override render(): TemplateResult {
    return html`<form class="panel" novalidate @submit=${this.#submit}>
      <h1 tabindex="-1">${t(this.enrol ? "sign.enrol_heading" : "sign.code_heading")}</h1>
      ${this.enrol ? this.#steps() : html`<p>${t("sign.code_lead")}</p>`}
      <div class="field">
        <label for="code">${t("sign.code")}</label>
        <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="9" spellcheck="false" enterkeyhint="go"
          aria-describedby="trouble" aria-invalid=${this.trouble === "" ? "false" : "true"}>
        <p class="trouble" id="trouble" role="alert">${this.trouble}</p>
      </div>
      <button class="button primary" ?disabled=${this.busy}>${t(this.busy ? "sign.busy" : "sign.confirm")}</button>
    </form>`;
  }

  #steps(): TemplateResult {
    return html`<ol><li>${t("sign.enrol_1")}</li><li>${t("sign.enrol_2")}</li><li>${t("sign.enrol_3")}</li></ol>
      ${this.enrolment === null ? html`<p role="status">${t("desk.wait")}</p>` : html`
        <img class="qr" src=${svgAddress(this.enrolment.svg)} alt=${t("sign.enrol_qr")} width="220" height="220">
        <p>${t("sign.enrol_secret")} <code>${inFours(this.enrolment.secret)}</code></p>`}`;
  }

  async #load(): Promise<void> {
    try {
      this.enrolment = await readEnrolment(this.#leaving.signal);
    } catch (error) {
      if (!this.#leaving.signal.aborted) this.trouble = failureText(error);
    }
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    const input = this.renderRoot.querySelector("input")!;
    const code = sixDigits(input.value);
    if (code === null) return this.#refuse(t("sign.code_bad"));
    this.busy = true;
    this.trouble = "";
    try {
      this.dispatchEvent(new CustomEvent("signed-in", { detail: await sendTotp(code, this.#leaving.signal) }));
    } catch (error) {
      if (this.#leaving.signal.aborted) return;
      this.busy = false;
      input.value = "";
      this.#refuse(failureText(error));
    }
  };

  #refuse(words: string): void {
    this.trouble = words;
    this.renderRoot.querySelector("input")?.focus();
  }

  static override styles = [sharedStyles, deskStyles, css`
    ol { display: grid; gap: 6px; list-style: decimal; padding-left: 1.4em; }
    .qr { justify-self: center; padding: 10px; border-radius: 8px; background: #ffffff; }
    code { font: 600 1.0625rem/1.6 var(--mono); overflow-wrap: break-word; }
    #code { font: 700 1.5rem/1.2 var(--mono); letter-spacing: 0.2em; text-align: center; }
    .trouble:empty { display: none; }
  `];
}

customElements.define("ry-totp-form", TotpForm);
