/**
 * The page of a parent: where am I, what do I want, what is near, and one place in full.
 *
 * State comes from three places and only from them: the address (filters, the chosen place, the language), the
 * device's memory (the last settlement), and this page's own fields (the measured position, which lives nowhere
 * else). Everything shown is drawn from these.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { categories, location as findLocation, nearest, NoAnswerError, ProblemError } from "../../src/api/client.js";
import type { Category, Feature, LocationDetail, LocationSummary, Settlement } from "../../src/api/types.js";
import { distanceM } from "../../src/geo/distance.js";
import type { LonLat } from "../../src/geo/lon_lat.js";
import { language, Localized, setLanguage, t } from "../../src/i18n/index.js";
import { readConfig } from "../../src/state/config.js";
import { EMPTY_STATE, readState, writeState, type PageState } from "../../src/state/page_state.js";
import { rememberedLanguage, rememberedSettlement, rememberSettlement } from "../../src/state/remembered.js";
import { whereAmI, type WhereFailure } from "../../src/state/where_am_i.js";
import type { Filters } from "../../src/ui/filter_bar.js";
import "../../src/ui/filter_bar.js";
import { icons } from "../../src/ui/icons.js";
import "../../src/ui/page_footer.js";
import "../../src/ui/page_header.js";
import type { PlaceCard } from "../../src/ui/place_card.js";
import "../../src/ui/place_card.js";
import type { PlaceList, Row } from "../../src/ui/place_list.js";
import "../../src/ui/place_list.js";
import type { SettlementBox } from "../../src/ui/settlement_box.js";
import "../../src/ui/settlement_box.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

/** Where a first visit starts: the krai's capital, until the person says otherwise. */
const STAVROPOL: Settlement = {
  id: "gn-487846", name: "Ставрополь", district: "Ставрополь", region: "Ставропольский край", lon: 41.9642, lat: 45.03442,
};
const LIMITS = [20, 50, 100] as const;
const STALE_MS = 60_000;
const TWO_COLUMNS = "(min-width: 1024px)";

type From = { readonly kind: "settlement"; readonly settlement: Settlement } | { readonly kind: "device"; readonly position: LonLat };

class MapPage extends LitElement {
  static override properties = {
    from: { state: true }, filters: { state: true }, place: { state: true }, known: { state: true },
    features: { state: true }, complete: { state: true }, limit: { state: true }, loading: { state: true },
    problem: { state: true }, locating: { state: true }, whereFailure: { state: true },
    card: { state: true }, cardProblem: { state: true }, wide: { state: true },
  };
  declare from: From;
  declare filters: Filters;
  declare place: string | null;
  declare known: readonly Category[];
  /** null: nothing shown yet for this question. */
  declare features: readonly Feature<LocationSummary>[] | null;
  declare complete: boolean;
  declare limit: number;
  declare loading: boolean;
  declare problem: string | null;
  declare locating: boolean;
  declare whereFailure: WhereFailure | null;
  declare card: Feature<LocationDetail> | null;
  declare cardProblem: string | null;
  declare wide: boolean;

  readonly #config = readConfig();
  readonly #columns = matchMedia(TWO_COLUMNS);
  #listRequest = new AbortController();
  #cardRequest = new AbortController();
  #categoriesRequest = new AbortController();
  #loadedAt_ms = 0;
  /** The question whose answer `features` is. */
  #answered = "";
  /** The chosen place was pushed on the history by this page, so Back is the way to close it. */
  #pushedPlace = false;
  /** The last asking of the device; an older answer is ignored. */
  #asking = 0;

