/**
 * The wallet: one page, one screen at a time. The first screen is the code, or the way to get one; the others lie
 * below it, and the phone's own "back" leads up again. No address tells which screen is open, or anything else: an
 * invitation in the fragment is taken out of the address as soon as it has been read.
 */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { language, Localized, t } from "../../src/i18n/index.js";
import { readConfig } from "../../src/state/config.js";
import "../../src/ui/page_header.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import type { Kept } from "../../src/wallet/keep.js";
import { findShell, plainShell, type Shell } from "../../src/wallet/max_bridge.js";
import { readOfferLink } from "../../src/wallet/offer.js";
import { Session } from "../../src/wallet/session.js";
import "./code_screen.js";
import { keepNearbyList, nearScreen } from "./near_screen.js";
import { offerWords } from "./get_card.js";
import "./invitation.js";
import { historyScreen, menuScreen } from "./menu_screen.js";
import "./forget_screen.js";
import "./lost_screen.js";
import "./move_screen.js";
import { busy } from "./parts.js";
import "./recovery_screen.js";
import "./spoken_screen.js";
import { stateScreen } from "./state_screen.js";
import { walletStyles } from "./wallet_styles.js";

const SCREENS = ["menu", "spoken", "recovery", "move", "lost", "history", "forget", "near", "get"] as const;
type Screen = "home" | (typeof SCREENS)[number];

class WalletPage extends LitElement {
  static override properties = {
    screen: { state: true }, offer: { state: true }, notice: { state: true }, shell: { state: true }, moved: { state: true },
  };
  declare screen: Screen;
  /** The path of an invitation that is being looked at. */
  declare offer: string | null;
  /** A sentence for the screen without a code: about a link that was refused, or what was just done. */
  declare notice: string | null;
  declare shell: Shell;

  readonly #config = readConfig();
  readonly #session = new Session(this);
  #redrawn = 0;
  /** What was shown last, as one word. */
  #view: string | null = null;

