import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { locale, Localized, t } from "../../src/i18n/index.js";
import { monthText } from "../../src/i18n/month_text.js";
import { icons } from "../../src/ui/icons.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import { KeepAwake } from "../../src/wallet/keep_awake.js";
import type { Shell } from "../../src/wallet/max_bridge.js";
import type { Session } from "../../src/wallet/session.js";
import "./code_card.js";
import { signs, trouble } from "./parts.js";
import { walletStyles } from "./wallet_styles.js";

/**
 * The screen at the till. Its page redraws it whenever the session moves (`moved` counts that). Properties: `session`,
 * `shell`. Events: `go` with the name of another screen; `near` (cancelable) before the list of places is opened.
 */
export class CodeScreen extends LitElement {
  static override properties = { session: { attribute: false }, shell: { attribute: false }, moved: { type: Number }, failed: { state: true } };
  declare session: Session;
  declare shell: Shell;
  declare moved: number;
  /** A new code was asked for and did not come. */
  declare failed: boolean;

  readonly #awake = new KeepAwake();
  #text: string | null = null;
  #said = "";

  constructor() {
    super();
    this.failed = false;
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.shell.blockCapture();
    this.#awake.set(true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.shell.allowCapture();
    this.shell.usualBrightness();
    this.#awake.set(false);
    this.#text = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("shell") && changed.get("shell") !== undefined) this.shell.blockCapture(); // the bridge came later
    const { now, used } = this.session;
    const text = now.kind === "code" ? now.code.text : null;
    if (text !== this.#text || changed.has("shell")) {
      this.#text = text;
      if (text !== null) this.shell.brightest(); // it holds for thirty seconds, as does a code
    }
    const news = used !== null ? t("wallet.used_heading") : now.kind === "old" ? this.#reason() : now.kind === "code" ? t("wallet.code_ready") : "";
    if (news !== "") this.#said = news;
  }

  override render(): TemplateResult {
    const { kept, used } = this.session;
    const until = kept.state?.valid_until ?? null;
    return html`
      <p class="unseen" role="status">${this.#said}</p>
      <div class="shown">${used === null ? this.#code() : this.#used(used.at_ms)}</div>
      <div class="beside"><div class="words"><h1 tabindex="-1">${t("wallet.category")}</h1>
        ${until === null ? nothing : html`<p>${t("wallet.until", { month: monthText(until) })}</p>`}</div>
      <div class="actions">
        <button type="button" class="button" @click=${() => this.#go("spoken")}>${signs.voice()}<span>${t("wallet.spoken_open")}</span></button>
        <div class="pair">
          <a class="button" href="/" @click=${this.#near}>${icons.map()}<span>${t("wallet.near")}</span></a>
          <button type="button" class="button" @click=${() => this.#go("menu")}>${signs.more()}<span>${t("wallet.menu")}</span></button>
        </div>
      </div></div>`;
  }

  #code(): TemplateResult {
    const { now, offline, clock } = this.session;
    if (now.kind === "none") {
      return html`<ry-code-card .text=${null} .left=${1} .time_ms=${clock.now_ms()} .old=${offline ? t("wallet.code_none_offline") : null}></ry-code-card>`;
    }
    if (now.kind === "old") return html`<ry-code-card .text=${now.code.text} .old=${this.#reason()}></ry-code-card>`;
    return html`<ry-code-card .text=${now.code.text} .left=${now.left} .seconds=${Math.ceil(now.left_ms / 1000)} .time_ms=${clock.now_ms()} .old=${null}></ry-code-card>
      <p class="hint">${offline ? html`${signs.offline(22)}<span>${t("wallet.code_offline")}</span>` : t("wallet.code_show")}</p>`;
  }

  #used(at_ms: number): TemplateResult {
    const time = new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(at_ms);
    return html`<div class="card used stack center">
      <span class="sign">${signs.done(44)}</span>
      <h2>${t("wallet.used_heading")}</h2><p>${t("wallet.used_at", { time })}</p>
      ${trouble(this.failed ? t("wallet.trouble_connection") : null)}
      <div class="actions"><button type="button" class="button primary" @click=${this.#renew}>${t("wallet.used_new")}</button></div></div>`;
  }

  #reason(): string {
    return t(this.session.offline ? "wallet.code_old_offline" : "wallet.code_old_server");
  }

  readonly #renew = async (): Promise<void> => {
    this.failed = false;
    this.failed = !(await this.session.renew());
    if (!this.failed) this.renderRoot.querySelector("h1")?.focus();
  };

  readonly #near = (event: Event): void => {
    if (!this.dispatchEvent(new CustomEvent("near", { cancelable: true }))) event.preventDefault();
  };

  #go(screen: string): void {
    this.dispatchEvent(new CustomEvent("go", { detail: screen }));
  }

  static override styles = [sharedStyles, walletStyles, css`
    :host, .shown, .beside { display: grid; grid-template-columns: minmax(0, 1fr); gap: 10px; }
    ry-code-card { width: min(100%, max(304px, 100svh - 400px)); justify-self: center; }
    .used { width: 100%; min-height: 340px; align-content: center; }
    .words { text-align: center; }
    .words p { font-size: 1.1875rem; }
    .hint { display: flex; align-items: center; justify-content: center; gap: 8px; font-size: 1rem; text-align: center; color: var(--ink-soft); }
    .pair { display: flex; flex-wrap: wrap; gap: 10px; }
    .pair .button { flex: 2 1 auto; padding: 8px; font-size: 1.0625rem; }
    .pair a.button { flex-grow: 3; }
    /* A phone lying on its side. */
    @media (orientation: landscape) and (max-height: 500px) {
      :host { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 20px; }
      .beside { align-content: center; }
      ry-code-card { width: min(100%, max(220px, 100svh - 130px)); }
      .used { min-height: 0; }
    }
  `];
}

customElements.define("ry-code-screen", CodeScreen);
