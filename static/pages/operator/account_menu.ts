import { css, html, type TemplateResult } from "lit";
import { signOut, type Session } from "../../src/api/session_client.js";
import { t } from "../../src/i18n/index.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { OperatorView } from "../../src/operator/operator_view.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

/** Who is signed in, and the ways out. Event `left` once signed out. */
export class AccountMenu extends OperatorView {
  static override properties = { session: { attribute: false } };
  declare session: Session | null;

  constructor() {
    super();
    this.session = null;
  }

  override render(): TemplateResult {
    const { email = "", role = "operator" } = this.session?.account ?? {};
    return html`<details @keydown=${this.#key} @focusout=${this.#left}>
      <summary><span class="unseen">${t("op.account")}:</span><span class="email">${email}</span><span class="letter" aria-hidden="true">${email.slice(0, 1).toUpperCase()}</span></summary>
      <div class="card">
        <p><strong>${email}</strong><br><span class="soft">${t(`op.role_${role}`)}</span></p>
        ${this.trouble === null ? null : html`<p class="trouble" role="alert">${this.trouble}</p>`}
        <button type="button" class="button" ?disabled=${this.busy} @click=${() => void this.#out(false)}>${t("op.sign_out")}</button>
        <button type="button" class="button danger" ?disabled=${this.busy} @click=${() => void this.#out(true)}>${t("op.sign_out_all")}</button>
      </div></details>`;
  }

  async #out(everywhere: boolean): Promise<void> {
    if (everywhere && !confirm(t("op.sign_out_all_ask"))) return;
    if (await this.run((signal) => signOut(everywhere, signal))) this.dispatchEvent(new CustomEvent("left"));
  }

  #key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    this.#details().open = false;
    this.renderRoot.querySelector<HTMLElement>("summary")?.focus();
  };

  #left = (event: FocusEvent): void => {
    const to = event.relatedTarget as Node | null;
    if (to !== null && !this.#details().contains(to)) this.#details().open = false;
  };

  #details(): HTMLDetailsElement {
    return this.renderRoot.querySelector("details")!;
  }

  static override styles = [sharedStyles, operatorStyles, css`
    :host { flex: none; position: relative; }
    summary { display: flex; align-items: center; gap: 8px; min-height: 48px; padding: 0 16px; list-style: none; cursor: pointer; font-size: 0.875rem; }
    summary::-webkit-details-marker { display: none; }
    summary:focus-visible { outline-offset: -4px; }
    .letter { display: grid; place-items: center; width: 32px; height: 32px; border-radius: 50%; background: var(--brand-soft); color: var(--brand-deep); font-weight: 700; }
    .card { position: absolute; z-index: 30; right: 8px; top: 100%; display: grid; gap: 10px; width: min(300px, calc(100vw - 16px)); box-shadow: var(--shadow-high); }
    .email { max-width: 24ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    @media (max-width: 1199px) { .email { position: absolute; width: 1px; height: 1px; clip-path: inset(50%); } }
  `];
}

customElements.define("ry-account-menu", AccountMenu);
