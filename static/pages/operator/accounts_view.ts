import { css, html, nothing, type TemplateResult } from "lit";
import { disableAccount, listAccounts } from "../../src/api/operator_client.js";
import type { Account } from "../../src/api/operator_types.js";
import { dateText } from "../../src/i18n/hours_text.js";
import { language, t } from "../../src/i18n/index.js";
import "../../src/operator/ask_dialog.js";
import type { AskDialog } from "../../src/operator/ask_dialog.js";
import { listStyles } from "../../src/operator/list_styles.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { OperatorView } from "../../src/operator/operator_view.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import "./invite_form.js";

/** «Учётные записи»: who may sign in; inviting and disabling. */
class AccountsView extends OperatorView {
  static override properties = { self: {}, partner: {}, rows: { state: true } };
  /** The id of who is signed in: nobody disables themselves. */
  declare self: string;
  /** Invite a manager of this partner. */
  declare partner: string | null;
  declare rows: readonly Account[] | null;

  constructor() {
    super();
    this.self = "";
    this.partner = null;
    this.rows = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  protected override again(): void {
    void this.#read();
  }

  override render(): TemplateResult {
    return html`<div class="halves">
      <ry-invite-form .partner=${this.partner} @invited=${() => void this.#read()}></ry-invite-form>
      <section aria-labelledby="list"><h2 id="list" tabindex="-1">${t("op.accounts_list")}</h2>
        ${this.trouble === null ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
        ${this.rows === null && this.trouble === null ? html`<p class="soft" role="status">${t("op.loading")}</p>` : nothing}
        <ul class="rows">${(this.rows ?? []).map((row) => this.#row(row))}</ul></section>
    </div><ry-ask-dialog></ry-ask-dialog>`;
  }

  #row({ id, email, role, partner, created_at, disabled }: Account): TemplateResult {
    return html`<li><div class="row spread"><div><strong>${email}</strong>
        <p class="soft small">${t(`op.role_${role}`)}${partner === null ? nothing : html` · <span lang=${language() === "ru" ? nothing : "ru"}>${partner.name}</span>`} · ${t("op.account_since", { date: dateText(created_at) })}</p></div>
      ${disabled ? html`<span class="tag">${t("op.account_disabled")}</span>` : id === this.self ? html`<span class="tag good">${t("op.account_self")}</span>`
        : html`<button type="button" class="button danger" ?disabled=${this.busy} aria-label="${t("op.disable")}: ${email}" @click=${() => void this.#disable(id, email)}>${t("op.disable")}</button>`}</div></li>`;
  }

  async #read(): Promise<void> {
    await this.run(async (signal) => { this.rows = await listAccounts(signal); });
  }

  async #disable(id: string, email: string): Promise<void> {
    const sure = await this.renderRoot.querySelector<AskDialog>("ry-ask-dialog")!.ask({ title: t("op.disable_ask", { email }), act: t("op.disable"), words: "none" });
    if (sure === null || !await this.run((signal) => disableAccount(id, signal))) return;
    this.say(t("op.disabled", { email }));
    await this.#read();
    this.renderRoot.querySelector<HTMLElement>("#list")?.focus();
  }

  static override styles = [sharedStyles, operatorStyles, listStyles, css`
    section > h2 { margin-bottom: 10px; }
    .halves { display: grid; gap: 24px; align-items: start; grid-template-columns: minmax(0, 1fr); }
    @media (min-width: 900px) { .halves { grid-template-columns: 340px minmax(0, 1fr); } }
  `];
}

customElements.define("ry-accounts-view", AccountsView);
