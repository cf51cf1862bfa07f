import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { ProblemError } from "../../src/api/request.js";
import { reportLost } from "../../src/api/wallet_client.js";
import { Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import { signs, trouble, troubleText, under } from "./parts.js";
import { walletStyles } from "./wallet_styles.js";

const LENGTH = 12;

/** The spare code, typed on any phone, switches the family's devices off. Event: `done`. */
export class LostScreen extends LitElement {
  static override properties = { code: { state: true }, words: { state: true }, waiting: { state: true }, done: { state: true } };
  declare code: string;
  declare words: string | null;
  declare waiting: boolean;
  declare done: boolean;

  readonly #request = new AbortController();

  constructor() {
    super();
    [this.code, this.words, this.waiting, this.done] = ["", null, false, false];
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request.abort();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("done") && this.done) this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  }

  override render(): TemplateResult {
    if (this.done) {
      return under(t("wallet.lost_done_heading"), html`<span class="sign">${signs.done()}</span><p>${t("wallet.lost_done")}</p>`);
    }
    return under(t("wallet.lost_heading"), html`<form class="stack" novalidate @submit=${this.#submit}>
      <p>${t("wallet.lost_lead")}</p>
      <div class="field"><label for="recovery">${t("wallet.lost_label")}</label>
        <p class="soft small" id="hint">${t("wallet.lost_hint")}</p>
        <input id="recovery" class="letters" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="20" .value=${this.code}
          aria-describedby="hint trouble" aria-invalid=${this.words === null ? "false" : "true"}
          @input=${(event: Event) => { this.code = (event.target as HTMLInputElement).value; }}></div>
      ${trouble(this.words)}
      <div class="actions"><button class="button primary" ?disabled=${this.waiting}>${t(this.waiting ? "wallet.wait" : "wallet.lost_do")}</button></div>
      <p class="soft">${t("wallet.lost_no_code")}</p></form>`);
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const letters = this.code.toUpperCase().replace(/[^0-9A-Z]/g, "");
    this.words = null;
    if (letters.length !== LENGTH) {
      this.words = t("wallet.lost_short");
      return this.renderRoot.querySelector("input")?.focus();
    }
    this.waiting = true;
    try {
      await reportLost(letters.replace(/(.{4})(?=.)/g, "$1-"), this.#request.signal);
      this.done = true;
      this.dispatchEvent(new CustomEvent("done"));
    } catch (error) {
      if (this.#request.signal.aborted) return;
      this.words = error instanceof ProblemError && error.problem.status === 404 ? t("wallet.lost_wrong") : troubleText(error);
    } finally {
      this.waiting = false;
    }
  };

  static override styles = [sharedStyles, walletStyles];
}

customElements.define("ry-lost-screen", LostScreen);
