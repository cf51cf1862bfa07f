/**
 * The page of a parent: where am I, what do I want, what is near, and one place in full; as a list and on a map.
 *
 * State comes from three places and only from them: the address (filters, the map's view, the chosen place, the
 * language), the device's memory (the last town, the last list), and this page's own fields (the measured position,
 * which lives nowhere else). List and map are drawn from one set of results (results.ts).
 *
 * The list starts with the places nearest to the person. The map shows these until somebody asks "in this area";
 * from then on results follow the map.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { SearchResult } from "../../src/api/types.js";
import { distanceM } from "../../src/geo/distance.js";
import type { LonLat } from "../../src/geo/lon_lat.js";
import { language, Localized, setLanguage, t } from "../../src/i18n/index.js";
import { LiveChanges, type LiveHost } from "../../src/live/live_changes.js";
import type { Watched } from "../../src/live/touches.js";
import { entriesOf, positionOf, type ClusterEntry, type Entry } from "../../src/map/entries.js";
import type { Size } from "../../src/map/view.js";
import { readConfig } from "../../src/state/config.js";
import { readState } from "../../src/state/page_state.js";
import { rememberedLanguage } from "../../src/state/remembered.js";
import type { Filters } from "../../src/ui/filter_bar.js";
import "../../src/ui/filter_bar.js";
import { icons } from "../../src/ui/icons.js";
import type { MapBox, Moved } from "../../src/ui/map_box.js";
import "../../src/ui/map_box.js";
import "../../src/ui/page_footer.js";
import "../../src/ui/page_header.js";
import type { PlaceCard } from "../../src/ui/place_card.js";
import "../../src/ui/place_card.js";
import type { PlaceList } from "../../src/ui/place_list.js";
import "../../src/ui/place_list.js";
import type { SearchBox } from "../../src/ui/search_box.js";
import "../../src/ui/search_box.js";
import { addressOf, past, placeLink, write } from "./address.js";
import { Chosen, type ChosenHost } from "../../src/map_list/chosen.js";
import { Follow, type FollowHost } from "../../src/map_list/follow.js";
import { Known } from "../../src/map_list/known.js";
import { listPart } from "../../src/map_list/list_part.js";
import { mapPageStyles } from "./map_page_styles.js";
import { mapPart, mapToggle } from "../../src/map_list/map_part.js";
import { Results } from "../../src/map_list/results.js";
import { Sharing } from "./sharing.js";
import { Stack } from "../../src/map_list/stack.js";
import { StartPoint } from "./start_point.js";

const LIMITS = [20, 50, 100] as const;
const STALE_MS = 60_000;
const TWO_COLUMNS = "(min-width: 1024px)";
/** A turn of the wheel ends many times: one question for all of them. */
const SETTLE_MS = 200;
/** The row of filters, which stays on top. */
const FILTERS_PX = 60;

class MapPage extends LitElement implements LiveHost, FollowHost, ChosenHost {
  static override properties = {
    filters: { state: true }, mapShown: { state: true }, mapState: { state: true }, wide: { state: true },
  };
  declare filters: Filters;
  /** A phone shows the map above the list; a wide page always has it. */
  declare mapShown: boolean;
  declare mapState: "idle" | "ready" | "failed";
  declare wide: boolean;

  readonly steps = true;
  readonly #config = readConfig();
  readonly #columns = matchMedia(TWO_COLUMNS);
  readonly #results = new Results(this);
  readonly #known = new Known(this);
  readonly #sharing = new Sharing(this);
  readonly #stack = new Stack(this);
  readonly #start = new StartPoint(this);
  readonly #follow: Follow;
  readonly #chosen: Chosen;
  readonly #sizes = new ResizeObserver(() => this.#askIfResized());
  #limit: number = LIMITS[0];
  #settle: ReturnType<typeof setTimeout> | undefined;
  /** The map may be fetched: the list has had its turn. */
  #listCame = false;
  /** The question is still the one that the server has answered in the page itself. */
  #printed: boolean;

