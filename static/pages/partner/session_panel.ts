/** Who is signed in here, and the ways out. Properties `session`, `keep`. Event `left` once signed out. */
import { css, html, LitElement, type TemplateResult } from "lit";
import { signOut, type Session } from "../../src/api/session_client.js";
import { ask } from "../../src/desk/ask_dialog.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import type { DraftKeep } from "../../src/desk/draft_keep.js";
import { failureText } from "../../src/desk/failure.js";
import { Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

class SessionPanel extends LitElement {
  static override properties = { session: { attribute: false }, keep: { attribute: false }, trouble: { state: true } };
  declare session: Session;
  declare keep: DraftKeep;
  declare trouble: string;
  readonly #leaving = new AbortController();

  constructor() {
    super();
    this.trouble = "";
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaving.abort();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="session"><h2 id="session">${t("team.session")}</h2>
      <p>${t("team.signed_in", { email: this.session.account.email })}</p>
      <p class="trouble" role="alert">${this.trouble}</p>
      <div class="row"><button type="button" class="button" @click=${() => void this.#out(false)}>${t("team.out")}</button>
        <button type="button" class="link" @click=${() => void this.#out(true)}>${t("team.out_all")}</button></div>
    </section>`;
  }

  async #out(everywhere: boolean): Promise<void> {
    const unsaved = await this.keep.list(this.session.account.id);
    if (unsaved.length > 0 && !(await ask(t("team.out_lost"), t("team.out")))) return;
    try {
      await signOut(everywhere, this.#leaving.signal);
      this.dispatchEvent(new CustomEvent("left"));
    } catch (error) {
      if (!this.#leaving.signal.aborted) this.trouble = failureText(error);
    }
  }

  static override styles = [sharedStyles, deskStyles, css`
    :host { max-width: 44rem; overflow-wrap: anywhere; }
    .trouble:empty { display: none; }
  `];
}

customElements.define("ry-session-panel", SessionPanel);
