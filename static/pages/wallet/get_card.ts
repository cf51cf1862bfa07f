import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { Localized, t } from "../../src/i18n/index.js";
import { icons } from "../../src/ui/icons.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import type { Shell } from "../../src/wallet/max_bridge.js";
import { readOfferLink } from "../../src/wallet/offer.js";
import { signs, trouble } from "./parts.js";
import { walletStyles } from "./wallet_styles.js";

/**
 * Nothing in the wallet yet: how to get it, and a place for the link. Properties: `shell` (for a scanner), `notice` (a
 * sentence about what has just happened), `have` (there is a wallet, so there is a way back). Events: `offer` with the
 * path of an invitation, `lost`, `home`.
 */
export class GetCard extends LitElement {
  static override properties = { shell: { attribute: false }, notice: {}, done: { type: Boolean }, have: { type: Boolean }, open: { state: true }, camera: { state: true }, text: { state: true }, words: { state: true } };
  declare shell: Shell;
  declare notice: string | null;
  /** The notice is of something that went well. */
  declare done: boolean;
  declare have: boolean;
  /** The field for the link is in sight. */
  declare open: boolean;
  /** The camera looks for an invitation. */
  declare camera: boolean;
  declare text: string;
  declare words: string | null;

  constructor() {
    super();
    this.notice = null;
    this.done = false;
    this.have = false;
    this.open = false;
    this.camera = false;
    this.text = "";
    this.words = null;
    new Localized(this);
  }

  override render(): TemplateResult {
    return html`<div class="stack">
      ${this.have ? html`<button type="button" class="back" @click=${() => this.dispatchEvent(new CustomEvent("home"))}>${icons.back()}<span>${t("wallet.back")}</span></button>` : nothing}
      <div class="head"><span class="sign">${signs.card(32)}</span><h1 tabindex="-1">${t("wallet.heading")}</h1></div>
      ${this.notice === null ? nothing : html`<p class=${this.done ? "good" : "trouble"} role="status">${this.done ? signs.done(24) : signs.warn()}<span>${this.notice}</span></p>`}
      <p>${t("wallet.empty_lead")}</p>
      <h2>${t("wallet.empty_how")}</h2>
      <ol>${([1, 2, 3] as const).map((step) => html`<li><span aria-hidden="true">${step}</span><p>${t(`wallet.empty_step_${step}`)}</p></li>`)}</ol>
      ${this.camera ? html`<ry-camera-view wanted @codes=${this.#seen}></ry-camera-view>` : nothing}
      ${this.open ? this.#field() : trouble(this.words)}
      <div class="actions">
        ${this.open ? nothing : html`<button type="button" class="button primary" @click=${this.#paste}>${t("wallet.paste_button")}</button>`}
        ${this.camera || (this.shell.readCode === null && !HAS_CAMERA) ? nothing : html`<button type="button" class="button" @click=${this.#scan}>${t("wallet.scan_button")}</button>`}
      </div>
      <p class="soft small">${t("wallet.empty_had")}</p>
      <div class="actions"><button type="button" class="button plain" @click=${() => this.dispatchEvent(new CustomEvent("lost"))}>${t("wallet.lost_link")}</button></div>
    </div>`;
  }

  #field(): TemplateResult {
    return html`<form class="stack" novalidate @submit=${(event: Event) => { event.preventDefault(); this.#read(this.text); }}>
      <div class="field"><label for="link">${t("wallet.paste_label")}</label>
        <textarea id="link" rows="3" spellcheck="false" autocomplete="off" autocapitalize="off" .value=${this.text}
          aria-describedby="trouble" aria-invalid=${this.words === null ? "false" : "true"}
          @input=${(event: Event) => { this.text = (event.target as HTMLTextAreaElement).value; }}></textarea></div>
      ${trouble(this.words)}
      <div class="actions"><button class="button primary">${t("wallet.paste_go")}</button></div></form>`;
  }

  /** Where the browser lets a page read the clipboard, the link is there at once; elsewhere there is a field for it. */
  readonly #paste = async (): Promise<void> => {
    this.open = true;
    await this.updateComplete;
    this.renderRoot.querySelector("textarea")?.focus();
    const text = await navigator.clipboard?.readText?.().catch(() => "") ?? "";
    if (text.trim() === "" || this.text !== "") return;
    const found = readOfferLink(text, location.origin);
    if (found.kind === "none") return; // whatever lies in the clipboard is the person's own affair
    this.text = text.trim().slice(0, 2000);
    this.#read(text);
  };

  /** By MAX's scanner where there is one; else by the camera, whose reader is fetched now. */
  readonly #scan = async (): Promise<void> => {
    this.words = null;
    if (this.shell.readCode !== null) {
      const text = await this.shell.readCode();
      if (text !== null) this.#read(text);
      return;
    }
    try {
      await import("../../src/scan/camera_view.js");
      this.camera = true;
    } catch {
      this.words = t("wallet.trouble_connection");
    }
  };

  readonly #seen = (event: CustomEvent<{ texts: readonly string[] }>): void => {
    const [first = ""] = event.detail.texts;
    this.#read(event.detail.texts.find((text) => readOfferLink(text, location.origin).kind === "offer") ?? first);
  };

  #read(text: string): void {
    const found = readOfferLink(text, location.origin);
    if (found.kind === "offer") {
      this.words = null;
      this.dispatchEvent(new CustomEvent("offer", { detail: found.path }));
    } else {
      this.words = offerWords(found);
      this.renderRoot.querySelector("textarea")?.focus();
    }
  }

  static override styles = [sharedStyles, walletStyles, css`
    .head { display: flex; align-items: center; gap: 14px; }
    .sign { flex: none; width: 56px; height: 56px; }
    ol { display: grid; gap: 12px; }
    li { display: grid; grid-template-columns: 36px 1fr; gap: 12px; align-items: start; }
    li > span { display: grid; place-items: center; width: 36px; height: 36px; border-radius: 50%; background: var(--brand-soft); color: var(--brand-deep); font-weight: 700; }
    li p { padding-top: 4px; }
  `];
}

const HAS_CAMERA = "mediaDevices" in navigator;

/** Why a link is not taken. */
export function offerWords(found: { kind: "foreign"; host: string } | { kind: "none" }): string {
  return found.kind === "none" ? t("wallet.paste_none") : t("wallet.paste_foreign", { host: found.host, own: location.host });
}

customElements.define("ry-get-card", GetCard);