  constructor() {
    super();
    this.screen = "home";
    this.offer = null;
    this.notice = null;
    this.shell = plainShell;
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    history.replaceState(null, "");
    this.#readFragment();
    addEventListener("hashchange", this.#readFragment);
    addEventListener("popstate", this.#popped);
    void findShell().then((shell) => { this.shell = shell; });
    keepNearbyList();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#readFragment);
    removeEventListener("popstate", this.#popped);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    this.#redrawn += 1;
    document.title = t("wallet.title");
    document.documentElement.lang = language();
    if (changed.has("screen") || changed.has("offer")) scrollTo(0, 0);
  }

  override updated(): void {
    const { loaded, kept, state } = this.#session;
    const home = loaded && this.offer === null && this.screen === "home" && kept.wallet !== null;
    this.#session.show(home); // the state goes on being asked for when there is no code to show
    const view = !loaded ? null : this.offer ?? `${this.screen} ${kept.wallet === null ? "" : state}`;
    // The first view leaves the focus at the top of the page; each later one is read out from its heading.
    if (this.#view !== null && view !== this.#view) void this.#focus();
    this.#view = view;
  }

  async #focus(): Promise<void> {
    const shown = this.renderRoot.querySelector("main")?.firstElementChild ?? null;
    await (shown as Partial<LitElement> | null)?.updateComplete;
    if (shown?.shadowRoot?.activeElement != null) return; // it has put the focus where it wants it
    (shown?.shadowRoot ?? this.renderRoot).querySelector<HTMLElement>("h1")?.focus({ preventScroll: true }); // the code, above it, stays in sight
  }

  override render(): TemplateResult {
    return html`
      <header><ry-page-header ?demo=${this.#config.demo && this.screen === "home" && this.#session.kept.wallet === null}></ry-page-header></header>
      <main>${this.#screen()}</main>`;
  }

  #screen(): TemplateResult {
    const { loaded, kept, keep, state } = this.#session;
    const session = this.#session;
    if (!loaded) return busy(t("wallet.wait"));
    if (this.offer !== null) {
      return html`<ry-invitation .path=${this.offer} .keep=${keep} ?have=${kept.wallet !== null} @issued=${this.#issued}
        @leave=${() => { this.offer = null; }}></ry-invitation>`;
    }
    switch (this.screen) {
      case "menu":
        return menuScreen(this.#go, kept.wallet !== null && state === "active");
      case "history":
        return historyScreen(kept.uses);
      case "near":
        return nearScreen();
      case "lost":
        return html`<ry-lost-screen @done=${() => void session.check()}></ry-lost-screen>`;
      case "get":
        return this.#get();
    }
    if (kept.wallet === null) return this.#get();
    // What needs an active right gives way to the reason why there is none.
    if (state !== "active" && this.screen !== "forget") return stateScreen(session, this.#go);
    switch (this.screen) {
      case "spoken":
        return html`<ry-spoken-screen .session=${session}></ry-spoken-screen>`;
      case "recovery":
        return html`<ry-recovery-screen .session=${session} @home=${this.#home}></ry-recovery-screen>`;
      case "move":
        return html`<ry-move-screen .session=${session} .shell=${this.shell} @home=${this.#home}></ry-move-screen>`;
      case "forget":
        return html`<ry-forget-screen .session=${session} @gone=${this.#gone}></ry-forget-screen>`;
    }
    return html`<ry-code-screen .session=${session} .shell=${this.shell} .moved=${this.#redrawn}
      @go=${(event: CustomEvent<Screen>) => this.#go(event.detail)} @near=${this.#near}></ry-code-screen>`;
  }

  #get(): TemplateResult {
    const notice = this.#session.broken ? t("wallet.no_store") : this.notice;
    return html`<ry-get-card .shell=${this.shell} .notice=${notice} ?done=${notice === t("wallet.forget_done")}
      ?have=${this.#session.kept.wallet !== null} @home=${() => { this.notice = null; this.#home(); }} @lost=${() => this.#go("lost")}
      @offer=${(event: CustomEvent<string>) => { this.offer = event.detail; this.notice = null; }}></ry-get-card>`;
  }

  readonly #readFragment = (): void => {
    if (!location.hash.includes("credential_offer")) return;
    const found = readOfferLink(location.href, location.origin);
    history.replaceState(null, "", location.pathname + location.search);
    if (found.kind === "offer") [this.offer, this.notice] = [found.path, null];
    else [this.notice, this.screen] = [offerWords(found), "get"];
  };

  readonly #go = (screen: string): void => {
    history.pushState({ screen, depth: this.#depth + 1 }, "");
    this.screen = screen as Screen;
  };

  /** How many screens lie between this one and the first. */
  get #depth(): number {
    return (history.state as { depth?: number } | null)?.depth ?? 0;
  }

  readonly #home = (): void => {
    if (this.#depth > 0) history.go(-this.#depth);
    this.screen = "home";
  };

  readonly #popped = (event: PopStateEvent): void => {
    const asked = (event.state as { screen?: Screen } | null)?.screen;
    this.screen = asked !== undefined && (SCREENS as readonly string[]).includes(asked) ? asked : "home";
  };

  readonly #issued = (event: CustomEvent<Kept>): void => {
    void this.#session.adopt(event.detail).then(() => {
      [this.offer, this.notice] = [null, null];
      this.#home();
      void navigator.storage?.persist?.().catch(() => {}); // asks the browser not to clean it away; it may refuse
    });
  };

  readonly #gone = (): void => {
    this.notice = t("wallet.forget_done");
    this.#home();
  };

  /** With a connection the link leads to the list and map; without one, the kept list is shown here. */
  readonly #near = (event: Event): void => {
    if (navigator.onLine && !this.#session.offline) return;
    event.preventDefault();
    this.#go("near");
  };

  static override styles = [sharedStyles, walletStyles, css`
    :host { display: flex; flex-direction: column; min-height: 100vh; }
    main { width: 100%; max-width: 460px; margin: 0 auto; padding: 0 16px 24px; }
    main:has(> ry-get-card, > ry-invitation, > [data-state]) { padding-top: 16px; }
    main:has(> ry-code-screen) { padding: 0 8px 12px; }
    @media (orientation: landscape) and (max-height: 500px) { main:has(> ry-code-screen) { max-width: 740px; } }
    .rows { display: grid; gap: 10px; }
    .rows button {
      display: grid; grid-template-columns: 28px 1fr 22px; gap: 14px; align-items: center; width: 100%; min-height: 72px; padding: 10px 14px;
      border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); text-align: left;
    }
    .rows button:hover { border-color: var(--brand); }
    .rows button > svg { color: var(--brand); }
    .rows span span { display: block; }
    .uses li, .places li { display: grid; gap: 2px; padding: 12px 0; border-bottom: 1px solid var(--line); }
    .places .offer { color: var(--benefit); font-weight: 650; }
  `];
}

customElements.define("ry-wallet-page", WalletPage);
