/**
 * `/operator`: who is signed in, the sections, and the live word after each decision. Sections are elements of their
 * own; the address holds which one, and what is open in it.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { categories } from "../../src/api/client.js";
import { readSession, type Session } from "../../src/api/session_client.js";
import type { Category } from "../../src/api/types.js";
import { isLanguage, language, Localized, t } from "../../src/i18n/index.js";
import { readAddress, VIEWS, writeAddress, type AddressState, type View } from "../../src/operator/address_state.js";
import { SIGNED_IN, type Said } from "../../src/operator/operator_view.js";
import { troubleText } from "../../src/operator/trouble_text.js";
import { readConfig } from "../../src/state/config.js";
import { rememberWay } from "../../src/state/way_back.js";
import "../../src/ui/page_header.js";
import "./account_menu.js";
import { operatorPageStyles } from "./operator_page_styles.js";
import "./queue_view.js";

/** What an auditor may see. */
const AUDITOR: readonly View[] = ["audit"];

/** How long the word after a decision stands. */
const SAID_MS = 8000;

/** Sections beside the queue are fetched when they are first opened. */
const FETCH: Readonly<Record<Exclude<View, "queue">, () => Promise<unknown>>> = {
  places: () => import("./places_view.js"),
  partners: () => import("./partners_view.js"),
  accounts: () => import("./accounts_view.js"),
  refusals: () => import("./refusals_view.js"),
  rights: () => import("./rights_view.js"),
  audit: () => import("./audit_view.js"),
};

