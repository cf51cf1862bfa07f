import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { ProblemError } from "../../src/api/request.js";
import { Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import type { Session } from "../../src/wallet/session.js";
import { digitsOf, trouble, troubleText, under } from "./parts.js";
import { walletStyles } from "./wallet_styles.js";

const TERMINAL = 4;

/** Six digits to say aloud, good at one till for a minute. Property: `session`. */
export class SpokenScreen extends LitElement {
  static override properties = {
    session: { attribute: false }, terminal: { state: true }, digits: { state: true }, left_s: { state: true }, words: { state: true }, waiting: { state: true },
  };
  declare session: Session;
  declare terminal: string;
  declare digits: string | null;
  declare left_s: number;
  declare words: string | null;
  declare waiting: boolean;

  #timer: ReturnType<typeof setInterval> | undefined;
  #request = new AbortController();

  constructor() {
    super();
    [this.terminal, this.digits, this.left_s, this.words, this.waiting] = ["", null, 0, null, false];
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#request.abort();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("digits")) this.renderRoot.querySelector<HTMLElement>(this.digits === null ? "input" : "h1")?.focus();
  }

  override render(): TemplateResult {
    return under(t("wallet.spoken_heading"), this.digits === null ? this.#asking() : this.#telling(this.digits), "wallet.back_to_code");
  }

  #asking(): TemplateResult {
    return html`<form class="stack" novalidate @submit=${this.#submit}>
      <p>${t("wallet.spoken_lead")}</p>
      <div class="field"><label for="terminal">${t("wallet.spoken_terminal")}</label>
        <input id="terminal" class="digits" inputmode="numeric" autocomplete="off" maxlength=${TERMINAL} .value=${this.terminal}
          aria-describedby="trouble" aria-invalid=${this.words === null ? "false" : "true"}
          @input=${(event: Event) => { this.terminal = digitsOf(event, TERMINAL); }}></div>
      ${trouble(this.words)}
      <div class="actions"><button class="button primary" ?disabled=${this.waiting}>${t(this.waiting ? "wallet.wait" : "wallet.spoken_get")}</button></div></form>`;
  }

  #telling(digits: string): TemplateResult {
    const over = this.left_s <= 0;
    return html`<div class="card stack center">
        <h2>${t("wallet.spoken_say")}</h2>
        <p class="spell ${over ? "over" : ""}" aria-label=${[...digits].join(" ")} role="text">${digits.slice(0, 3)}<wbr> ${digits.slice(3)}</p>
        ${over ? nothing : html`<progress max="60" value=${this.left_s} aria-hidden="true"></progress>
          <p class="soft" role="timer" aria-live="off">${t("wallet.spoken_left", { count: this.left_s })}</p>`}
        <p role="status">${over ? t("wallet.spoken_over") : nothing}</p></div>
      ${over ? html`<div class="actions"><button type="button" class="button primary" @click=${() => void this.#ask()}>${t("wallet.spoken_again")}</button></div>` : nothing}
      ${trouble(this.words)}`;
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    if (this.terminal.length < TERMINAL) {
      this.words = t("wallet.spoken_short");
      this.renderRoot.querySelector("input")?.focus();
    } else void this.#ask();
  };

  async #ask(): Promise<void> {
    if (this.waiting || this.session.device === null) return;
    [this.waiting, this.words] = [true, null];
    const { signal } = (this.#request = new AbortController());
    try {
      const { digits, expires_in_s } = await this.session.device.spoken(this.terminal, signal);
      const end = performance.now() + expires_in_s * 1000;
      [this.digits, this.left_s] = [digits, expires_in_s];
      clearInterval(this.#timer);
      this.#timer = setInterval(() => {
        this.left_s = Math.max(0, Math.ceil((end - performance.now()) / 1000));
        if (this.left_s === 0) clearInterval(this.#timer);
      }, 500);
    } catch (error) {
      if (signal.aborted) return;
      const unknown = error instanceof ProblemError && error.problem.status === 404;
      if (unknown) this.digits = null;
      this.words = unknown ? t("wallet.spoken_no_terminal") : troubleText(error);
      await this.session.learnFrom(error);
    } finally {
      this.waiting = false;
    }
  }

  static override styles = [sharedStyles, walletStyles, css`
    .spell { font-size: 3.25rem; white-space: nowrap; }
    .over { color: var(--ink-soft); text-decoration: line-through; }
    progress { width: 100%; height: 10px; accent-color: var(--brand); }
  `];
}

customElements.define("ry-spoken-screen", SpokenScreen);
