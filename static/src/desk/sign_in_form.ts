/**
 * Asks for a link by mail. Attribute `to`: where the link leads after signing in, `/partner` or `/operator`; on that
 * page itself, to what is open in it. The answer is the same whether the address is known or not.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { askForLink } from "../api/session_client.js";
import { language, Localized, t } from "../i18n/index.js";
import { rememberWay } from "../state/way_back.js";
import { sharedStyles } from "../ui/shared_styles.js";
import { deskStyles } from "./desk_styles.js";
import { failureText } from "./failure.js";
import "./words.js";

export class SignInForm extends LitElement {
  static override properties = { to: {}, email: { state: true }, stage: { state: true }, trouble: { state: true }, devMail: { state: true } };
  declare to: "/partner" | "/operator";
  declare email: string;
  declare stage: "ask" | "busy" | "sent";
  declare trouble: string;
  declare devMail: boolean;
  #request = new AbortController();

  constructor() {
    super();
    this.to = "/partner";
    this.email = "";
    this.stage = "ask";
    this.trouble = "";
    this.devMail = false;
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request.abort();
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("input, h2")?.focus();
  }

  override render(): TemplateResult {
    if (this.stage === "sent") {
      return html`<div class="panel" role="group" aria-labelledby="sent">
        <h2 id="sent" tabindex="-1">${t("sign.sent")}</h2>
        <p>${t("sign.sent_to", { email: this.email })}</p>
        <p class="soft">${t("sign.sent_none")}</p>
        ${this.devMail ? html`<a class="button" href="/dev/mail">${t("sign.dev_mail")}</a>` : nothing}
        <button type="button" class="link" @click=${this.#again}>${t("sign.another")}</button>
      </div>`;
    }
    return html`<form class="panel" novalidate @submit=${this.#submit}>
      <div class="field">
        <label for="email">${t("sign.email")}</label>
        <input id="email" type="email" inputmode="email" autocomplete="email" autocapitalize="none" spellcheck="false" enterkeyhint="send" maxlength="254"
          .value=${this.email} aria-describedby="hint trouble" aria-invalid=${this.trouble === "" ? "false" : "true"}>
        <p class="hint" id="hint">${t("sign.email_hint")}</p>
        <p class="trouble" id="trouble" role="alert">${this.trouble}</p>
      </div>
      <button class="button primary" ?disabled=${this.stage === "busy"}>${t(this.stage === "busy" ? "sign.sending" : "sign.send")}</button>
    </form>`;
  }

  #again(): void {
    this.stage = "ask";
    void this.updateComplete.then(() => this.focus());
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.stage === "busy") return;
    this.email = this.renderRoot.querySelector("input")!.value.trim();
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(this.email)) return this.#refuse(t("sign.bad_email"));
    const request = (this.#request = new AbortController());
    this.stage = "busy";
    this.trouble = "";
    try {
      this.devMail = await askForLink(this.email, this.to, language(), request.signal);
      if (location.pathname === this.to) rememberWay(location.pathname + location.search);
      this.stage = "sent";
      await this.updateComplete;
      this.focus();
    } catch (error) {
      if (request.signal.aborted) return;
      this.stage = "ask";
      this.#refuse(failureText(error));
    }
  };

  #refuse(words: string): void {
    this.trouble = words;
    this.renderRoot.querySelector("input")?.focus();
  }

  static override styles = [sharedStyles, deskStyles, css`
    .trouble:empty { display: none; }
    .panel { max-width: 30rem; overflow-wrap: anywhere; }
  `];
}

customElements.define("ry-sign-in-form", SignInForm);
