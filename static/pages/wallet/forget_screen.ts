import { html, LitElement, type TemplateResult } from "lit";
import { Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import { isNoConnection } from "../../src/wallet/device.js";
import type { Session } from "../../src/wallet/session.js";
import { trouble, under } from "./parts.js";
import { walletStyles } from "./wallet_styles.js";

/**
 * Gives the credential back and empties the store. The service is told first; without a connection the person may
 * still empty the phone. Property: `session`. Event: `gone`.
 */
export class ForgetScreen extends LitElement {
  static override properties = { session: { attribute: false }, words: { state: true }, waiting: { state: true } };
  declare session: Session;
  declare words: string | null;
  declare waiting: boolean;

  readonly #request = new AbortController();

  constructor() {
    super();
    [this.words, this.waiting] = [null, false];
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request.abort();
  }

  override render(): TemplateResult {
    const again = this.words !== null;
    return under(t("wallet.forget_heading"), html`<p>${t("wallet.forget_lead")}</p>${trouble(this.words)}
      <div class="actions">
        <button type="button" class="button primary" @click=${() => history.back()}>${t("wallet.forget_keep")}</button>
        <button type="button" class="button danger" ?disabled=${this.waiting} @click=${again ? this.#empty : this.#tell}>${t(again ? "wallet.forget_anyway" : "wallet.forget_do")}</button>
      </div>`);
  }

  readonly #tell = async (): Promise<void> => {
    this.waiting = true;
    try {
      await this.session.device?.forget(this.#request.signal);
      await this.#empty();
    } catch (error) {
      if (this.#request.signal.aborted) return;
      if (isNoConnection(error)) this.words = t("wallet.forget_offline");
      else await this.#empty(); // the service does not know this device any more: nothing to give back
    } finally {
      this.waiting = false;
    }
  };

  readonly #empty = async (): Promise<void> => {
    await this.session.forget();
    this.dispatchEvent(new CustomEvent("gone"));
  };

  static override styles = [sharedStyles, walletStyles];
}

customElements.define("ry-forget-screen", ForgetScreen);
