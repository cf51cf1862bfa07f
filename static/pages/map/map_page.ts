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
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { categories } from "../../src/api/client.js";
import type { Category, SearchResult } from "../../src/api/types.js";
import { distanceM } from "../../src/geo/distance.js";
import type { LonLat } from "../../src/geo/lon_lat.js";
import { language, Localized, setLanguage, t } from "../../src/i18n/index.js";
import { LiveChanges, type LiveHost } from "../../src/live/live_changes.js";
import type { Watched } from "../../src/live/touches.js";
import { entriesOf, positionOf, type ClusterEntry, type Entry } from "../../src/map/entries.js";
import { fitting, sameView, type View } from "../../src/map/view.js";
import { readConfig } from "../../src/state/config.js";
import { readState, writeState, type PageState } from "../../src/state/page_state.js";
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
import { share } from "../../src/ui/share.js";
import { Chosen } from "./chosen.js";
import { listPart } from "./list_part.js";
import { mapPageStyles } from "./map_page_styles.js";
import { Results, type Question } from "./results.js";
import { Stack } from "./stack.js";
import { StartPoint } from "./start_point.js";

const LIMITS = [20, 50, 100] as const;
const STALE_MS = 60_000;
const TWO_COLUMNS = "(min-width: 1024px)";
/** A turn of the wheel ends many times: one question for all of them. */
const SETTLE_MS = 200;
/** The nearest places that the map's first view must hold; the twentieth may be a town away. */
const FIRST_IN_SIGHT = 8;
const CARD_OVER_MAP_PX = 412;
/** The row of filters, which stays on top. */
const FILTERS_PX = 60;
const TOAST_MS = 4000;

class MapPage extends LitElement implements LiveHost {
  static override properties = {
    filters: { state: true }, place: { state: true }, view: { state: true }, known: { state: true },
    mapShown: { state: true }, mapState: { state: true }, target: { state: true }, wide: { state: true }, toast: { state: true },
  };
  declare filters: Filters;
  declare place: string | null;
  /** Where a hand has moved the map, or a link; null: the map stands where the results have put it. */
  declare view: View | null;
  declare known: readonly Category[];
  /** A phone shows the map above the list; a wide page always has it. */
  declare mapShown: boolean;
  declare mapState: "idle" | "ready" | "failed";
  /** Where the page wants the map to go. */
  declare target: View;
  declare wide: boolean;
  declare toast: string;

  readonly #config = readConfig();
  readonly #columns = matchMedia(TWO_COLUMNS);
  readonly #results = new Results(this);
  readonly #chosen = new Chosen(this);
  readonly #stack = new Stack(this);
  readonly #start = new StartPoint(this);
  #categoriesRequest = new AbortController();
  /** Results follow the map, not the person. */
  #byView = false;
  #limit: number = LIMITS[0];
  /** The chosen place was pushed on the history by this page, so Back is the way to close it. */
  #pushedPlace = false;
  /** Back was this page's own, to close the card: the map stays where it is. */
  #closing = false;
  /** What the place was chosen by, and where the focus goes back to. */
  #chosenBy: "row" | "pin" = "row";
  /** The chosen place is to be brought into sight on the map. */
  #reveals: boolean;
  #settle: ReturnType<typeof setTimeout> | undefined;
  #toasting: ReturnType<typeof setTimeout> | undefined;
  /** The map may be fetched: the list has had its turn. */
  #listCame = false;