class OperatorPage extends LitElement {
  static override properties = {
    session: { state: true }, trouble: { state: true }, over: { state: true }, address: { state: true }, known: { state: true },
    said: { state: true }, waiting: { state: true },
  };
  /** undefined: not asked yet. */
  declare session: Session | null | undefined;
  declare trouble: string | null;
  /** The session has ended under our hands: what was typed stays. */
  declare over: boolean;
  declare address: AddressState;
  declare known: readonly Category[];
  declare said: Said | null;
  /** How many wait in the queue, once known. */
  declare waiting: number | null;
  readonly #config = readConfig();
  readonly #requests = new AbortController();
  #fading: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.session = undefined;
    this.trouble = null;
    this.over = false;
    this.address = readAddress(location.search);
    this.known = [];
    this.said = null;
    this.waiting = null;
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#titled();
    addEventListener("popstate", this.#popped);
    document.addEventListener("visibilitychange", this.#back);
    this.addEventListener("said", (event) => this.#say((event as CustomEvent<Said>).detail));
    this.addEventListener("signed-out", () => { this.over = true; });
    this.addEventListener("waiting", (event) => { this.waiting = (event as CustomEvent<number>).detail; });
    this.addEventListener("open", (event) => this.#open((event as CustomEvent<string | null>).detail));
    this.addEventListener("go", (event) => this.#go((event as CustomEvent<string>).detail));
    void this.#whoAmI();
  }

  override render(): TemplateResult {
    const { session } = this;
    const full = session?.standing === "full" && session.account.role !== "manager";
    return html`
      <header><ry-page-header ?demo=${this.#config.demo} @language=${this.#titled}></ry-page-header></header>
      ${full ? this.#desk(session) : html`<main class="gate"><h1 tabindex="-1">${t("op.heading")}</h1>${this.#gate()}</main>`}
      <div class="live" role="status">${this.said === null ? nothing : html`<p class="said"><span>${this.said.text}</span>
        ${this.said.link === undefined ? nothing : html`<a href=${this.said.link.href} @click=${this.#follow}>${this.said.link.text}</a>`}</p>`}</div>`;
  }

  #say(said: Said): void {
    this.said = said;
    clearTimeout(this.#fading);
    this.#fading = setTimeout(() => { this.said = null; }, SAID_MS);
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    // On a phone the sections scroll sideways: the one that is open stays in sight.
    if (!changed.has("address") && !changed.has("session")) return;
    const [nav, open] = ["nav", "nav [aria-current]"].map((path) => this.renderRoot.querySelector<HTMLElement>(path));
    if (nav && open) nav.scrollLeft = open.offsetLeft - nav.offsetLeft - (nav.clientWidth - open.clientWidth) / 2;
  }

  #gate(): TemplateResult {
    const { session } = this;
    if (this.trouble !== null) {
      return html`<p class="trouble" role="alert">${this.trouble}</p>
        <p><button type="button" class="button primary" @click=${() => void this.#whoAmI()}>${t("op.retry")}</button></p>`;
    }
    if (session === undefined) return html`<p role="status">${t("op.loading")}</p>`;
    if (session !== null && session.account.role === "manager") {
      return html`<p>${t("op.gate_role")}</p><p><a class="button primary" href="/partner">${t("op.gate_partner")}</a></p>`;
    }
    return html`<p>${t(session === null ? "op.gate_none" : "op.gate_totp")}</p>
      <p><a class="button primary" href="/sign-in?to=/operator" @click=${this.#leaving}>${t(session === null ? "op.gate_sign_in" : "op.gate_finish")}</a></p>`;
  }

  #desk(session: Session): TemplateResult {
    const { view } = this.address;
    return html`
      <div class="top">
        <nav aria-label=${t("op.nav")}><ul>${allowed(session).map((name) => html`<li>
          <a href=${writeAddress({ view: name, id: null })} aria-current=${name === view ? "page" : nothing} @click=${this.#follow}>${t(`op.view_${name}`)}${
            name === "queue" && this.waiting !== null ? html` <span class="count">${this.waiting}</span>` : nothing}</a></li>`)}</ul></nav>
        <ry-account-menu .session=${session} @left=${() => { this.session = null; this.over = false; this.said = null; }}></ry-account-menu>
      </div>
      ${!this.over ? nothing : html`<p class="over trouble" role="alert"><span>${t("op.session_over")}</span>
        <a class="button" href="/sign-in?to=/operator" target="_blank" @click=${this.#leaving}>${t("op.session_again")}</a></p>`}
      <main id="content" tabindex="-1"><h1 class="unseen">${t("op.heading")}: ${t(`op.view_${view}`)}</h1>${this.#view(session)}</main>`;
  }

  #view(session: Session): TemplateResult {
    const { view, id } = this.address;
    switch (view) {
      case "queue": return html`<ry-queue-view .chosen=${id} .known=${this.known}></ry-queue-view>`;
      case "places": return html`<ry-places-view .chosen=${id} .known=${this.known}></ry-places-view>`;
      case "partners": return html`<ry-partners-view .chosen=${id}></ry-partners-view>`;
      case "accounts": return html`<ry-accounts-view .self=${session.account.id} .partner=${id}></ry-accounts-view>`;
      case "refusals": return html`<ry-refusals-view></ry-refusals-view>`;
      case "rights": return html`<ry-rights-view></ry-rights-view>`;
      case "audit": return html`<ry-audit-view></ry-audit-view>`;
    }
  }

  async #whoAmI(): Promise<void> {
    this.trouble = null;
    const { signal } = this.#requests;
    try {
      const session = await readSession(signal);
      if (session !== null && session.standing === "full") {
        this.address = readAddress(location.search, allowed(session));
        this.#fetch();
        void categories(language(), signal).then((known) => { this.known = known; }, () => {}); // codes do for want of names
      }
      if (session !== null || !this.over) this.session = session;
      if (session?.standing === "full" && this.over) {
        this.over = false;
        dispatchEvent(new Event(SIGNED_IN));
      }
    } catch (error) {
      if (!signal.aborted && !this.over) this.trouble = troubleText(error);
    }
  }

  /** To sign in, and back to what is open here. */
  #leaving = (): void => rememberWay(location.pathname + location.search);

  /** Back from another tab, perhaps the one where somebody signed in again. */
  #back = (): void => {
    if (!document.hidden && this.over) void this.#whoAmI();
  };

  /** Another thing opens within the section: the queue leaves no trace in the history, the lists do. */
  #open(id: string | null): void {
    this.#put({ view: this.address.view, id }, this.address.view !== "queue");
  }

  #follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#go((event.currentTarget as HTMLAnchorElement).getAttribute("href") ?? "");
  };

  #go(href: string): void {
    const next = readAddress(new URL(href, location.href).search);
    const other = next.view !== this.address.view;
    this.#put(next, true);
    if (!other) return;
    this.said = null;
    scrollTo({ top: 0 });
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("main")?.focus({ preventScroll: true }));
  }

  #put(next: AddressState, push: boolean): void {
    if (next.view === this.address.view && next.id === this.address.id) return;
    const lang = new URLSearchParams(location.search).get("lang");
    const href = writeAddress(next, isLanguage(lang) ? lang : null);
    if (push) history.pushState(null, "", href);
    else history.replaceState(null, "", href);
    this.address = next;
    this.#fetch();
    this.#titled();
  }

  #popped = (): void => {
    const { session } = this;
    this.address = readAddress(location.search, session == null ? VIEWS : allowed(session));
    this.#fetch();
    this.#titled();
  };

  #fetch(): void {
    const { view } = this.address;
    if (view !== "queue") FETCH[view]().catch((error: unknown) => { this.said = { text: troubleText(error) }; });
  }

  #titled = (): void => {
    document.documentElement.lang = language();
    document.title = `${t(`op.view_${this.address.view}`)} · ${t("op.title")}`;
  };

  static override styles = operatorPageStyles;
}

function allowed({ account }: Session): readonly View[] {
  return account.role === "auditor" ? AUDITOR : VIEWS;
}

customElements.define("ry-operator-page", OperatorPage);
