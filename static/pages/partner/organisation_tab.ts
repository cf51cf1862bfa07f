/** The organisation, the colleagues and the session. Events: `saved` (PartnerDocument), `left`. */
import { css, html, LitElement, type TemplateResult } from "lit";
import type { PartnerDocument } from "../../src/api/desk_types.js";
import { invite, readPartner, removeManager } from "../../src/api/partner_client.js";
import type { Session } from "../../src/api/session_client.js";
import { ask } from "../../src/desk/ask_dialog.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import type { DraftKeep } from "../../src/desk/draft_keep.js";
import { failureText, isSignedOut } from "../../src/desk/failure.js";
import { field } from "../../src/desk/fields.js";
import { say, signedOut } from "../../src/desk/say.js";
import { Localized, t } from "../../src/i18n/index.js";
import { focusRow, nextAfter } from "../../src/ui/row_focus.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import "./organisation_form.js";
import "./session_panel.js";

class OrganisationTab extends LitElement {
  static override properties = { partner: { attribute: false }, session: { attribute: false }, keep: { attribute: false }, email: { state: true }, trouble: { state: true }, busy: { state: true } };
  declare partner: PartnerDocument;
  declare session: Session;
  declare keep: DraftKeep;
  declare email: string;
  declare trouble: string;
  declare busy: boolean;
  readonly #leaving = new AbortController();

  constructor() {
    super();
    this.email = "";
    this.trouble = "";
    this.busy = false;
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaving.abort();
  }

  override render(): TemplateResult {
    const { partner, session } = this;
    return html`
      <div class="row"><h1 tabindex="-1">${t("org.heading")}</h1><span class="badge ${partner.state}">${t(`org.state_${partner.state}`)}</span></div>
      <ry-organisation-form .partner=${partner} @saved=${(event: CustomEvent<PartnerDocument>) => this.#saved(event.detail)}></ry-organisation-form>
      <section class="panel" aria-labelledby="team"><h2 id="team" tabindex="-1">${t("team.heading")}</h2>
        <p class="soft">${t("team.lead")}</p>
        <ul>${partner.managers.map(({ id, email }) => html`<li data-id=${id} tabindex="-1"><span>${email}</span>${id === session.account.id
          ? html`<small>${t("team.you")}</small>`
          : html`<button type="button" class="link" @click=${() => void this.#remove(id, email)}>${t("desk.remove")}<span class="unseen"> ${email}</span></button>`}</li>`)}</ul>
        <form novalidate @submit=${this.#invite}>
          ${field({ name: "colleague", label: t("team.email"), value: this.email, type: "email", inputmode: "email", input: (email) => { this.email = email; } })}
          <button class="button" ?disabled=${this.busy}>${t("team.invite")}</button>
        </form>
        <p class="trouble" role="alert">${this.trouble}</p>
      </section>
      <ry-session-panel .session=${session} .keep=${this.keep} @left=${() => this.dispatchEvent(new CustomEvent("left"))}></ry-session-panel>`;
  }

  #saved(detail: PartnerDocument): void {
    this.partner = detail; // the page says so, too, but only with its own next drawing
    this.dispatchEvent(new CustomEvent("saved", { detail }));
  }

  #invite = async (event: Event): Promise<void> => {
    event.preventDefault();
    const email = this.email.trim();
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
      this.trouble = t("sign.bad_email");
      return this.renderRoot.querySelector<HTMLElement>("input")?.focus();
    }
    await this.#act(async (signal) => {
      await invite(email, signal);
      this.email = "";
      say(this, t("team.invited", { email }));
    });
    await focusRow(this, null, "input"); // the button was out of use meanwhile
  };

  async #remove(id: string, email: string): Promise<void> {
    if (!(await ask(t("team.remove_sure", { email }), t("desk.remove")))) return;
    const next = nextAfter(this.partner.managers, id);
    const done = await this.#act(async (signal) => {
      await removeManager(id, signal);
      say(this, t("team.removed", { email }));
    });
    if (done) await focusRow(this, next, "#team");
  }

  /** Whether it was done. */
  async #act(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    const { signal } = this.#leaving;
    this.busy = true;
    this.trouble = "";
    try {
      await work(signal);
      const partner = await readPartner(signal);
      if (partner !== null) this.#saved(partner);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (isSignedOut(error)) signedOut(this);
      this.trouble = failureText(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  static override styles = [sharedStyles, deskStyles, css`
    :host { display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); max-width: 44rem; }
    ul { display: grid; }
    li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px; min-height: var(--touch); border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
    small { color: var(--ink-soft); }
    form { display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr) auto; align-items: end; }
    .trouble:empty { display: none; }
  `];
}

customElements.define("ry-organisation-tab", OrganisationTab);
