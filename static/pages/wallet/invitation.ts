import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { OAuthError, ProblemError } from "../../src/api/request.js";
import { Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import { NoStoreError } from "../../src/wallet/database.js";
import { Issuing, StrangeOfferError } from "../../src/wallet/issue.js";
import type { Keep } from "../../src/wallet/keep.js";
import { busy, digitsOf, signs, trouble, troubleText } from "./parts.js";
import { walletStyles } from "./wallet_styles.js";

/** The server's own limit; the wallet only counts along, to say how many are left. */
const TRIES = 3;

type Stage = "looking" | "ask" | "busy" | "dead" | "strange" | "no_store";

/**
 * An invitation that was opened: what it asks for, and the way to the credential.
 *
 * Properties: `path` of the offer, `keep`, `have` (there is a wallet already). Events: `issued` with the wallet,
 * `leave` when the person wants none of it.
 */
export class Invitation extends LitElement {
  static override properties = {
    path: {}, keep: { attribute: false }, have: { type: Boolean },
    stage: { state: true }, digits: { state: true }, words: { state: true }, failed: { state: true },
  };
  declare path: string;
  declare keep: Keep;
  declare have: boolean;
  declare stage: Stage;
  declare digits: string;
  declare words: string | null;
  /** The way to the invitation broke off: its button tries again. */
  declare failed: boolean;

  #issuing: Issuing | null = null;
  /** Digits asked for; 0: none are. */
  #length = 0;
  #wrong = 0;
  #request = new AbortController();

  constructor() {
    super();
    this.path = "";
    this.have = false;
    this.stage = "looking";
    this.digits = "";
    this.words = null;
    this.failed = false;
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request.abort();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("path")) void this.#look();
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has("stage")) return;
    const place = this.stage === "ask" ? (this.renderRoot.querySelector<HTMLElement>("input") ?? this.renderRoot.querySelector("h1")) : this.renderRoot.querySelector("h1");
    place?.focus();
  }

  override render(): TemplateResult {
    switch (this.stage) {
      case "looking":
        return this.failed
          ? html`<div class="stack"><h1 tabindex="-1">${t("wallet.heading")}</h1>${trouble(this.words)}
              <div class="actions"><button type="button" class="button primary" @click=${() => void this.#look()}>${t("wallet.retry")}</button>${this.#leave()}</div></div>`
          : busy(t("wallet.offer_looking"));
      case "busy":
        return busy(t("wallet.offer_busy"));
      case "ask":
        return this.#ask();
      case "no_store":
        return this.#closed(t("wallet.no_store_heading"), t("wallet.no_store"));
      default:
        return this.#closed(t("wallet.offer_dead_heading"), this.stage === "strange" ? t("wallet.offer_strange") : t(this.#wrong >= TRIES ? "wallet.offer_dead_tries" : "wallet.offer_dead"));
    }
  }

  #ask(): TemplateResult {
    const asked = this.#length > 0 && this.#issuing?.accepted !== true;
    return html`<form class="stack" @submit=${this.#submit} novalidate>
      <h1 tabindex="-1">${t("wallet.offer_heading")}</h1>
      ${this.have ? html`<p>${t("wallet.offer_have")}</p>` : nothing}
      ${asked ? html`<div class="field">
        <label for="tx">${t("wallet.offer_code")}</label>
        <p class="soft small" id="hint">${t("wallet.offer_code_hint", { count: this.#length })}</p>
        <input id="tx" class="digits" inputmode="numeric" autocomplete="one-time-code" maxlength=${this.#length} .value=${this.digits}
          aria-describedby="hint trouble" aria-invalid=${this.words === null ? "false" : "true"}
          @input=${(event: Event) => { this.digits = digitsOf(event, this.#length); }}>
      </div>` : html`<p>${t("wallet.offer_no_code")}</p>`}
      ${trouble(this.words)}
      <div class="actions"><button class="button primary">${t("wallet.offer_get")}</button>${this.#leave()}</div>
    </form>`;
  }

  #closed(heading: string, words: string): TemplateResult {
    return html`<div class="stack"><span class="sign bad">${signs.stop()}</span><h1 tabindex="-1">${heading}</h1><p>${words}</p>
      <div class="actions"><button type="button" class="button primary" @click=${this.#left}>${t(this.have ? "wallet.back_to_code" : "wallet.back")}</button></div></div>`;
  }

  #leave(): TemplateResult {
    return html`<button type="button" class="button plain" @click=${this.#left}>${t("wallet.cancel")}</button>`;
  }

  readonly #left = (): void => {
    this.dispatchEvent(new CustomEvent("leave"));
  };

  async #look(): Promise<void> {
    this.#request.abort();
    const { signal } = (this.#request = new AbortController());
    const issuing = (this.#issuing = new Issuing(this.path, this.keep));
    [this.stage, this.words, this.digits, this.failed] = ["looking", null, "", false];
    this.#wrong = 0;
    try {
      this.#length = (await issuing.look(signal)).tx_code?.length ?? 0;
      this.stage = "ask";
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ProblemError && error.problem.status === 404) this.stage = "dead";
      else if (error instanceof StrangeOfferError) this.stage = "strange";
      else [this.words, this.failed] = [troubleText(error), true];
    }
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const asked = this.#length > 0 && this.#issuing?.accepted !== true;
    if (asked && this.digits.length < this.#length) {
      this.words = t("wallet.offer_short", { count: this.#length });
      this.renderRoot.querySelector("input")?.focus();
    } else void this.#run();
  };

  async #run(): Promise<void> {
    const issuing = this.#issuing;
    if (issuing === null) return;
    const { signal } = this.#request;
    [this.stage, this.words] = ["busy", null];
    try {
      const wallet = await issuing.run(this.#length > 0 ? this.digits : null, signal);
      this.dispatchEvent(new CustomEvent("issued", { detail: wallet }));
    } catch (error) {
      if (signal.aborted) return;
      await this.#explain(error, issuing, signal);
    }
  }

  async #explain(error: unknown, issuing: Issuing, signal: AbortSignal): Promise<void> {
    if (error instanceof NoStoreError) this.stage = "no_store";
    else if (error instanceof StrangeOfferError) this.stage = "strange";
    else if (error instanceof OAuthError && error.error === "invalid_grant") {
      this.#wrong += 1;
      // The answer is the same for wrong digits and for a code that is used up: the offer itself tells which.
      const gone = await issuing.look(signal).then(() => false, (cause: unknown) => cause instanceof ProblemError && cause.problem.status === 404);
      if (gone || this.#wrong >= TRIES) this.stage = "dead";
      else [this.stage, this.words, this.digits] = ["ask", t("wallet.offer_wrong", { count: TRIES - this.#wrong }), ""];
    } else if (error instanceof OAuthError && error.status === 401) this.stage = "dead"; // the token's five minutes are over
    else [this.stage, this.words] = ["ask", troubleText(error)];
  }

  static override styles = [sharedStyles, walletStyles];
}

customElements.define("ry-invitation", Invitation);
