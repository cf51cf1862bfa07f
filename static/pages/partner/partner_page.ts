/**
 * The cabinet of a partner's manager: who is there, what stands in the address, and which part shows it. Signed out it
 * is the invitation; without an organisation it asks for that first.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { keepSession } from "../../src/api/desk_request.js";
import type { PartnerDocument } from "../../src/api/desk_types.js";
import { readPartner } from "../../src/api/partner_client.js";
import { readSession, type Session } from "../../src/api/session_client.js";
import { readAddress, VIEWS, writeAddress, type CabinetAddress } from "../../src/desk/cabinet_address.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { openDraftKeep } from "../../src/desk/draft_keep.js";
import { failureText } from "../../src/desk/failure.js";
import { language, Localized, t } from "../../src/i18n/index.js";
import { readConfig } from "../../src/state/config.js";
import "../../src/ui/page_header.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import "./bulk_tab.js";
import "./keys_tab.js";
import "./location_editor.js";
import "./location_list.js";
import "./organisation_form.js";
import "./organisation_tab.js";
import { pageStyles } from "./page_styles.js";
import "./refusals_tab.js";
import "./session_panel.js";
import "./tills_tab.js";
import { welcome, welcomeStyles } from "./welcome.js";

const SHOWN_MS = 6000;

class PartnerPage extends LitElement {
  static override properties = {
    session: { state: true }, partner: { state: true }, stage: { state: true }, trouble: { state: true }, address: { state: true }, said: { state: true }, out: { state: true },
  };
  declare session: Session | null;
  declare partner: PartnerDocument | null;
  declare stage: "loading" | "failed" | "ready";
  declare trouble: string;
  declare address: CabinetAddress;
  declare said: string;
  /** Signed out in the middle of work. */
  declare out: boolean;
  readonly #config = readConfig();
  readonly #keep = openDraftKeep();
  readonly #leaving = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.session = null;
    this.partner = null;
    this.stage = "loading";
    this.trouble = "";
    this.address = readAddress(location.search);
    this.said = "";
    this.out = false;
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#titled();
    addEventListener("popstate", this.#popped);
    this.addEventListener("say", (event) => this.#say((event as CustomEvent<string>).detail));
    this.addEventListener("go", (event) => this.#go((event as CustomEvent<{ address: CabinetAddress; replace: boolean }>).detail));
    this.addEventListener("signed-out", () => { this.out = true; });
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("popstate", this.#popped);
    clearTimeout(this.#timer);
    this.#leaving.abort();
  }

  override render(): TemplateResult {
    return html`
      <header><ry-page-header ?demo=${this.#config.demo} @language=${this.#titled}></ry-page-header></header>
      ${this.session !== null && this.partner !== null ? this.#tabs() : nothing}
      <main>${this.#body()}</main>
      <p class="said ${this.said === "" ? "unseen" : ""}" role="status">${this.said}</p>`;
  }

  #tabs(): TemplateResult {
    return html`<nav aria-label=${t("nav.label")}><ul>${VIEWS.map((view) => html`<li><a href=${writeAddress({ view, id: null })} data-view=${view}
      aria-current=${this.address.view === view ? "page" : nothing} @click=${this.#tab}>${t(`nav.${view}`)}</a></li>`)}</ul></nav>`;
  }

  #body(): TemplateResult {
    if (this.stage === "loading") return html`<p class="wait" role="status">${t("desk.wait")}</p>`;
    if (this.stage === "failed") {
      return html`<div class="panel"><p class="trouble" role="alert">${this.trouble}</p>
        <button type="button" class="button" @click=${() => void this.#load()}>${t("desk.retry")}</button></div>`;
    }
    const { session, partner } = this;
    if (session === null) return welcome();
    if (session.account.role !== "manager") {
      return html`<div class="panel"><p>${t("welcome.wrong_role")}</p><a class="button" href="/operator">${t("welcome.to_operator")}</a></div>`;
    }
    return html`${this.out ? this.#signedOut() : nothing}${partner === null
      ? html`<ry-organisation-form first @saved=${this.#organisationSaved}></ry-organisation-form>
        <ry-session-panel class="apart" .session=${session} .keep=${this.#keep} @left=${this.#left}></ry-session-panel>`
      : this.#view(session, partner)}`;
  }

  #signedOut(): TemplateResult {
    return html`<div class="notice out" role="alert"><p>${t("desk.not_signed_in")}</p><ry-sign-in-form to="/partner"></ry-sign-in-form></div>`;
  }

  #view(session: Session, partner: PartnerDocument): TemplateResult {
    const { view, id } = this.address;
    const account = session.account.id;
    switch (view) {
      case "locations":
        return id === null
          ? html`<ry-location-list .account=${account} .keep=${this.#keep}></ry-location-list>`
          : html`<ry-location-editor .account=${account} .keep=${this.#keep} .locationId=${id === "new" ? null : id}></ry-location-editor>`;
      case "tills":
        return html`<ry-tills-tab .locationId=${id}></ry-tills-tab>`;
      case "bulk":
        return html`<ry-bulk-tab .bulkId=${id}></ry-bulk-tab>`;
      case "refusals":
        return html`<ry-refusals-tab></ry-refusals-tab>`;
      case "keys":
        return html`<ry-keys-tab></ry-keys-tab>`;
      case "organisation":
        return html`<ry-organisation-tab .partner=${partner} .session=${session} .keep=${this.#keep}
          @saved=${(event: CustomEvent<PartnerDocument>) => { this.partner = event.detail; }} @left=${this.#left}></ry-organisation-tab>`;
    }
  }

  async #load(): Promise<void> {
    this.stage = "loading";
    try {
      this.session = await readSession(this.#leaving.signal);
      if (this.session !== null && this.session.standing !== "full") return location.replace("/sign-in");
      if (this.session?.account.role === "manager") this.partner = await readPartner(this.#leaving.signal);
      this.stage = "ready";
    } catch (error) {
      if (this.#leaving.signal.aborted) return;
      this.trouble = failureText(error);
      this.stage = "failed";
    }
  }

  #organisationSaved = (event: CustomEvent<PartnerDocument>): void => {
    const isFirst = this.partner === null;
    this.partner = event.detail;
    if (isFirst) this.#go({ address: { view: "locations", id: event.detail.locations === 0 ? "new" : null }, replace: false });
  };

  #left = async (): Promise<void> => {
    await this.#keep.forgetAll();
    keepSession(null);
    this.session = null;
    this.partner = null;
    this.out = false;
    this.address = { view: "locations", id: null };
    history.replaceState(null, "", writeAddress(this.address));
    await this.#arrived();
  };

  #tab = (event: Event): void => {
    if ((event as MouseEvent).ctrlKey || (event as MouseEvent).metaKey) return;
    event.preventDefault();
    this.#go({ address: readAddress(new URL((event.currentTarget as HTMLAnchorElement).href).search), replace: false });
  };

  #go({ address, replace }: { readonly address: CabinetAddress; readonly replace: boolean }): void {
    history[replace ? "replaceState" : "pushState"](null, "", writeAddress(address));
    if (replace && address.view === this.address.view) {
      this.address = address; // the same part with another id: a location that now has one, a choice; whoever is in it stays there
      return;
    }
    this.address = address;
    void this.#arrived();
  }

  #popped = (): void => {
    this.address = readAddress(location.search);
    void this.#arrived();
  };

  /** A new view begins at its heading, for eyes and screen readers alike. */
  async #arrived(): Promise<void> {
    await this.updateComplete;
    scrollTo(0, 0);
    for (const part of this.renderRoot.querySelectorAll<LitElement>("main > *")) {
      await part.updateComplete;
      const heading = (part.shadowRoot ?? part).querySelector<HTMLElement>("h1");
      if (heading !== null) return heading.focus({ preventScroll: true });
    }
  }

  #say(words: string): void {
    clearTimeout(this.#timer);
    this.said = words;
    this.#timer = setTimeout(() => { this.said = ""; }, SHOWN_MS);
  }

  #titled = (): void => {
    document.documentElement.lang = language();
    document.title = t("desk.title");
  };

  static override styles = [sharedStyles, deskStyles, pageStyles, welcomeStyles];
}

customElements.define("ry-partner-page", PartnerPage);
