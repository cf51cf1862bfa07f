/**
 * The till. Pairs once, then takes codes by camera, picture, hardware scanner, pasted text or six spoken digits, and
 * shows one verdict at a time over the whole screen. Ready for the next customer after two seconds, by itself.
 *
 * What a code says is never opened as a link, and a text that is not ours never leaves the device.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { NoAnswerError, ProblemError } from "../../src/api/client.js";
import { whichTerminal, type Shown, type Terminal } from "../../src/api/verify_client.js";
import { language, Localized, t } from "../../src/i18n/index.js";
import { cameraIcons } from "../../src/scan/camera_icons.js";
import "../../src/scan/camera_view.js";
import { check, outcome, type Outcome } from "../../src/scan/check.js";
import { ourCode, ourTypedCode } from "../../src/scan/code_text.js";
import { countOne, todaysCount, type DayCount } from "../../src/scan/day_count.js";
import { keepSettings, keepTerminal, keptSettings, keptTerminal, type KeptTerminal, type Settings } from "../../src/scan/kept_terminal.js";
import "../../src/scan/pair_form.js";
import { allowSound, shake, sound } from "../../src/scan/sounds.js";
import "../../src/scan/spoken_form.js";
import "../../src/scan/till_settings.js";
import { screenOf } from "../../src/scan/verdict.js";
import "../../src/scan/verdict_view.js";
import { aloud } from "../../src/scan/verdict_view.js";
import { WedgeListener } from "../../src/scan/wedge_listener.js";
import { readConfig } from "../../src/state/config.js";
import "../../src/ui/page_header.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

/** How long a verdict covers the screen. */
const SHOWN_MS = 2000;
/** A camera that sees another code already may not take a verdict away sooner. */
const LEAST_MS = 1000;

type Place = "ready" | "checking" | "verdict";

class ScanPage extends LitElement {
  static override properties = {
    terminal: { state: true }, why: { state: true }, place: { state: true }, outcome: { state: true }, today: { state: true },
    settings: { state: true }, online: { state: true },
  };
  declare terminal: KeptTerminal | null;
  declare why: string;
  declare place: Place;
  /** The verdict on the screen, or the last one. */
  declare outcome: Outcome | null;
  declare today: DayCount;
  declare settings: Settings;
  declare online: boolean;

  readonly #config = readConfig();
  readonly #wedge = new WedgeListener((readings, claim) => this.#typed(readings, claim));
  #request = new AbortController();
  #about = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown: Shown | null = null;
  #since_ms = 0;
  #focused: HTMLElement | null = null;

