import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import type { Session } from "../../src/wallet/session.js";
import { trouble, troubleText, under } from "./parts.js";
import { walletStyles } from "./wallet_styles.js";

/** The family's spare code, shown once and kept on paper, not here. Property: `session`. Event: `home`. */
export class RecoveryScreen extends LitElement {
  static override properties = { session: { attribute: false }, code: { state: true }, words: { state: true }, waiting: { state: true } };
  declare session: Session;
  declare code: string | null;
  declare words: string | null;
  declare waiting: boolean;

  readonly #request = new AbortController();

  constructor() {
    super();
    [this.code, this.words, this.waiting] = [null, null, false];
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request.abort();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("code") && this.code !== null) this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
  }

  override render(): TemplateResult {
    return under(t("wallet.recovery_heading"), this.code === null ? html`
      <p>${t("wallet.recovery_lead")}</p><p class="soft">${t("wallet.recovery_former")}</p>
      ${trouble(this.words)}
      <div class="actions"><button type="button" class="button primary" ?disabled=${this.waiting} @click=${this.#ask}>${t(this.waiting ? "wallet.wait" : "wallet.recovery_show")}</button></div>` : html`
      <div class="card stack center"><h2 tabindex="-1">${t("wallet.recovery_write")}</h2>
        <p class="spell">${this.code}</p></div>
      <p>${t("wallet.recovery_keep")}</p>
      <div class="actions"><button type="button" class="button primary" @click=${() => this.dispatchEvent(new CustomEvent("home"))}>${t("wallet.recovery_done")}</button></div>`);
  }

  readonly #ask = async (): Promise<void> => {
    if (this.session.device === null) return;
    [this.waiting, this.words] = [true, null];
    try {
      this.code = await this.session.device.recovery(this.#request.signal);
    } catch (error) {
      if (this.#request.signal.aborted) return;
      this.words = troubleText(error);
      await this.session.learnFrom(error);
    } finally {
      this.waiting = false;
    }
  };

  static override styles = [sharedStyles, walletStyles, css`
    .spell { font-size: 1.75rem; letter-spacing: 0; white-space: nowrap; }
  `];
}

customElements.define("ry-recovery-screen", RecoveryScreen);