  constructor() {
    super();
    const state = readState(location.search);
    this.from = { kind: "settlement", settlement: rememberedSettlement() ?? STAVROPOL };
    this.filters = state;
    this.place = state.place;
    this.known = [];
    this.features = null;
    this.complete = false;
    this.limit = LIMITS[0];
    this.loading = false;
    this.problem = null;
    this.locating = false;
    this.whereFailure = null;
    this.card = null;
    this.cardProblem = null;
    this.wide = this.#columns.matches;
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#titled();
    history.replaceState(history.state, "", `/${writeState(this.#state())}`); // drops what an address must not hold
    addEventListener("popstate", this.#moved);
    addEventListener("online", this.#online);
    document.addEventListener("visibilitychange", this.#seen);
    this.#columns.addEventListener("change", this.#resized);
    void this.#loadCategories();
    void this.#loadList();
    if (this.place !== null) void this.#loadCard(this.place);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("popstate", this.#moved);
    removeEventListener("online", this.#online);
    document.removeEventListener("visibilitychange", this.#seen);
    this.#columns.removeEventListener("change", this.#resized);
    for (const request of [this.#listRequest, this.#cardRequest, this.#categoriesRequest]) request.abort();
  }

  // ---- What is drawn

  override render(): TemplateResult {
    return html`
      <header><a class="skip" href="#near" @click=${this.#skip}>${t("skip")}</a>
        <ry-page-header ?demo=${this.#config.demo} @language=${this.#languageChosen}></ry-page-header></header>
      <main>
        <div class="ask">
          <h1>${t("map.heading")}</h1>
          ${this.#where()}
        </div>
        <ry-filter-bar .known=${this.known} .filters=${this.filters} @filters=${this.#filtered}></ry-filter-bar>
        <div class="columns">
          <section class="list" aria-labelledby="near">${this.#list()}</section>
          ${this.wide ? this.#stage() : nothing}
        </div>
      </main>
      ${this.wide ? nothing : this.#sheet()}
      <footer><ry-page-footer></ry-page-footer></footer>`;
  }

  #where(): TemplateResult {
    return html`
      <div class="where">
        <button type="button" class="button primary" ?disabled=${this.locating} @click=${this.#locate}>
          ${icons.locate()}<span>${this.locating ? t("where.asking") : t("where.button")}</span></button>
        <ry-settlement-box .value=${this.from.kind === "settlement" ? this.from.settlement.name : ""}
          @settlement=${this.#settled}></ry-settlement-box>
      </div>
      <div role="status">${this.whereFailure === null ? nothing : html`<p class="notice">${t(`where.${this.whereFailure}`)}</p>`}</div>`;
  }

  #list(): TemplateResult {
    const { from, features } = this;
    const near = from.kind === "device" ? t("near.you") : t("near.settlement", { name: from.settlement.name });
    return html`
      <div class="listhead">
        <h2 id="near" tabindex="-1">${near}</h2>
        <p class="measure"><span role="status" id="count" class=${features?.length === 0 ? "unseen" : ""}>${this.#countText()}</span>${
          from.kind === "settlement" && features !== null && features.length > 0 ? html`<span>, ${t("near.from_centre")}</span>` : nothing}</p>
      </div>
      ${this.problem === null ? nothing : html`<div class="trouble" role="alert">
        <p><strong>${t(features === null ? "list.error" : "list.stale")}</strong> ${this.problem}</p>
        <button type="button" class="button" @click=${() => void this.#loadList()}>${t("list.retry")}</button></div>`}
      ${features !== null && features.length === 0 ? this.#empty() : nothing}
      ${features === null && this.problem !== null ? nothing : html`
        <ry-place-list class=${this.loading && features !== null ? "dim" : ""} aria-busy=${this.loading ? "true" : "false"}
          ?waiting=${features === null} .rows=${this.#rows()} .known=${this.known} .chosen=${this.place}
          .hrefOf=${(id: string) => `/${writeState({ ...this.#state(), place: id })}`}
          @choose=${(event: CustomEvent<string>) => this.#choose(event.detail)}></ry-place-list>`}
      ${features === null || features.length === 0 ? nothing : this.#more()}`;
  }

  #countText(): string {
    if (this.features === null) return this.loading ? t("list.loading") : "";
    const count = this.features.length;
    if (count === 0) return t("list.empty");
    return t(this.complete ? "list.found" : "list.nearest", { count });
  }

  #more(): TemplateResult | typeof nothing {
    if (this.complete) return nothing;
    if (this.limit >= LIMITS[LIMITS.length - 1]!) return html`<p class="measure">${t("list.limit")}</p>`;
    return html`<button type="button" class="button more" ?disabled=${this.loading} @click=${this.#showMore}>${t("list.more")}</button>`;
  }

  /** Nothing found: says what was asked, and takes one condition off per tap. */
  #empty(): TemplateResult {
    const { categories: codes, openNow, free } = this.filters;
    const names = codes.map((code) => {
      const name = this.known.find((category) => category.code === code)?.[language()];
      return t("list.filter_category", { name: name ?? code });
    });
    const asked = [...names, ...(openNow ? [t("list.filter_open")] : []), ...(free ? [t("list.filter_free")] : [])];
    const widen = (change: Partial<Filters>): void => this.#setFilters({ ...this.filters, ...change });
    return html`<div class="empty">
      <p><strong>${t("list.empty")}</strong></p>
      <p>${asked.length === 0 ? t("list.empty_nothing") : t("list.empty_filters", { filters: asked.join(", ") })}</p>
      <div class="widen">
        ${openNow ? html`<button type="button" class="button" data-widen="open" @click=${() => widen({ openNow: false })}>${t("list.widen_open")}</button>` : nothing}
        ${codes.length > 0 ? html`<button type="button" class="button" data-widen="category" @click=${() => widen({ categories: [] })}>${t("list.widen_category")}</button>` : nothing}
        ${free ? html`<button type="button" class="button" data-widen="free" @click=${() => widen({ free: false })}>${t("list.widen_free")}</button>` : nothing}
      </div>
    </div>`;
  }

  /** The right column of a wide page. THE MAP GOES HERE: first child of .stage, the card then lies over it. */
  #stage(): TemplateResult {
    return html`<aside class="stage" aria-label=${this.place === null ? nothing : t("card.label")} role=${this.place === null ? "presentation" : nothing}>
      ${this.place !== null ? html`<div class="panel" @keydown=${this.#escape}>${this.#card()}</div>` : html`
        <div class="hint">
          <svg viewBox="0 0 240 172" width="240" height="172" aria-hidden="true">
            <g class="rings"><circle cx="120" cy="92" r="26"/><circle cx="120" cy="92" r="50"/><circle cx="120" cy="92" r="76"/></g>
            <path class="pin" d="M120 58a20 20 0 0 0-20 20c0 14 20 32 20 32s20-18 20-32a20 20 0 0 0-20-20Z"/><circle class="eye" cx="120" cy="78" r="8"/>
            <g class="near"><circle cx="64" cy="66" r="6"/><circle cx="168" cy="120" r="6"/><circle cx="184" cy="58" r="6"/></g>
          </svg>
          <p><strong>${t("card.hint")}</strong></p><p>${t("card.hint_more")}</p>
        </div>`}
    </aside>`;
  }

  #sheet(): TemplateResult {
    return html`<dialog aria-label=${t("card.label")} @click=${this.#besideSheet} @cancel=${this.#cancelled} @close=${this.#dialogClosed}>
      ${this.place === null ? nothing : this.#card()}</dialog>`;
  }

  #card(): TemplateResult {
    const { card } = this;
    return html`<ry-place-card .feature=${card} .known=${this.known} .problem=${this.cardProblem}
      .distance_m=${card === null ? null : distanceM(this.#position(), positionOf(card))}
      @close=${() => this.#unchoose()} @retry=${() => this.place !== null && void this.#loadCard(this.place)}></ry-place-card>`;
  }

  override updated(changed: PropertyValues): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog !== null) {
      if (this.place !== null && !dialog.open) dialog.showModal();
      if (this.place === null && dialog.open) dialog.close();
    }
    document.documentElement.classList.toggle("sheet-open", dialog?.open === true);
    if (changed.has("place") && changed.get("place") !== undefined) void this.#focusAfter((changed.get("place") as string | null) ?? null);
  }

  // ---- What the person does

  #locate = async (): Promise<void> => {
    const asking = ++this.#asking;
    this.locating = true;
    this.whereFailure = null;
    const answer = await whereAmI();
    if (asking !== this.#asking) return;
    this.locating = false;
    if (typeof answer === "string") {
      this.whereFailure = answer;
      this.renderRoot.querySelector<SettlementBox>("ry-settlement-box")?.focus();
      return;
    }
    this.#startFrom({ kind: "device", position: answer });
  };

  #settled = (event: CustomEvent<Settlement>): void => {
    rememberSettlement(event.detail);
    this.#startFrom({ kind: "settlement", settlement: event.detail });
  };

  #startFrom(from: From): void {
    this.#asking += 1;
    this.locating = false;
    this.whereFailure = null;
    this.from = from;
    this.#ask();
  }

  #filtered = (event: CustomEvent<Filters>): void => this.#setFilters(event.detail);

  #setFilters(filters: Filters): void {
    this.filters = filters;
    this.#push();
    this.#ask();
    // From far down the old list the new one would begin out of sight.
    const list = this.renderRoot.querySelector(".list");
    if (list !== null && list.getBoundingClientRect().top < 0) list.scrollIntoView();
    // The button that was pressed may be gone with the empty answer; the heading is where the new list begins.
    if (this.shadowRoot?.activeElement?.closest(".empty")) this.renderRoot.querySelector<HTMLElement>("#near")?.focus();
  }

  #choose(id: string): void {
    if (id === this.place) return void this.renderRoot.querySelector<PlaceCard>("ry-place-card")?.focus();
    const replaces = this.place !== null && this.#pushedPlace;
    this.place = id;
    if (replaces) history.replaceState(history.state, "", `/${writeState(this.#state())}`);
    else this.#push(true);
    void this.#loadCard(id);
  }

  #unchoose(): void {
    if (this.place === null) return;
    if (this.#pushedPlace) return history.back();
    this.place = null;
    history.replaceState(null, "", `/${writeState(this.#state())}`);
  }

  #cancelled = (event: Event): void => {
    event.preventDefault();
    this.#unchoose();
  };

  /** A tap on the dimmed page beside the sheet. */
  #besideSheet = (event: Event): void => {
    if (event.target === event.currentTarget) this.#unchoose();
  };

