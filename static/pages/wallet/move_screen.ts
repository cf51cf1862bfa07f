import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { Localized, t } from "../../src/i18n/index.js";
import { qrSvg } from "../../src/qr/qr_svg.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import type { Move } from "../../src/wallet/device.js";
import type { Shell } from "../../src/wallet/max_bridge.js";
import type { Session } from "../../src/wallet/session.js";
import { trouble, troubleText, under } from "./parts.js";
import { walletStyles } from "./wallet_styles.js";

const ASK_MS = 5000;

/**
 * An invitation for the next phone, made by this one. While it is shown, the state is asked for: once the other phone
 * has the credential, this one is `replaced`, and the page says so. Properties: `session`, `shell`.
 * Event: `home` then.
 */
export class MoveScreen extends LitElement {
  static override properties = {
    session: { attribute: false }, shell: { attribute: false }, move: { state: true }, left_min: { state: true }, words: { state: true }, waiting: { state: true },
  };
  declare session: Session;
  declare shell: Shell;
  declare move: Move | null;
  declare left_min: number;
  declare words: string | null;
  declare waiting: boolean;

  readonly #request = new AbortController();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    [this.move, this.left_min, this.words, this.waiting] = [null, 0, null, false];
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#request.abort();
    this.shell.allowCapture();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("move") && this.move !== null) this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  }

  override render(): TemplateResult {
    return under(t("wallet.move_heading"), this.move === null ? html`
      <p>${t("wallet.move_lead")}</p>${trouble(this.words)}
      <div class="actions"><button type="button" class="button primary" ?disabled=${this.waiting} @click=${this.#start}>${t(this.waiting ? "wallet.wait" : "wallet.move_start")}</button></div>`
      : this.#show(this.move));
  }

  #show({ wallet_url, tx_code }: Move): TemplateResult {
    const half = Math.ceil(tx_code.length / 2);
    return html`<ol class="stack">
        <li><p>1. ${t("wallet.move_step_1")}</p><div class="paper">${qrSvg(wallet_url, t("wallet.move_qr"))}</div></li>
        <li><p>2. ${t("wallet.move_step_2")}</p><p class="spell">${tx_code.slice(0, half)} ${tx_code.slice(half)}</p></li></ol>
      <p class="soft">${t("wallet.move_left", { count: this.left_min })}</p><p class="soft">${t("wallet.move_private")}</p>`;
  }

  readonly #start = async (): Promise<void> => {
    if (this.session.device === null) return;
    [this.waiting, this.words] = [true, null];
    try {
      const move = await this.session.device.move(this.#request.signal);
      const end = performance.now() + move.expires_in_s * 1000;
      [this.move, this.left_min] = [move, Math.ceil(move.expires_in_s / 60)];
      this.shell.blockCapture();
      clearInterval(this.#timer);
      this.#timer = setInterval(() => {
        this.left_min = Math.max(0, Math.ceil((end - performance.now()) / 60_000));
        if (this.left_min === 0) {
          clearInterval(this.#timer);
          [this.move, this.words] = [null, t("wallet.move_over")];
        } else if (document.visibilityState === "visible") void this.#watch();
      }, ASK_MS);
    } catch (error) {
      if (this.#request.signal.aborted) return;
      this.words = troubleText(error);
      await this.session.learnFrom(error);
    } finally {
      this.waiting = false;
    }
  };

  async #watch(): Promise<void> {
    await this.session.check();
    if (this.session.state !== "active" && this.isConnected) this.dispatchEvent(new CustomEvent("home"));
  }

  static override styles = [sharedStyles, walletStyles, css`
    li p + * { margin-top: 8px; }
    .paper { margin: 8px auto 0; width: min(100%, 264px); padding: 4px; border-radius: 14px; background: #ffffff; }
    .paper svg { width: 100%; }
  `];
}

customElements.define("ry-move-screen", MoveScreen);
