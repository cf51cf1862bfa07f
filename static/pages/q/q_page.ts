/**
 * Where an ordinary camera ends up that reads a code: `/Q#A…`. One word over the whole screen, the same words as at a
 * till and no more than the word. Opening the address does nothing by itself; the question is a POST of this page.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { language, Localized, t } from "../../src/i18n/index.js";
import { check, outcome, type Outcome } from "../../src/scan/check.js";
import { ourCode } from "../../src/scan/code_text.js";
import { answered, keepCheck, keptCheck, newCheck, type KeptCheck } from "../../src/scan/kept_check.js";
import { keptTerminal } from "../../src/scan/kept_terminal.js";
import { taken, takeFragment } from "../../src/scan/take_fragment.js";
import { screenOf } from "../../src/scan/verdict.js";
import { aloud, clock } from "../../src/scan/verdict_view.js";
import { readConfig } from "../../src/state/config.js";
import "../../src/ui/page_header.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

class QPage extends LitElement {
  static override properties = { kept: { state: true }, busy: { state: true } };
  /** The check this tab is about; null: it was opened without a code. */
  declare kept: KeptCheck | null;
  declare busy: boolean;

  readonly #config = readConfig();
  readonly #till = keptTerminal() !== null;
  #request = new AbortController();

  constructor() {
    super();
    this.kept = null;
    this.busy = false;
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#titled();
    addEventListener("hashchange", this.#another);
    addEventListener("online", this.#online);
    if (taken !== null) this.#begin(taken);
    else {
      this.kept = keptCheck();
      if (this.kept?.outcome === null) void this.#ask(this.kept); // reloaded before the answer came
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#another);
    removeEventListener("online", this.#online);
    this.#request.abort();
  }

  override render(): TemplateResult {
    const found = this.kept?.outcome ?? null;
    return html`
      <header><ry-page-header ?demo=${this.#config.demo} @language=${this.#titled}></ry-page-header></header>
      <main>
        <p class="unseen" role="alert">${found === null || this.busy ? "" : aloud(found, true)}</p>
        ${this.busy ? this.#checking() : found === null ? this.#about() : this.#verdict(found)}
        ${this.#host()}
        ${this.busy ? nothing : this.#ways()}
      </main>`;
  }

  #checking(): TemplateResult {
    return html`<div class="checking" role="status"><span class="wheel"></span><p>${t("scan.checking")}</p></div>`;
  }

  #about(): TemplateResult {
    return html`<section class="about"><h1>${t("q.heading")}</h1><p>${t("q.lead")}</p><p class="soft">${t("q.none")}</p></section>`;
  }

  #verdict(found: Outcome): TemplateResult {
    const { retry } = screenOf(found.said);
    return html`<h1 class="unseen">${t("q.heading")}</h1>
      <ry-verdict bare .outcome=${found}>
        <p class="when">${t("q.checked", { time: clock(this.kept?.at_ms ?? Date.now()) })}${found.said === "valid" ? html`. ${t("q.once")}` : nothing}</p>
        ${retry && this.kept?.text != null ? html`<button type="button" class="button again" @click=${this.#again}>${t("scan.retry")}</button>` : nothing}
      </ry-verdict>`;
  }

  /** The strongest trick against "any phone can check" is another site with a green screen. */
  #host(): TemplateResult {
    return html`<section class="host"><p>${t("q.host")}</p><p class="name">${location.host}</p><p class="soft">${t("q.host.check")}</p></section>`;
  }

  #ways(): TemplateResult {
    return html`<nav class="ways" aria-label=${t("product")}>
      ${this.#till ? html`<p>${t("q.paired")}</p>` : nothing}
      <a class="button" href="/scan">${t("q.scan")}</a>
      ${this.#till ? nothing : html`<p class="soft">${t("q.scan.why")}</p>`}
      <a class="button" href="/">${t("q.map")}</a>
    </nav>`;
  }

  /** What stands behind the `#` is ours only in our shape; anything else is not even asked about. */
  #begin(fragment: string): void {
    const text = ourCode(`${location.protocol}//${location.host}/Q#${fragment}`, location);
    const begun = newCheck(text ?? "");
    if (text === null) return this.#keep(answered(begun, outcome("not_ours"), false));
    this.#keep(begun);
    void this.#ask(begun);
  }

  async #ask(begun: KeptCheck): Promise<void> {
    const { text, check_id } = begun;
    if (text === null) return;
    this.#request.abort();
    const request = (this.#request = new AbortController());
    this.busy = true;
    try {
      const found = await check({ text, check_id }, null, request.signal);
      if (request.signal.aborted || found === "unpaired") return;
      this.#keep(answered(begun, found, screenOf(found.said).retry));
    } catch (error) {
      if (!request.signal.aborted) throw error;
    } finally {
      if (this.#request === request) this.busy = false;
    }
  }

  #keep(kept: KeptCheck): void {
    this.kept = kept;
    keepCheck(kept);
  }

  #again = (): void => {
    if (this.kept !== null) void this.#ask(this.kept);
  };

  #online = (): void => {
    if (this.kept?.outcome?.said === "no_connection") this.#again();
  };

  #another = (): void => {
    const fragment = takeFragment();
    if (fragment !== null) this.#begin(fragment);
  };

  #titled = (): void => {
    document.documentElement.lang = language();
    document.title = t("q.title");
  };

  static override styles = [sharedStyles, css`
    main { display: grid; gap: 16px; padding-bottom: max(24px, env(safe-area-inset-bottom)); }
    ry-verdict, .checking {
      display: flex; flex-direction: column; align-items: center; justify-content: center; gap: clamp(10px, 2.4vh, 28px);
      min-height: 62vh; padding: 20px 16px;
    }
    .checking { font-size: 2rem; font-weight: 700; }
    .wheel { width: 72px; height: 72px; border: 8px solid var(--line); border-top-color: var(--brand); border-radius: 50%; animation: turn 0.8s linear infinite; }
    @keyframes turn { to { transform: rotate(1turn); } }
    .when { max-width: 34rem; text-align: center; font-weight: 550; }
    .again { min-height: 60px; padding: 8px 40px; font-size: 1.25rem; background: #ffffff; color: #14201a; border: 2px solid #14201a; }
    .about, .host, .ways { display: grid; gap: 8px; width: 100%; max-width: 40rem; margin: 0 auto; padding: 0 16px; }
    .about { padding-top: 12px; }
    h1 { font-size: 1.75rem; letter-spacing: -0.015em; line-height: 1.2; }
    .soft { color: var(--ink-soft); font-size: 0.9375rem; }
    .host { text-align: center; }
    .name { font-size: clamp(1.5rem, 7vw, 2.75rem); font-weight: 800; line-height: 1.15; letter-spacing: -0.01em; overflow-wrap: anywhere; }
    .ways { margin-top: 8px; }
    .ways .button { min-height: 52px; }
  `];
}

customElements.define("ry-q-page", QPage);
