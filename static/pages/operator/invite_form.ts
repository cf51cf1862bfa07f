import { css, html, nothing, type TemplateResult } from "lit";
import { inviteAccount, listPartners } from "../../src/api/operator_client.js";
import type { PartnerRow, Role } from "../../src/api/operator_types.js";
import { eachPage } from "../../src/api/pages.js";
import { language, t } from "../../src/i18n/index.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { OperatorView } from "../../src/operator/operator_view.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

const ROLES: readonly Role[] = ["operator", "auditor", "manager"];
const PAUSE_MS = 300;

/** Invites somebody by mail; a manager belongs to a partner. Event `invited`. `partner`: invite a manager of this one. */
export class InviteForm extends OperatorView {
  static override properties = { partner: {}, role: { state: true }, found: { state: true }, chosen: { state: true }, lacking: { state: true }, link: { state: true } };
  declare partner: string | null;
  declare role: Role;
  declare found: readonly PartnerRow[];
  declare chosen: PartnerRow | null;
  declare lacking: boolean;
  /** To be handed over by hand: the service sends no mail. */
  declare link: string | null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The search that counts: an older one may still be on its way through the pages. */
  #search = new AbortController();

  constructor() {
    super();
    this.partner = null;
    this.role = "operator";
    this.found = [];
    this.chosen = null;
    this.lacking = false;
    this.link = null;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("partner") || this.partner === null) return;
    this.role = "manager";
    void this.#find("", this.partner);
  }

  protected override again(): void {
    if (this.partner !== null && this.chosen === null) void this.#find("", this.partner);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#search.abort();
  }

  override render(): TemplateResult {
    return html`<form class="card" @submit=${this.#send} novalidate>
      <h2>${t("op.invite_heading")}</h2>
      <div class="field"><label for="email">${t("op.invite_email")}</label>
        <input id="email" type="email" autocomplete="off" required aria-invalid=${this.trouble === null ? "false" : "true"} aria-describedby="trouble"></div>
      <fieldset><legend>${t("op.invite_role")}</legend>${ROLES.map((role) => html`<label><input type="radio" name="role" value=${role} .checked=${this.role === role}
        @change=${() => { this.role = role; }}><span>${t(`op.role_${role}`)}</span></label>`)}</fieldset>
      ${this.role !== "manager" ? nothing : html`<div class="field"><label for="partner">${t("op.invite_partner")}</label>
        <input id="partner" list="partners" autocomplete="off" aria-describedby="partner-hint" aria-invalid=${this.lacking ? "true" : "false"} @input=${this.#typed}>
        <datalist id="partners">${this.found.map(({ profile }) => html`<option value=${nameOf(profile)}></option>`)}</datalist>
        <p id="partner-hint" class="small ${this.lacking ? "lacking" : "soft"}" role=${this.lacking ? "alert" : nothing}>${this.chosen !== null
          ? html`✓ <span lang=${language() === "ru" ? nothing : "ru"}>${this.chosen.profile.name}</span>` : t(this.lacking ? "op.invite_partner_none" : "op.invite_partner_hint")}</p></div>`}
      <div id="trouble">${this.trouble === null ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}</div>
      <p><button type="submit" class="button primary" ?disabled=${this.busy}>${t("op.invite")}</button></p>
      <div role="status">${this.link === null ? nothing : html`<p>${t("op.invite_link")}</p><p class="mono link">${this.link}</p>`}</div>
    </form>`;
  }

  #typed = (event: Event): void => {
    const words = (event.target as HTMLInputElement).value.trim();
    this.lacking = false;
    this.#search.abort();
    this.chosen = this.found.find(({ profile }) => nameOf(profile) === words) ?? null;
    clearTimeout(this.#timer);
    if (this.chosen === null && words !== "") this.#timer = setTimeout(() => void this.#find(words, null), PAUSE_MS);
  };

  /** Page by page to the end, for the words; or as far as the partner of this id stands. */
  async #find(words: string, id: string | null): Promise<void> {
    this.#search.abort();
    const { signal } = (this.#search = new AbortController());
    const asked = words.split(" · ")[0] ?? "";
    const found: PartnerRow[] = [];
    try {
      for await (const rows of eachPage((cursor) => listPartners(asked, cursor, signal))) {
        if (signal.aborted) return;
        found.push(...rows);
        if (id === null) this.found = [...found];
        this.chosen = found.find((row) => (id === null ? nameOf(row.profile) === words : row.id === id)) ?? null;
        if (this.chosen !== null) break;
      }
      if (id === null || this.chosen === null) return;
      this.found = [this.chosen];
      await this.updateComplete;
      const field = this.renderRoot.querySelector<HTMLInputElement>("#partner");
      if (field !== null) field.value = nameOf(this.chosen.profile);
    } catch (error) {
      if (!signal.aborted) this.failed(error);
    }
  }

  #send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const field = this.renderRoot.querySelector<HTMLInputElement>("#email")!;
    const email = field.value.trim();
    this.lacking = this.role === "manager" && this.chosen === null;
    if (this.lacking) return this.renderRoot.querySelector<HTMLElement>("#partner")?.focus();
    this.link = null;
    const done = await this.run(async (signal) => {
      this.link = (await inviteAccount(email, this.role, this.role === "manager" ? (this.chosen?.id ?? null) : null, signal))?.link ?? null;
    });
    field.focus();
    if (!done) return;
    field.value = "";
    if (this.link === null) this.say(t("op.invited", { email }));
    this.dispatchEvent(new CustomEvent("invited"));
  };

  static override styles = [sharedStyles, operatorStyles, css`
    form { display: grid; gap: 12px; }
    h2 { font-size: 1.0625rem; }
    fieldset { display: grid; margin: 0; padding: 0; border: 0; }
    legend { padding: 0; font-weight: 600; font-size: 0.875rem; }
    fieldset label { display: flex; align-items: center; gap: 10px; min-height: 40px; cursor: pointer; }
    .link { user-select: all; overflow-wrap: anywhere; }
    .lacking { color: var(--danger); font-weight: 600; }
  `];
}

function nameOf({ name, inn }: PartnerRow["profile"]): string {
  return inn ? `${name} · ${inn}` : name;
}

customElements.define("ry-invite-form", InviteForm);