  constructor() {
    super();
    this.terminal = keptTerminal();
    this.why = "";
    this.place = "ready";
    this.outcome = null;
    this.today = todaysCount();
    this.settings = keptSettings();
    this.online = navigator.onLine;
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#titled();
    this.#wedge.start();
    addEventListener("online", this.#connection);
    addEventListener("offline", this.#connection);
    addEventListener("paste", this.#pasted);
    addEventListener("keydown", this.#key);
    addEventListener("pointerdown", allowSound);
    addEventListener("keydown", allowSound);
    void this.#whoAmI();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#wedge.stop();
    removeEventListener("online", this.#connection);
    removeEventListener("offline", this.#connection);
    removeEventListener("paste", this.#pasted);
    removeEventListener("keydown", this.#key);
    removeEventListener("pointerdown", allowSound);
    removeEventListener("keydown", allowSound);
    this.#request.abort();
    this.#about.abort();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    const covered = this.place !== "ready";
    return html`
      <div class="under" ?inert=${covered}>
        <header><ry-page-header ?demo=${this.#config.demo} @language=${this.#titled}></ry-page-header></header>
        <main>${this.terminal === null
          ? html`<ry-pair-form .why=${this.why} @paired=${this.#paired}></ry-pair-form>`
          : this.#till(this.terminal, covered)}</main>
      </div>
      <p class="unseen" role="alert">${this.place === "verdict" && this.outcome !== null ? aloud(this.outcome, false) : ""}</p>
      ${this.place === "checking" ? html`<main class="cover checking"><span class="wheel"></span><h1 role="status">${t("scan.checking")}</h1></main>` : nothing}
      ${this.place === "verdict" && this.outcome !== null ? this.#verdict(this.outcome) : nothing}`;
  }

  #till({ location, terminal, shift_mark }: KeptTerminal, covered: boolean): TemplateResult {
    const { checks, valid } = this.today;
    return html`
      <h1 class="unseen">${t("scan.heading")}</h1>
      <div class="till">
        <div class="who"><p class="location">${location.name}</p><p class="name">${terminal.name}</p></div>
        ${shift_mark === undefined ? nothing : html`<p class="mark"><span>${t("scan.mark")}</span> <strong>${shift_mark}</strong></p>`}
      </div>
      ${this.online ? nothing : html`<p class="offline" role="status">${t("scan.offline")}</p>`}
      <div class="columns">
        ${this.outcome === null ? nothing : html`<section class="last" aria-label=${t("scan.last")}><ry-verdict strip .outcome=${this.outcome}></ry-verdict>
          ${screenOf(this.outcome.said).retry && this.#shown !== null ? html`<button type="button" class="button" @click=${this.#again}>${t("scan.retry")}</button>` : nothing}</section>`}
        <div class="way">
          <ry-camera-view ?paused=${covered && this.settings.hold} ?wanted=${this.settings.camera} @wanted=${this.#wanted} @codes=${this.#seen}></ry-camera-view>
          <p class="wedge">${cameraIcons.scanner()}<span>${t("scan.wedge")}</span></p>
        </div>
        <div class="side">
          <ry-spoken-form .number=${terminal.number} @spoken=${this.#spoken}></ry-spoken-form>
          <p class="today">${t("scan.today", { count: checks })}, ${t("scan.today.valid", { number: valid })} <small>${t("scan.today.note")}</small></p>
          <ry-till-settings .settings=${this.settings} @settings=${this.#set} @leave=${this.#leave}></ry-till-settings>
        </div>
      </div>`;
  }

  #verdict(shown: Outcome): TemplateResult {
    const { retry, tone } = screenOf(shown.said);
    return html`<main class="cover verdict ${tone}" @click=${this.#next}>
      <h1 class="unseen">${t("scan.heading")}</h1>
      <ry-verdict .outcome=${shown}>
        <div class="buttons">
          ${retry && this.#shown !== null ? html`<button type="button" class="button" @click=${this.#again}>${t("scan.retry")}</button>` : nothing}
          <button type="button" class="button next" @click=${this.#next}>${t("scan.next")}</button>
        </div>
      </ry-verdict>
      ${this.#stays(shown) ? nothing : html`<span class="left"></span>`}
    </main>`;
  }

  /** With a button that matters more than the next customer, or when the cashier wants it so. */
  #stays({ said }: Outcome): boolean {
    return this.settings.hold || screenOf(said).retry;
  }

  async #whoAmI(): Promise<void> {
    const kept = this.terminal;
    if (kept === null) return;
    this.#about.abort();
    const about = (this.#about = new AbortController());
    try {
      this.#known(kept.token, await whichTerminal(kept.token, about.signal));
    } catch (error) {
      if (about.signal.aborted) return;
      if (error instanceof ProblemError && error.problem.status === 401) this.#unpair(t("scan.pair.revoked"));
      else if (!(error instanceof ProblemError || error instanceof NoAnswerError)) throw error; // no answer: what is kept will do
    }
  }

  #known(token: string, { terminal, location, benefits, shift_mark }: Terminal): void {
    this.terminal = { token, terminal, location, benefits, ...(shift_mark === undefined ? {} : { shift_mark }) };
    keepTerminal(this.terminal);
  }

  #paired = (event: CustomEvent<Terminal & { readonly token: string }>): void => {
    this.why = "";
    this.#known(event.detail.token, event.detail);
    void this.#whoAmI(); // for the shift mark
  };

  #unpair(why: string): void {
    keepTerminal(null);
    this.why = why;
    this.terminal = null;
    this.outcome = null;
    this.#ready();
  }

  #typed(readings: readonly string[], claim: () => void): void {
    if (this.terminal === null) return;
    const code = ourTypedCode(readings, location);
    if (code !== null) {
      claim();
      return this.#ask({ text: code });
    }
    // Into a field goes what belongs there; anywhere else a scan that is none of ours is told so.
    if (deepFocus() instanceof HTMLInputElement && !readings.some((text) => text.length > 12)) return;
    claim();
    this.#say(outcome("not_ours"), null);
  }

  #pasted = (event: ClipboardEvent): void => {
    const code = ourTypedCode([event.clipboardData?.getData("text/plain") ?? ""], location);
    if (this.terminal === null || code === null) return;
    event.preventDefault();
    this.#ask({ text: code });
  };

  #seen = (event: CustomEvent<{ readonly texts: readonly string[]; readonly live: boolean }>): void => {
    if (this.terminal === null) return;
    const { texts, live } = event.detail;
    if (live && (this.place === "checking" || (this.place === "verdict" && performance.now() - this.#since_ms < LEAST_MS))) return event.preventDefault();
    const code = texts.map((text) => ourCode(text, location)).find((text) => text !== null);
    if (code === undefined) this.#say(outcome("not_ours"), null);
    else this.#ask({ text: code });
  };

  #spoken = (event: CustomEvent<string>): void => this.#ask({ spoken: event.detail });

  #again = (event: Event): void => {
    event.stopPropagation();
    if (this.#shown !== null) this.#ask(this.#shown);
  };

  #ask(shown: Shown): void {
    void this.#check(shown);
  }

  async #check(shown: Shown): Promise<void> {
    const token = this.terminal?.token;
    if (token === undefined) return;
    this.#request.abort();
    const request = (this.#request = new AbortController());
    clearTimeout(this.#timer);
    this.#cover("checking");
    try {
      const found = await check(shown, token, request.signal);
      if (request.signal.aborted) return;
      if (found === "unpaired") return this.#unpair(t("scan.pair.revoked"));
      const mark = found.verdict?.shift_mark;
      if (mark !== undefined && this.terminal !== null && mark !== this.terminal.shift_mark) this.#known(token, { ...this.terminal, shift_mark: mark });
      this.#say(found, shown);
    } catch (error) {
      if (!request.signal.aborted) throw error;
    }
  }

  #say(said: Outcome, shown: Shown | null): void {
    clearTimeout(this.#timer);
    this.#request.abort();
    const { tone, retry } = screenOf(said.said);
    this.#shown = shown;
    this.outcome = said;
    this.#since_ms = performance.now();
    this.#cover("verdict");
    if (!retry) this.today = countOne(said.said === "valid");
    if (this.settings.sound) sound(tone);
    shake(tone);
    if (!this.#stays(said)) this.#timer = setTimeout(() => this.#ready(), SHOWN_MS);
  }

  /** What lies under a cover cannot hold the focus; it gets it back afterwards. */
  #cover(place: Place): void {
    if (this.place === "ready") this.#focused = deepFocus();
    this.place = place;
    if (place === "verdict") void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".cover .buttons button")?.focus({ preventScroll: true })); // the word stays in sight
  }

  #next = (event: Event): void => {
    event.stopPropagation();
    this.#ready();
  };

  #ready(): void {
    clearTimeout(this.#timer);
    if (this.place === "ready") return;
    this.place = "ready";
    const focused = this.#focused;
    this.#focused = null;
    void this.updateComplete.then(() => focused?.isConnected === true && focused.focus({ preventScroll: true }));
  }

  #key = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && this.place === "verdict") this.#ready();
  };

  #connection = (): void => {
    this.online = navigator.onLine;
    if (!this.online) return;
    // A code lives for less than a minute: the waiting customer's is asked about at once.
    if (this.place === "verdict" && this.outcome?.said === "no_connection" && this.#shown !== null) this.#ask(this.#shown);
    else void this.#whoAmI();
  };

  #wanted = (event: CustomEvent<boolean>): void => this.#keep({ ...this.settings, camera: event.detail });

  #set = (event: CustomEvent<Settings>): void => this.#keep(event.detail);

  #keep(settings: Settings): void {
    this.settings = settings;
    keepSettings(settings);
  }

  #leave = (): void => this.#unpair(t("scan.pair.left"));

  #titled = (): void => {
    document.documentElement.lang = language();
    document.title = t("scan.title");
  };

  static override styles = [sharedStyles, css`
    .under main { max-width: 1120px; margin: 0 auto; padding: 0 12px 24px; }
    .till { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 12px 4px; }
    .who { min-width: 0; }
    .location { font-size: 1.0625rem; font-weight: 700; line-height: 1.2; overflow-wrap: anywhere; }
    .name { color: var(--ink-soft); font-size: 0.9375rem; }
    .mark { flex: none; text-align: center; line-height: 1.1; }
    .mark span { display: block; font-size: 0.8125rem; color: var(--ink-soft); }
    .mark strong { font-size: 1.75rem; white-space: nowrap; }
    .offline { margin-bottom: 12px; padding: 10px 14px; border-radius: var(--radius-small); background: var(--notice); color: var(--notice-ink); font-weight: 600; }
    .columns, .way, .side { display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; align-content: start; }
    .last { display: grid; gap: 8px; }
    .wedge { display: flex; align-items: center; gap: 12px; padding: 4px; color: var(--ink-soft); font-size: 0.9375rem; line-height: 1.3; }
    .today small { color: var(--ink-soft); font-size: 0.875rem; }

    .cover { position: fixed; inset: 0; z-index: 10; overflow-y: auto; }
    .checking { display: grid; place-content: center; justify-items: center; gap: 20px; background: var(--paper); animation: late 0.15s step-end; }
    /* A fast answer should not flash a wheel. */
    @keyframes late { from { opacity: 0; } }
    .checking h1 { font-size: 2rem; }
    .wheel { width: 72px; height: 72px; border: 8px solid var(--line); border-top-color: var(--brand); border-radius: 50%; animation: turn 0.8s linear infinite; }
    @keyframes turn { to { transform: rotate(1turn); } }
    .verdict { cursor: pointer; }
    .verdict ry-verdict {
      display: flex; flex-direction: column; align-items: center; justify-content: safe center; gap: clamp(10px, 2.4vh, 28px); min-height: 100%; box-sizing: border-box;
      padding: max(16px, env(safe-area-inset-top)) 16px max(16px, env(safe-area-inset-bottom));
    }
    .buttons { position: sticky; bottom: 16px; display: flex; flex-wrap: wrap; gap: 12px; width: 100%; max-width: 46rem; justify-content: center; }
    .buttons .button { flex: 1 1 9rem; min-height: 60px; font-size: 1.25rem; background: #ffffff; color: #14201a; border: 2px solid #14201a; }
    .buttons .button:focus-visible { outline: 4px solid #14201a; outline-offset: 3px; box-shadow: 0 0 0 3px #ffffff; }
    .left { position: fixed; left: 0; bottom: 0; height: 8px; width: 100%; background: rgb(255 255 255 / 85%); transform-origin: left; animation: shrink 2s linear forwards; }
    .again .left, .unsure .left { background: rgb(0 0 0 / 60%); }
    @keyframes shrink { to { transform: scaleX(0); } }
    @media (min-width: 860px) {
      .under main { padding: 0 32px 32px; }
      .columns { grid-template-columns: minmax(0, 1.2fr) minmax(340px, 1fr); gap: 14px 28px; }
      .way { grid-column: 1; grid-row: 1 / span 3; }
      .last, .side { grid-column: 2; }
      .wedge { padding: 20px 24px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: var(--ink); font-size: 1.25rem; font-weight: 600; }
      .location { font-size: 1.375rem; }
      .mark strong { font-size: 2.25rem; }
    }
  `];
}

function deepFocus(): HTMLElement | null {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found instanceof HTMLElement ? found : null;
}

customElements.define("ry-scan-page", ScanPage);
