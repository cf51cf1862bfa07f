/**
 * The end of a link from a mail. Opening the page signs nobody in (scanners open links): a button does. Operators then
 * show the second key, a code of their phone.
 */
import { css, html, LitElement, type TemplateResult } from "lit";
import { finishSignIn, readSession, type Session } from "../../src/api/session_client.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { failureText } from "../../src/desk/failure.js";
import "../../src/desk/sign_in_form.js";
import { ProblemError } from "../../src/api/request.js";
import { language, Localized, t } from "../../src/i18n/index.js";
import { readConfig } from "../../src/state/config.js";
import { takeWay } from "../../src/state/way_back.js";
import "../../src/ui/page_header.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import { token } from "./take_token.js";
import "./totp_form.js";

class SignInPage extends LitElement {
  static override properties = { token: { state: true }, session: { state: true }, busy: { state: true }, trouble: { state: true } };
  declare token: string | null;
  declare session: Session | null;
  declare busy: boolean;
  declare trouble: string;
  readonly #config = readConfig();
  readonly #leaving = new AbortController();
  readonly #to = new URLSearchParams(location.search).get("to") === "/operator" ? "/operator" : "/partner";

  constructor() {
    super();
    this.token = token;
    this.session = null;
    this.busy = false;
    this.trouble = "";
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#titled();
    addEventListener("hashchange", this.#another);
    if (this.token === null) void this.#whoAmI();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#another);
    this.#leaving.abort();
  }

  override render(): TemplateResult {
    return html`
      <header><ry-page-header ?demo=${this.#config.demo} @language=${this.#titled}></ry-page-header></header>
      <main>${this.session !== null && this.session.standing !== "full"
        ? html`<ry-totp-form .enrol=${this.session.standing === "totp_enrol"} @signed-in=${(event: CustomEvent<Session>) => this.#next(event.detail)}></ry-totp-form>`
        : this.#door()}</main>`;
  }

  #door(): TemplateResult {
    return html`<h1>${t("sign.heading")}</h1>
      <p class="trouble" role="alert">${this.trouble}</p>
      ${this.token === null ? html`<ry-sign-in-form to=${this.#to}></ry-sign-in-form>` : html`
        <div class="panel">
          <p>${t("sign.ready")}</p>
          <button type="button" class="button primary large" ?disabled=${this.busy} @click=${this.#finish}>${t(this.busy ? "sign.busy" : "sign.go")}</button>
          <p class="hint">${t("sign.ready_why")}</p>
        </div>`}`;
  }

  /** The same tab opened once more by another link of a mail. */
  #another = (): void => {
    if (location.hash.length < 2) return;
    this.token = location.hash.slice(1);
    this.trouble = "";
    history.replaceState(null, "", location.pathname + location.search);
  };

  /** A reload in the middle of the second key goes on with it. */
  async #whoAmI(): Promise<void> {
    try {
      const session = await readSession(this.#leaving.signal);
      if (session !== null && session.standing !== "full") this.session = session;
    } catch {
      // the form for the address stands there already
    }
  }

  #finish = async (): Promise<void> => {
    if (this.token === null || this.busy) return;
    this.busy = true;
    this.trouble = "";
    try {
      this.#next(await finishSignIn(this.token, this.#leaving.signal));
    } catch (error) {
      if (this.#leaving.signal.aborted) return;
      this.busy = false;
      if (error instanceof ProblemError && error.problem.status === 404) {
        this.token = null;
        this.trouble = t("sign.used");
      } else this.trouble = failureText(error);
    }
  };

  #next(session: Session): void {
    if (session.standing === "full") location.replace(takeWay(session.to === "/operator" ? "/operator" : "/partner"));
    else this.session = session;
  }

  #titled = (): void => {
    document.documentElement.lang = language();
    document.title = t("sign.title");
  };

  static override styles = [sharedStyles, deskStyles, css`
    main { display: grid; gap: 14px; max-width: 30rem; margin: 4vh auto 0; padding: 16px; grid-template-columns: minmax(0, 1fr); }
    .trouble:empty { display: none; }
    .large { min-height: 56px; font-size: 1.125rem; }
  `];
}

customElements.define("ry-sign-in-page", SignInPage);