  #dialogClosed = (): void => {
    if (this.place !== null) this.#unchoose(); // a browser may close a dialog on its own, on a second Escape
  };

  #escape = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.#unchoose();
  };

  #showMore = async (): Promise<void> => {
    const before = this.features?.length ?? 0;
    this.limit = LIMITS.find((limit) => limit > this.limit) ?? this.limit;
    await this.#loadList();
    await this.updateComplete;
    const list = this.renderRoot.querySelector<PlaceList>("ry-place-list");
    await list?.updateComplete;
    const first = this.features?.[before]; // go on reading where the old list ended
    if (first !== undefined) list?.focusRow(first.id);
  };

  #skip = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>("#near")?.focus();
  };

  #languageChosen = (): void => {
    history.replaceState(history.state, "", `/${writeState({ ...this.#state(), lang: language() })}`);
    this.#titled();
    this.#reload();
  };

  #moved = (): void => {
    const state = readState(location.search);
    const lang = state.lang ?? rememberedLanguage() ?? "ru";
    this.#pushedPlace = (history.state as { pushedPlace?: boolean } | null)?.pushedPlace === true;
    if (lang !== language()) {
      setLanguage(lang);
      this.#titled();
    }
    const asked = JSON.stringify(filtersOf(this.filters)) !== JSON.stringify(filtersOf(state));
    this.filters = filtersOf(state);
    if (state.place !== this.place) {
      this.place = state.place;
      if (state.place !== null) void this.#loadCard(state.place);
    }
    if (asked) this.#ask();
  };

  #online = (): void => {
    if (this.problem !== null || this.features === null) void this.#loadList();
    if (this.known.length === 0) void this.#loadCategories();
    if (this.place !== null && this.card === null) void this.#loadCard(this.place);
  };

  #seen = (): void => {
    if (document.visibilityState === "visible" && Date.now() - this.#loadedAt_ms > STALE_MS) this.#reload();
  };

  #resized = (): void => {
    this.wide = this.#columns.matches;
  };

  // ---- What is asked of the server

  /** A new question: what is shown answers an older one. */
  #ask(): void {
    this.limit = LIMITS[0];
    void this.#loadList();
  }

  #reload(): void {
    void this.#loadList();
    if (this.place !== null) void this.#loadCard(this.place, true);
  }

  async #loadList(): Promise<void> {
    this.#listRequest.abort();
    const request = (this.#listRequest = new AbortController());
    this.loading = true;
    this.problem = null;
    const question = { from: this.#position(), ...filtersOf(this.filters) };
    const asked = JSON.stringify(question);
    try {
      const answer = await nearest({ ...question, limit: this.limit }, language(), request.signal);
      this.#answered = asked;
      this.features = answer.features;
      this.complete = answer.complete;
      this.#loadedAt_ms = Date.now();
    } catch (error) {
      if (request.signal.aborted) return;
      if (this.#answered !== asked) this.features = null; // rows of another question would mislead
      this.problem = explain(error);
    }
    if (this.#listRequest === request) this.loading = false;
  }

  async #loadCard(id: string, keep = false): Promise<void> {
    this.#cardRequest.abort();
    const request = (this.#cardRequest = new AbortController());
    if (!keep || this.card?.id !== id) this.card = null;
    this.cardProblem = null;
    try {
      this.card = await findLocation(id, language(), request.signal);
    } catch (error) {
      if (!request.signal.aborted && this.card === null) this.cardProblem = explain(error);
    }
  }

  async #loadCategories(): Promise<void> {
    this.#categoriesRequest.abort();
    const request = (this.#categoriesRequest = new AbortController());
    try {
      this.known = await categories(language(), request.signal);
    } catch {
      // The list still works without names of categories; `online` and the next visit try again.
    }
  }

  // ---- Small helpers

  #position(): LonLat {
    return this.from.kind === "device" ? this.from.position : this.from.settlement;
  }

  /** Distances are measured here, from the exact position, which the server never sees. */
  #rows(): readonly Row[] {
    const from = this.#position();
    return (this.features ?? []).map((feature) => ({
      location: feature.properties, distance_m: distanceM(from, positionOf(feature)),
    }));
  }

  #state(): PageState {
    return { ...EMPTY_STATE, ...filtersOf(this.filters), place: this.place, lang: readState(location.search).lang };
  }

  #push(pushedPlace = false): void {
    this.#pushedPlace = pushedPlace;
    history.pushState({ pushedPlace }, "", `/${writeState(this.#state())}`);
  }

  async #focusAfter(before: string | null): Promise<void> {
    const list = this.renderRoot.querySelector<PlaceList>("ry-place-list");
    const card = this.renderRoot.querySelector<PlaceCard>("ry-place-card");
    await Promise.all([list?.updateComplete, card?.updateComplete]);
    if (this.place !== null) return card?.focus();
    if (before !== null && list?.focusRow(before) !== true) this.renderRoot.querySelector<HTMLElement>("#near")?.focus();
  }

  #titled(): void {
    document.documentElement.lang = language();
    document.title = t("map.title");
  }

  static override styles = [sharedStyles, css`
    .skip { position: absolute; left: 8px; top: -80px; z-index: 50; padding: 12px 16px; background: var(--surface); border-radius: var(--radius-small); }
    .skip:focus { top: 8px; }
    main { max-width: var(--page); margin: 0 auto; }
    .ask { padding: 12px 16px 4px; }
    h1 { margin-bottom: 10px; font-size: 1.125rem; line-height: 1.25; letter-spacing: -0.02em; font-weight: 700; }
    .where { display: flex; gap: 8px; align-items: flex-start; }
    .where .button { flex: none; min-height: 46px; }
    ry-settlement-box { flex: 1; min-width: 0; }
    .notice { margin-top: 10px; padding: 10px 14px; border-radius: var(--radius-small); background: var(--notice); color: var(--notice-ink); font-size: 0.9375rem; }
    ry-filter-bar { position: sticky; top: 0; z-index: 10; background: var(--paper); }
    .list { padding: 8px 16px 0; scroll-margin-top: 64px; }
    .listhead { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 16px; }
    h2 { font-size: 1.0625rem; font-weight: 700; }
    .listhead { margin-bottom: 10px; }
    .measure { color: var(--ink-soft); font-size: 0.875rem; }
    ry-place-list { transition: opacity 0.15s; }
    .dim { opacity: 0.55; }
    .more { width: 100%; margin-top: 12px; }
    .more + *, .list > .measure:last-child { margin-top: 12px; }
    .trouble, .empty { margin-bottom: 12px; padding: 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
    .trouble strong { display: block; }
    .trouble .button { margin-top: 12px; }
    .empty strong { font-size: 1.125rem; }
    .empty p + p { margin-top: 4px; color: var(--ink-soft); }
    .widen { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 14px; }

    dialog {
      width: 100%; max-width: 560px; height: 100%; max-height: none; margin: 0 auto; padding: 0; border: 0;
      background: var(--surface); color: var(--ink); overflow-y: auto; overscroll-behavior: contain;
    }
    dialog[open] { animation: rise 0.18s ease-out; }
    dialog::backdrop { background: rgb(0 0 0 / 45%); }
    @keyframes rise { from { transform: translateY(24px); opacity: 0; } }

    @media (min-width: 1024px) {
      .ask { display: flex; align-items: flex-start; justify-content: space-between; flex-wrap: wrap; gap: 8px 32px; padding: 20px 32px 8px; }
      h1 { margin: 8px 0 0; font-size: 1.625rem; }
      .where { width: 460px; }
      .ask > [role="status"] { flex-basis: 100%; }
      ry-filter-bar { position: static; }
      .columns { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 24px; padding: 8px 32px 0; }
      .list { padding: 0; }
      .stage { position: sticky; top: 16px; align-self: start; height: calc(100vh - 32px); }
      .panel {
        max-height: 100%; overflow-y: auto; border: 1px solid var(--line); border-radius: 20px;
        background: var(--surface); box-shadow: var(--shadow);
      }
      .hint {
        display: grid; justify-items: center; align-content: center; gap: 4px; height: min(100%, 520px); padding: 32px;
        border-radius: 20px; background: var(--sunken); color: var(--ink-soft); text-align: center;
      }
      .hint strong { color: var(--ink); font-size: 1.125rem; }
      .rings { fill: none; stroke: var(--edge); stroke-opacity: 0.45; stroke-dasharray: 3 6; stroke-linecap: round; }
      .pin { fill: var(--brand); }
      .eye { fill: var(--sunken); }
      .near { fill: var(--benefit); }
    }
  `];
}

function filtersOf({ categories: codes, openNow, free }: Filters): Filters {
  return { categories: codes, openNow, free };
}

function positionOf({ geometry }: Feature<unknown>): LonLat {
  const [lon, lat] = geometry.coordinates;
  return { lon, lat };
}

function explain(error: unknown): string {
  if (error instanceof ProblemError) return error.message;
  if (error instanceof NoAnswerError) {
    return navigator.onLine ? t(`error.${error.reason}`) : t("error.offline");
  }
  throw error; // a mistake of ours: the console should see it
}

customElements.define("ry-map-page", MapPage);