  constructor() {
    super();
    const state = readState(location.search);
    this.#printed = state.view === null && this.#start.isDefault && language() === document.documentElement.lang
      && this.querySelector("[slot=first-rows] li") !== null;
    this.filters = filtersOf(state);
    this.#follow = new Follow(this, this.#start, this.#results, state.view);
    this.#chosen = new Chosen(this, state.place, state.view === null); // a link that brought a view along keeps it
    this.mapShown = past().map ?? state.view !== null;
    this.mapState = "idle";
    this.wide = this.#columns.matches;
    new Localized(this);
    new LiveChanges(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#titled();
    this.write("replace"); // drops what an address must not hold
    addEventListener("popstate", this.#moved);
    addEventListener("online", this.#online);
    document.addEventListener("visibilitychange", this.#seen);
    this.#columns.addEventListener("change", this.#resized);
  }

  /** The size of the map's place, which a view's question needs, is known from here on. */
  override firstUpdated(): void {
    this.#sizes.observe(this.renderRoot.querySelector(".columns")!);
    void this.#ask().finally(() => {
      this.#listCame = true;
      this.#printed = false;
      this.#askIfResized();
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("popstate", this.#moved);
    removeEventListener("online", this.#online);
    document.removeEventListener("visibilitychange", this.#seen);
    this.#columns.removeEventListener("change", this.#resized);
    clearTimeout(this.#settle);
    this.#sizes.disconnect();
  }

  // ---- What is drawn

  override render(): TemplateResult {
    const overList = this.#overList;
    return html`
      <header><a class="skip" href="#near" @click=${this.#skip}>${t("skip")}</a>
        <ry-page-header ?demo=${this.#config.demo} @language=${this.#languageChosen}></ry-page-header></header>
      <main>
        <div class="ask">
          <h1>${t("map.heading")}</h1>
          ${this.#where()}
        </div>
        <ry-filter-bar .known=${this.#known.categories} .filters=${this.filters} @filters=${this.#filtered}></ry-filter-bar>
        ${this.wide || this.mapShown ? nothing : mapToggle(false, this.#toggleMap)}
        <div class="columns" @keydown=${this.#escape}>
          ${this.wide ? nothing : this.#stage()}
          <section class="list" aria-labelledby="near">
            ${overList && this.#chosen.id !== null ? html`<div class="half" role="region" aria-label=${t("card.label")}>${this.#card()}</div>` : nothing}
            <div ?hidden=${overList && this.#chosen.id !== null}>${this.#list()}</div>
          </section>
          ${this.wide ? this.#stage() : nothing}
        </div>
      </main>
      ${this.wide || overList ? nothing : html`<dialog aria-label=${t("card.label")} @click=${this.#besideSheet}
        @cancel=${this.#cancelled} @close=${this.#dialogClosed}>${this.#chosen.id === null ? nothing : this.#card()}</dialog>`}
      <div class="toast" role="status">${this.#sharing.words === "" ? nothing : html`<p>${this.#sharing.words}</p>`}</div>
      <footer><ry-page-footer></ry-page-footer></footer>`;
  }

  #where(): TemplateResult {
    const { locating, failure } = this.#start;
    return html`
      <div class="where">
        <ry-search-box .near=${this.#follow.view ?? this.#start.position} @pick=${this.#picked}></ry-search-box>
        <button type="button" class="button primary" ?disabled=${locating} @click=${this.#locate}>
          ${icons.locate()}<span>${locating ? t("where.asking") : t("where.button")}</span></button>
      </div>
      <div role="status">${failure === null ? nothing : html`<p class="notice">${t(`where.${failure}`)}</p>`}</div>`;
  }

  #list(): TemplateResult {
    return listPart({
      results: this.#results, stack: this.#stack, entries: this.#entries(), stackEntries: entriesOf(this.#stack.features ?? [], this.#origin(), "distance"),
      filters: this.filters, known: this.#known.categories, chosen: this.#chosen.id, numbered: this.#mapOn, printed: this.#printed,
      town: this.#start.person === null ? this.#start.town.name : null,
      more: this.#limit < LIMITS[LIMITS.length - 1]! ? this.#showMore : null,
      hrefOf: (id) => placeLink(id),
      choose: (id) => this.#choose(id, "row"),
      openCluster: (entry) => this.#openCluster(entry),
      closeStack: () => this.#closeStack(),
      widen: (change) => this.#setFilters({ ...this.filters, ...change }),
      retry: () => void this.#load(),
    });
  }

  #stage(): TemplateResult {
    return mapPart({
      follow: this.#follow, results: this.#results, start: this.#start, entries: this.#entries(), known: this.#known.categories,
      chosen: this.#chosen.id, record: this.#chosen.feature, reveals: this.#chosen.reveals, state: this.mapState,
      shown: this.wide || this.mapShown, wanted: this.#listCame && (this.wide || this.mapShown),
      card: this.wide && this.#chosen.id !== null ? this.#card() : null,
      toggle: !this.wide && this.mapShown ? mapToggle(true, this.#toggleMap) : null,
      choose: (id) => this.#choose(id, "pin"),
      openCluster: (entry) => this.#openCluster(entry),
      moved: (moved) => this.#mapMoved(moved),
      searchHere: this.#searchHere,
      locate: this.#locate,
      share: () => void this.#sharing.share(t("map.title"), this.#address(null)),
      came: (state) => (this.mapState = state),
    });
  }

  #card(): TemplateResult {
    const { feature, problem } = this.#chosen;
    return html`<ry-place-card .feature=${feature} .known=${this.#known.categories} .problem=${problem}
      .distance_m=${feature === null ? null : distanceM(this.#start.position, positionOf(feature))}
      @close=${() => this.#chosen.close()} @retry=${() => void this.#chosen.load()}
      @share=${() => feature !== null && void this.#sharing.share(feature.properties.name, placeLink(feature.id))}></ry-place-card>`;
  }

  override updated(): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog !== null) {
      if (this.#chosen.id !== null && !dialog.open) dialog.showModal();
      if (this.#chosen.id === null && dialog.open) dialog.close();
    }
    document.documentElement.classList.toggle("sheet-open", dialog?.open === true);
    document.documentElement.classList.toggle("map-over-list", this.#overList);
  }

  // ---- What the person does

  #locate = async (): Promise<void> => {
    const found = await this.#start.locate();
    if (found === false) {
      await this.updateComplete;
      this.renderRoot.querySelector<SearchBox>("ry-search-box")?.focus();
    }
    if (found === true) await this.#startAnew();
  };

  #picked = async (event: CustomEvent<SearchResult>): Promise<void> => {
    const result = event.detail;
    if (result.kind === "location" || result.kind === "benefit") return this.#choose(result.id, "row");
    if (result.kind === "category") this.#setFilters({ ...this.filters, categories: [result.category ?? result.id] });
    else if (this.#start.choose(result)) await this.#startAnew();
    this.renderRoot.querySelector<HTMLElement>("#near")?.focus(); // where the new list begins
  };

  /** From another place: the nearest to it, and the map back to them. */
  async #startAnew(): Promise<void> {
    this.#printed = false;
    this.#follow.startAnew();
    this.write("replace");
    await this.#ask();
  }

  #filtered = (event: CustomEvent<Filters>): void => this.#setFilters(event.detail);

  #setFilters(filters: Filters): void {
    this.#printed = false;
    this.filters = filters;
    if (this.#follow.view !== null && this.#mapOn) this.#follow.searchHere(); // whoever has moved the map means what it shows
    this.#step();
    void this.#ask();
    // From far down the old list the new one would begin out of sight.
    const list = this.renderRoot.querySelector(".list");
    if (list !== null) list.scrollTop = 0;
    if (list !== null && list.getBoundingClientRect().top < 0) list.scrollIntoView();
    // The button that was pressed may be gone with the empty answer; the heading is where the new list begins.
    if (this.shadowRoot?.activeElement?.closest(".empty")) this.renderRoot.querySelector<HTMLElement>("#near")?.focus();
  }

  #choose(id: string, by: "row" | "pin"): void {
    if (id === this.#chosen.id) return void this.renderRoot.querySelector<PlaceCard>("ry-place-card")?.focus();
    this.#chosen.choose(id, by);
    if (by === "pin") this.renderRoot.querySelector<PlaceList>("ry-place-list")?.showRow(id);
  }

  #cancelled = (event: Event): void => {
    event.preventDefault();
    this.#chosen.close();
  };

  /** A tap on the dimmed page beside the sheet. */
  #besideSheet = (event: Event): void => {
    if (event.target === event.currentTarget) this.#chosen.close();
  };

  #dialogClosed = (): void => {
    if (this.#chosen.id !== null && !this.#overList) this.#chosen.close(); // a browser may close a dialog on its own, on a second Escape
  };

  #escape = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.#chosen.close();
  };

  #showMore = async (): Promise<void> => {
    const before = this.#results.features?.length ?? 0;
    this.#limit = LIMITS.find((limit) => limit > this.#limit) ?? this.#limit;
    await this.#load();
    await this.updateComplete;
    const list = this.renderRoot.querySelector<PlaceList>("ry-place-list");
    await list?.updateComplete;
    const first = this.#results.features?.[before]; // go on reading where the old list ended
    if (first !== undefined) list?.focusRow(first.id);
  };

  #skip = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>("#near")?.focus();
  };

  #languageChosen = (): void => {
    history.replaceState(history.state, "", this.#address(this.#chosen.id, language()));
    this.#titled();
    this.#reload(null);
  };

  // ---- The map

  get #mapOn(): boolean {
    return this.mapState !== "failed" && (this.wide || this.mapShown);
  }

  /** A phone with the map above the list: the card then takes the list's place, not the screen. */
  get #overList(): boolean {
    return !this.wide && this.#mapOn;
  }

  #toggleMap = async (): Promise<void> => {
    this.mapShown = !this.mapShown;
    this.#step();
    await this.updateComplete;
    if (this.mapShown) {
      this.#follow.fit();
      const columns = this.renderRoot.querySelector(".columns")!.getBoundingClientRect();
      scrollTo({ top: columns.top + scrollY - FILTERS_PX }); // the filters, the map and the rows: all that is needed
    }
    this.renderRoot.querySelector<HTMLElement>(".toggle")?.focus({ preventScroll: true });
  };

  #mapMoved({ view, byPerson }: Moved): void {
    if (!this.#follow.moved(view, byPerson)) return;
    this.write("replace");
    clearTimeout(this.#settle);
    if (byPerson && this.#follow.byView) this.#settle = setTimeout(() => void this.#load(), SETTLE_MS);
  }

  /** The filters come and push the map down, a window is drawn larger: the rows are again those of what is in sight. */
  #askIfResized(): void {
    const { answered } = this.#results;
    const size = this.mapSize();
    if (answered?.kind !== "view" || size === null || !this.#follow.byView) return;
    if (Math.abs(size.width_px - answered.size.width_px) <= 8 && Math.abs(size.height_px - answered.size.height_px) <= 8) return;
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => void this.#load(), SETTLE_MS);
  }

  #searchHere = (): void => {
    this.#follow.searchHere();
    this.#stack.close();
    void this.#load();
    this.renderRoot.querySelector<HTMLElement>("#near")?.focus({ preventScroll: true }); // the button goes, the list comes
  };

  #openCluster(entry: ClusterEntry): void {
    if (entry.cluster.expansion_zoom === null || !this.#mapOn) {
      void this.#stack.open(entry, this.filters).then(() => this.renderRoot.querySelector<HTMLElement>("#near")?.focus());
      return;
    }
    this.#follow.zoomInto(entry);
    this.write("replace");
    void this.#load().then(async (done) => {
      await this.updateComplete; // the cluster is gone, and with it the focus of whoever opened it
      if (done) this.renderRoot.querySelector<MapBox>("ry-map-box")?.focusNearest(entry.position);
    });
  }

  #closeStack(): void {
    const id = this.#stack.entry?.id;
    this.#stack.close();
    void this.updateComplete.then(() => id !== undefined && this.renderRoot.querySelector<PlaceList>("ry-place-list")?.focusRow(id));
  }

  mapSize(): Size | null {
    const size = this.renderRoot.querySelector<MapBox>("ry-map-box")?.size;
    return size !== undefined && size.width_px > 0 ? size : null;
  }

  // ---- What comes from outside

  #moved = (): void => {
    const state = readState(location.search);
    const lang = state.lang ?? rememberedLanguage() ?? "ru";
    this.#chosen.pushed = past().pushedPlace === true;
    this.mapShown = past().map ?? state.view !== null;
    if (lang !== language()) {
      setLanguage(lang);
      this.#titled();
    }
    const filtered = JSON.stringify(this.filters) !== JSON.stringify(filtersOf(state));
    this.filters = filtersOf(state);
    this.#chosen.restore(state.place);
    const viewed = !this.#chosen.closing && this.#follow.restore(state.view);
    if (this.#chosen.closing) this.write("replace");
    this.#chosen.closing = false;
    if (filtered || viewed) void this.#ask();
  };

  #online = (): void => {
    if (this.#results.problem !== null || this.#results.features === null || this.#results.keptAt_ms !== null) void this.#load();
    if (this.#known.categories.length === 0) void this.#known.load();
    if (this.#chosen.feature === null) void this.#chosen.load();
  };

  #seen = (): void => {
    if (document.visibilityState === "visible" && Date.now() - this.#results.loadedAt_ms > STALE_MS) this.#reload(null);
  };

  #resized = (): void => {
    this.wide = this.#columns.matches;
    this.mapState = "idle"; // the map is built anew in its other place
  };

  watched(): Watched | null {
    return this.#results.features === null ? null : this.#results.watched(this.#chosen.id);
  }

  refresh(min_seq: number | null): void {
    this.#reload(min_seq);
  }

  // ---- What is asked of the server

  /** A new question: what is shown answers an older one. */
  async #ask(): Promise<void> {
    this.#limit = LIMITS[0];
    this.#stack.close();
    if (await this.#load()) this.#follow.fit();
  }

  #load(min_seq: number | null = null): Promise<boolean> {
    clearTimeout(this.#settle);
    return this.#results.ask(this.#follow.question(this.filters, this.#limit), min_seq);
  }

  #reload(min_seq: number | null): void {
    const inList = this.shadowRoot?.activeElement?.localName === "ry-place-list";
    void this.#load(min_seq).then(async () => {
      await this.updateComplete;
      await this.renderRoot.querySelector<PlaceList>("ry-place-list")?.updateComplete;
      // The row that had the focus has been taken off the map: on with the list, not with nothing.
      if (inList && this.shadowRoot?.activeElement === null) this.renderRoot.querySelector<HTMLElement>("#near")?.focus({ preventScroll: true });
    });
    void this.#chosen.load(min_seq);
    if (this.#stack.entry !== null) void this.#stack.open(this.#stack.entry, this.filters, min_seq);
  }

  // ---- Small helpers

  /** Distances are measured here, from the exact position, which the server never sees. */
  #entries(): readonly Entry[] {
    const { answered, features, keptAt_ms } = this.#results;
    return entriesOf(features ?? [], this.#origin(), answered?.kind === "near" && keptAt_ms === null ? "given" : "distance");
  }

  #origin(): LonLat {
    const { answered } = this.#results;
    if (this.#start.person !== null) return this.#start.person;
    return answered?.kind === "view" ? answered.view : this.#start.town;
  }

  #address(place = this.#chosen.id, lang = readState(location.search).lang): string {
    return addressOf({ ...filtersOf(this.filters), view: this.#follow.sharedView(), place }, lang);
  }

  /** A step of the history that Back undoes; the card, if one is open, belongs to it and closes in its place. */
  #step(): void {
    this.#chosen.pushed = false;
    this.write("push");
  }

  write(how: "push" | "replace"): void {
    write(how, this.#address(), { pushedPlace: this.#chosen.pushed, map: this.mapShown });
  }

  async focusAfter(before: string | null): Promise<void> {
    const list = this.renderRoot.querySelector<PlaceList>("ry-place-list");
    const card = this.renderRoot.querySelector<PlaceCard>("ry-place-card");
    await Promise.all([list?.updateComplete, card?.updateComplete]);
    if (this.#chosen.id !== null) return card?.focus();
    if (before === null) return;
    const map = this.renderRoot.querySelector<MapBox>("ry-map-box");
    if (this.#chosen.by === "pin" && this.#mapOn && map?.focusPin(before) === true) return;
    if (list?.focusRow(before) !== true) this.renderRoot.querySelector<HTMLElement>("#near")?.focus();
  }

  #titled(): void {
    document.documentElement.lang = language();
    document.title = t("map.title");
  }

  static override styles = mapPageStyles;
}

function filtersOf({ categories: codes, openNow, free }: Filters): Filters {
  return { categories: codes, openNow, free };
}

customElements.define("ry-map-page", MapPage);