  constructor() {
    super();
    const state = readState(location.search);
    this.filters = filtersOf(state);
    this.place = state.place;
    this.view = state.view;
    this.#byView = state.view !== null;
    this.#reveals = state.view === null;
    this.known = [];
    this.mapShown = (history.state as PageHistory | null)?.map ?? state.view !== null;
    this.mapState = "idle";
    this.target = state.view ?? { ...lonLatOf(this.#start.position), zoom: 13 };
    this.wide = this.#columns.matches;
    this.toast = "";
    new Localized(this);
    new LiveChanges(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#titled();
    this.#write("replace"); // drops what an address must not hold
    addEventListener("popstate", this.#moved);
    addEventListener("online", this.#online);
    document.addEventListener("visibilitychange", this.#seen);
    this.#columns.addEventListener("change", this.#resized);
    void this.#loadCategories();
    if (this.place !== null) void this.#chosen.load(this.place);
  }

  /** The size of the map's place, which a view's question needs, is known from here on. */
  override firstUpdated(): void {
    void this.#ask().finally(() => {
      this.#listCame = true;
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("popstate", this.#moved);
    removeEventListener("online", this.#online);
    document.removeEventListener("visibilitychange", this.#seen);
    this.#columns.removeEventListener("change", this.#resized);
    this.#categoriesRequest.abort();
    clearTimeout(this.#settle);
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
        <ry-filter-bar .known=${this.known} .filters=${this.filters} @filters=${this.#filtered}></ry-filter-bar>
        ${this.wide || this.mapShown ? nothing : this.#toggle()}
        <div class="columns" @keydown=${this.#escape}>
          ${this.wide ? nothing : this.#stage()}
          <section class="list" aria-labelledby="near">
            ${overList && this.place !== null ? html`<div class="half" role="region" aria-label=${t("card.label")}>${this.#card()}</div>` : nothing}
            <div ?hidden=${overList && this.place !== null}>${this.#list()}</div>
          </section>
          ${this.wide ? this.#stage() : nothing}
        </div>
      </main>
      ${this.wide || overList ? nothing : html`<dialog aria-label=${t("card.label")} @click=${this.#besideSheet}
        @cancel=${this.#cancelled} @close=${this.#dialogClosed}>${this.place === null ? nothing : this.#card()}</dialog>`}
      <div class="toast" role="status">${this.toast === "" ? nothing : html`<p>${this.toast}</p>`}</div>
      <footer><ry-page-footer></ry-page-footer></footer>`;
  }

  #where(): TemplateResult {
    const { locating, failure } = this.#start;
    return html`
      <div class="where">
        <ry-search-box .near=${this.view ?? this.#start.position} @pick=${this.#picked}></ry-search-box>
        <button type="button" class="button primary" ?disabled=${locating} @click=${this.#locate}>
          ${icons.locate()}<span>${locating ? t("where.asking") : t("where.button")}</span></button>
      </div>
      <div role="status">${failure === null ? nothing : html`<p class="notice">${t(`where.${failure}`)}</p>`}</div>`;
  }

  #list(): TemplateResult {
    return listPart({
      results: this.#results, stack: this.#stack, entries: this.#entries(), stackEntries: entriesOf(this.#stack.features ?? [], this.#origin(), "distance"),
      filters: this.filters, known: this.known, chosen: this.place, numbered: this.#mapOn,
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

  /** The map; on a wide page the card lies over its left side. */
  #stage(): TemplateResult {
    const panel = this.wide && this.place !== null;
    const entries = this.#entries();
    const extra = this.#extraPin(entries);
    return html`<div class="stage ${this.mapState}" ?hidden=${!this.wide && !this.mapShown}>
      <ry-map-box role="region" aria-label=${t("map.label")} ?wanted=${this.#listCame && (this.wide || this.mapShown)}
        .entries=${extra === null ? entries : [...entries, extra]} .known=${this.known} .chosen=${this.place}
        .chosenAt=${this.#chosenAt(entries)} .person=${this.#start.person} .target=${this.target}
        .covered_px=${panel ? CARD_OVER_MAP_PX : 0} ?elsewhere=${this.#elsewhere()} ?searching=${this.#byView && this.#results.loading}
        ?locating=${this.#start.locating} @moved=${this.#mapMoved} @here=${this.#searchHere} @locate=${this.#locate}
        @choose=${(event: CustomEvent<string>) => this.#choose(event.detail, "pin")}
        @cluster=${(event: CustomEvent<ClusterEntry>) => this.#openCluster(event.detail)}
        @share=${() => void this.#share(t("map.title"), location.origin + this.#address({ place: null, view: this.#sharedView() }))}
        @state=${this.#mapCame}></ry-map-box>
      ${panel ? html`<div class="panel" role="region" aria-label=${t("card.label")}>${this.#card()}</div>` : nothing}
      ${!this.wide && this.mapShown ? this.#toggle() : nothing}
    </div>`;
  }

  /** Between list and map, on a phone: over the list at the thumb, on the map where it hides no row. */
  #toggle(): TemplateResult {
    return html`<button type="button" class="button primary toggle" @click=${this.#toggleMap}>
      ${this.mapShown ? icons.list() : icons.map()}<span>${t(this.mapShown ? "map.hide" : "map.show")}</span></button>`;
  }

  #card(): TemplateResult {
    const { feature, problem } = this.#chosen;
    return html`<ry-place-card .feature=${feature} .known=${this.known} .problem=${problem}
      .distance_m=${feature === null ? null : distanceM(this.#start.position, positionOf(feature))}
      @close=${() => this.#unchoose()} @retry=${() => this.place !== null && void this.#chosen.load(this.place)}
      @share=${() => feature !== null && void this.#share(feature.properties.name, location.origin + placeLink(feature.id))}></ry-place-card>`;
  }

  override updated(changed: PropertyValues): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog !== null) {
      if (this.place !== null && !dialog.open) dialog.showModal();
      if (this.place === null && dialog.open) dialog.close();
    }
    document.documentElement.classList.toggle("sheet-open", dialog?.open === true);
    document.documentElement.classList.toggle("map-over-list", this.#overList);
    if (changed.has("place") && changed.get("place") !== undefined) void this.#focusAfter((changed.get("place") as string | null) ?? null);
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
    this.view = null;
    this.#byView = false;
    this.#write("replace");
    await this.#ask();
  }

  #filtered = (event: CustomEvent<Filters>): void => this.#setFilters(event.detail);

  #setFilters(filters: Filters): void {
    this.filters = filters;
    this.#byView ||= this.view !== null && this.#mapOn; // whoever has moved the map means what it shows
    this.#write("push");
    void this.#ask();
    // From far down the old list the new one would begin out of sight.
    const list = this.renderRoot.querySelector(".list");
    if (list !== null) list.scrollTop = 0;
    if (list !== null && list.getBoundingClientRect().top < 0) list.scrollIntoView();
    // The button that was pressed may be gone with the empty answer; the heading is where the new list begins.
    if (this.shadowRoot?.activeElement?.closest(".empty")) this.renderRoot.querySelector<HTMLElement>("#near")?.focus();
  }

  #choose(id: string, by: "row" | "pin"): void {
    if (id === this.place) return void this.renderRoot.querySelector<PlaceCard>("ry-place-card")?.focus();
    const replaces = this.place !== null && this.#pushedPlace;
    this.#chosenBy = by;
    this.#reveals = true;
    this.place = id;
    this.#write(replaces ? "replace" : "push", true);
    void this.#chosen.load(id);
    if (by === "pin") this.renderRoot.querySelector<PlaceList>("ry-place-list")?.showRow(id);
  }

  #unchoose(): void {
    if (this.place === null) return;
    if (this.#pushedPlace) {
      this.#closing = true;
      return history.back();
    }
    this.place = null;
    this.#write("replace");
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
    if (this.place !== null && !this.#overList) this.#unchoose(); // a browser may close a dialog on its own, on a second Escape
  };

  #escape = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.#unchoose();
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
    history.replaceState(history.state, "", this.#address({ lang: language() }));
    this.#titled();
    this.#reload(null);
  };

  async #share(title: string, url: string): Promise<void> {
    const end = await share(title, url);
    if (end === "shared") return;
    clearTimeout(this.#toasting);
    this.toast = t(`share.${end}`);
    this.#toasting = setTimeout(() => (this.toast = ""), TOAST_MS);
  }

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
    this.#write("push");
    await this.updateComplete;
    if (this.mapShown) {
      if (this.view === null) this.#fit();
      const columns = this.renderRoot.querySelector(".columns")!.getBoundingClientRect();
      scrollTo({ top: columns.top + scrollY - FILTERS_PX }); // the filters, the map and the rows: all that is needed
    }
    this.renderRoot.querySelector<HTMLElement>(".toggle")?.focus({ preventScroll: true });
  };

  #mapCame = (event: CustomEvent<"ready" | "failed">): void => {
    this.mapState = event.detail;
  };

  #mapMoved = ({ detail: { view, byPerson } }: CustomEvent<Moved>): void => {
    if (!byPerson && this.view === null) return;
    this.view = view;
    this.#write("replace", this.#pushedPlace);
    clearTimeout(this.#settle);
    if (byPerson && this.#byView) this.#settle = setTimeout(() => void this.#load(), SETTLE_MS);
  };

  #searchHere = (): void => {
    this.#byView = true;
    this.view ??= this.target;
    this.#stack.close();
    void this.#load();
    this.renderRoot.querySelector<HTMLElement>("#near")?.focus({ preventScroll: true }); // the button goes, the list comes
  };

  #elsewhere(): boolean {
    const { answered } = this.#results;
    if (this.view === null || answered === null) return false;
    return answered.kind === "near" || !sameView(answered.view, this.view);
  }

  #openCluster(entry: ClusterEntry): void {
    const { expansion_zoom, bbox: [west, south, east, north] } = entry.cluster;
    if (expansion_zoom === null || !this.#mapOn) {
      void this.#stack.open(entry, this.filters).then(() => this.renderRoot.querySelector<HTMLElement>("#near")?.focus());
      return;
    }
    const within = fitting([{ lon: west, lat: south }, { lon: east, lat: north }], this.#mapSize(), 40, 18);
    const zoom = Math.max(expansion_zoom, Math.floor(within?.zoom ?? 0));
    this.view = this.target = within === null || zoom > within.zoom ? { ...entry.position, zoom } : { ...within, zoom };
    this.#byView = true;
    this.#write("replace");
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

  #mapSize(): { width_px: number; height_px: number } {
    const size = this.renderRoot.querySelector<MapBox>("ry-map-box")?.size;
    return size !== undefined && size.width_px > 0 ? size : { width_px: innerWidth, height_px: innerHeight * 0.46 };
  }

  /** Puts the map where the nearest results are. */
  #fit(): void {
    const positions = (this.#results.features ?? []).slice(0, FIRST_IN_SIGHT).map(positionOf);
    const view = fitting([lonLatOf(this.#start.position), ...positions], this.#mapSize(), 56, 15);
    if (view !== null) this.target = view;
  }

  #sharedView(): View | null {
    return this.view === null || this.#start.betrayedBy(this.view) ? null : this.view;
  }

  /** A link that brought a view along keeps it, whatever place it also names. */
  #chosenAt(entries: readonly Entry[]): LonLat | null {
    if (this.place === null || !this.#reveals) return null;
    const { feature } = this.#chosen;
    return entries.find(({ id }) => id === this.place)?.position ?? (feature?.id === this.place ? positionOf(feature) : null);
  }

  /** The chosen place gets its pin also when it is not among the results. */
  #extraPin(entries: readonly Entry[]): Entry | null {
    const { feature } = this.#chosen;
    if (this.place === null || feature?.id !== this.place || entries.some(({ id }) => id === this.place)) return null;
    return { kind: "place", id: feature.id, position: positionOf(feature), distance_m: 0, number: 0, location: feature.properties };
  }

  // ---- What comes from outside

  #moved = (): void => {
    const state = readState(location.search);
    const past = history.state as PageHistory | null;
    const lang = state.lang ?? rememberedLanguage() ?? "ru";
    this.#pushedPlace = past?.pushedPlace === true;
    this.mapShown = past?.map ?? state.view !== null;
    if (lang !== language()) {
      setLanguage(lang);
      this.#titled();
    }
    const filtered = JSON.stringify(this.filters) !== JSON.stringify(filtersOf(state));
    const viewed = !this.#closing && !sameView(this.view, state.view);
    this.filters = filtersOf(state);
    if (state.place !== this.place) {
      this.place = state.place;
      if (state.place !== null) void this.#chosen.load(state.place);
    }
    if (viewed) {
      this.view = state.view;
      if (state.view !== null) this.target = state.view;
      this.#byView = state.view !== null;
    }
    if (this.#closing) this.#write("replace", this.#pushedPlace);
    this.#closing = false;
    if (filtered || viewed) void this.#ask();
  };

  #online = (): void => {
    if (this.#results.problem !== null || this.#results.features === null || this.#results.keptAt_ms !== null) void this.#load();
    if (this.known.length === 0) void this.#loadCategories();
    if (this.place !== null && this.#chosen.feature === null) void this.#chosen.load(this.place);
  };

  #seen = (): void => {
    if (document.visibilityState === "visible" && Date.now() - this.#results.loadedAt_ms > STALE_MS) this.#reload(null);
  };

  #resized = (): void => {
    this.wide = this.#columns.matches;
    this.mapState = "idle"; // the map is built anew in its other place
  };

  watched(): Watched | null {
    return this.#results.features === null ? null : this.#results.watched(this.place);
  }

  refresh(min_seq: number | null): void {
    this.#reload(min_seq);
  }

  // ---- What is asked of the server

  /** A new question: what is shown answers an older one. */
  async #ask(): Promise<void> {
    this.#limit = LIMITS[0];
    this.#stack.close();
    if ((await this.#load()) && this.view === null) this.#fit();
  }

  #load(min_seq: number | null = null): Promise<boolean> {
    clearTimeout(this.#settle);
    const asked = { filters: this.filters, measured: this.#start.person !== null };
    const question: Question = this.#byView
      ? { kind: "view", ...asked, view: this.view ?? this.target, size: this.#mapSize() }
      : { kind: "near", ...asked, from: this.#start.position, limit: this.#limit };
    return this.#results.ask(question, min_seq);
  }

  #reload(min_seq: number | null): void {
    const inList = this.shadowRoot?.activeElement?.localName === "ry-place-list";
    void this.#load(min_seq).then(async () => {
      await this.updateComplete;
      await this.renderRoot.querySelector<PlaceList>("ry-place-list")?.updateComplete;
      // The row that had the focus has been taken off the map: on with the list, not with nothing.
      if (inList && this.shadowRoot?.activeElement === null) this.renderRoot.querySelector<HTMLElement>("#near")?.focus({ preventScroll: true });
    });
    if (this.place !== null) void this.#chosen.load(this.place, min_seq);
    if (this.#stack.entry !== null) void this.#stack.open(this.#stack.entry, this.filters, min_seq);
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

  #address(change: Partial<PageState> = {}): string {
    const view = this.#sharedView();
    return `/${writeState({ ...filtersOf(this.filters), view, place: this.place, lang: readState(location.search).lang, ...change })}`;
  }

  #write(how: "push" | "replace", pushedPlace = false): void {
    this.#pushedPlace = pushedPlace;
    const past: PageHistory = { pushedPlace, map: this.mapShown };
    if (how === "push") history.pushState(past, "", this.#address());
    else history.replaceState(past, "", this.#address());
  }

  async #focusAfter(before: string | null): Promise<void> {
    const list = this.renderRoot.querySelector<PlaceList>("ry-place-list");
    const card = this.renderRoot.querySelector<PlaceCard>("ry-place-card");
    await Promise.all([list?.updateComplete, card?.updateComplete]);
    if (this.place !== null) return card?.focus();
    if (before === null) return;
    const map = this.renderRoot.querySelector<MapBox>("ry-map-box");
    if (this.#chosenBy === "pin" && this.#mapOn && map?.focusPin(before) === true) return;
    if (list?.focusRow(before) !== true) this.renderRoot.querySelector<HTMLElement>("#near")?.focus();
  }

  #titled(): void {
    document.documentElement.lang = language();
    document.title = t("map.title");
  }

  static override styles = mapPageStyles;
}

/** What the browser keeps beside an address. */
interface PageHistory {
  readonly pushedPlace?: boolean;
  readonly map?: boolean;
}

function filtersOf({ categories: codes, openNow, free }: Filters): Filters {
  return { categories: codes, openNow, free };
}

function lonLatOf({ lon, lat }: LonLat): LonLat {
  return { lon, lat };
}

/** The place's own page, which the server draws and anybody can open. */
function placeLink(id: string): string {
  return `/place/${encodeURIComponent(id)}${language() === "ru" ? "" : `?lang=${language()}`}`;
}

customElements.define("ry-map-page", MapPage);
