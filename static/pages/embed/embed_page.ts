/**
 * `/embed`: the map and the list in a frame on somebody else's page. Of the same parts as the page of a parent, without what
 * is not a guest's to do: no position of the device, no history, nothing kept. All it starts from stands in the address
 * (src/widget/options.ts); with `list=off` it is the map alone, as the widget has it.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { STAVROPOL } from "../../src/geo/stavropol.js";
import { distanceM } from "../../src/geo/distance.js";
import type { LonLat } from "../../src/geo/lon_lat.js";
import { language, t } from "../../src/i18n/index.js";
import { LiveChanges, type LiveHost } from "../../src/live/live_changes.js";
import type { Watched } from "../../src/live/touches.js";
import { entriesOf, positionOf, type ClusterEntry, type Entry } from "../../src/map/entries.js";
import type { Size } from "../../src/map/view.js";
import { Chosen, type ChosenHost } from "../../src/map_list/chosen.js";
import { Follow, type FollowHost, type Start } from "../../src/map_list/follow.js";
import { Known } from "../../src/map_list/known.js";
import { listPart } from "../../src/map_list/list_part.js";
import { mapPart } from "../../src/map_list/map_part.js";
import { Results } from "../../src/map_list/results.js";
import { Stack } from "../../src/map_list/stack.js";
import { readConfig } from "../../src/state/config.js";
import type { Filters } from "../../src/ui/filter_bar.js";
import "../../src/ui/filter_bar.js";
import type { MapBox, Moved } from "../../src/ui/map_box.js";
import "../../src/ui/map_box.js";
import type { PlaceCard } from "../../src/ui/place_card.js";
import "../../src/ui/place_card.js";
import type { PlaceList } from "../../src/ui/place_list.js";
import "../../src/ui/place_list.js";
import { startOf, type WidgetOptions } from "../../src/widget/options.js";
import { Around } from "../../src/widget/around.js";
import { embedPageStyles } from "./embed_page_styles.js";

const LIMITS = [20, 50, 100] as const;
const STALE_MS = 60_000;
const SETTLE_MS = 200;

export class EmbedPage extends LitElement implements LiveHost, FollowHost, ChosenHost {
  /** What the address says; set before the element is. */
  static options: WidgetOptions;
  static override properties = { filters: { state: true }, mapState: { state: true } };
  declare filters: Filters;
  declare mapState: "idle" | "ready" | "failed";

  readonly steps = false;
  readonly #options = EmbedPage.options;
  readonly #config = readConfig();
  readonly #start: Start = {
    person: null, locating: false, position: startOf(this.#options) ?? STAVROPOL, area: this.#options.bbox, betrayedBy: () => false,
  };
  readonly #results = new Results(this, false);
  readonly #known = new Known(this);
  readonly #stack = new Stack(this);
  readonly #follow: Follow;
  readonly #chosen: Chosen;
  readonly #around = new Around({ choose: (id) => this.#chooseFromOutside(id), filter: (filters) => this.#filterFromOutside(filters) });
  readonly #heights = new ResizeObserver(() => this.#tellHeight());
  #height_px = 0;
  /** The address says where the map stands; the nearest places do not move it. */
  readonly #fixed: boolean;
  #limit: number = LIMITS[0];
  #listCame = false;
  #inSight = false;
  #settle: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    const { center, zoom, bbox, categories, openNow, free, place } = this.#options;
    this.filters = { categories, openNow, free };
    this.#follow = new Follow(this, this.#start, this.#results, null);
    this.#fixed = bbox === null && zoom !== null;
    if (zoom !== null) this.#follow.target = { ...this.#start.position, zoom };
    this.#chosen = new Chosen(this, place, center === null && bbox === null);
    this.mapState = "idle";
    new LiveChanges(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = t("embed.heading");
    document.addEventListener("visibilitychange", this.#seen);
    this.toggleAttribute("alone", !this.#options.list);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#seen);
    this.#heights.disconnect();
    this.#around.stop();
    clearTimeout(this.#settle);
  }

  override firstUpdated(): void {
    this.#heights.observe(this);
    const sight = new IntersectionObserver((seen) => {
      if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
      sight.disconnect();
      this.#inSight = true;
      this.requestUpdate();
    }, { rootMargin: "200px" });
    sight.observe(this.renderRoot.querySelector(".columns")!);
    void this.#begin();
  }

  /** The list is of the nearest places to the centre, as the widget's; the map alone shows whatever it has in sight. */
  async #begin(): Promise<void> {
    const alone = !this.#options.list;
    const stands = this.#fixed || this.#options.bbox !== null;
    if (!this.#fixed && stands) this.#follow.fit();
    this.#listCame = alone; // it needs no answer to be fetched
    if (!alone || !stands) await this.#load();
    if (!stands) this.#follow.fit();
    this.#listCame = true;
    this.requestUpdate();
    if (!alone) return;
    this.#follow.byView = true;
    await this.#load();
  }

  // ---- What is drawn

  override render(): TemplateResult {
    const { list, filters } = this.#options;
    const card = this.#chosen.id === null ? null : this.#card();
    const inList = list && card !== null;
    return html`<main>
      ${this.#config.demo ? html`<p class="demo">${t("banner.demo")}</p>` : nothing}
      <h1 class=${list ? "" : "unseen"}>${t("embed.heading")}</h1>
      ${list && filters ? html`<ry-filter-bar .known=${this.#known.categories} .filters=${this.filters} @filters=${this.#filtered}></ry-filter-bar>` : nothing}
      <div class="columns" @keydown=${this.#escape}>
        ${this.#stage(list ? null : card)}
        ${list ? html`<section class="list" aria-labelledby="near">
          ${inList ? html`<div class="half" role="region" aria-label=${t("card.label")}>${card}</div>` : nothing}
          <div ?hidden=${inList}>${this.#list()}</div>
        </section>` : nothing}
      </div>
      ${list ? html`<footer><p lang="en">${t("footer.osm")}</p><a href="/?lang=${language()}" target="_blank" rel="noopener">${t("embed.all")}</a></footer>` : nothing}
    </main>`;
  }

  #list(): TemplateResult {
    return listPart({
      results: this.#results, stack: this.#stack, entries: this.#entries(), stackEntries: entriesOf(this.#stack.features ?? [], this.#origin, "distance"),
      filters: this.filters, known: this.#known.categories, chosen: this.#chosen.id, numbered: this.mapState === "ready",
      printed: this.querySelector("[slot=first-rows] li") !== null,
      town: "", heading: t("embed.places"),
      more: this.#limit < LIMITS[LIMITS.length - 1]! ? this.#showMore : null,
      hrefOf: (id) => `/place/${encodeURIComponent(id)}?lang=${language()}`,
      choose: (id) => this.#choose(id, "row"),
      openCluster: (entry) => this.#openCluster(entry),
      closeStack: () => this.#stack.close(),
      widen: (change) => this.#setFilters({ ...this.filters, ...change }),
      retry: () => void this.#load(),
    });
  }

  #stage(card: TemplateResult | null): TemplateResult {
    return mapPart({
      follow: this.#follow, results: this.#results, start: this.#start, entries: this.#entries(), known: this.#known.categories,
      chosen: this.#chosen.id, record: this.#chosen.feature, reveals: this.#chosen.reveals, state: this.mapState,
      shown: true, guest: true, wanted: this.#listCame && this.#inSight, card, toggle: null,
      choose: (id) => this.#choose(id, "pin"),
      openCluster: (entry) => this.#openCluster(entry),
      moved: (moved) => this.#mapMoved(moved),
      searchHere: this.#searchHere,
      locate: () => {}, share: () => {},
      came: (state) => {
        this.mapState = state;
        this.#around.tell({ ryadom: "map", state });
      },
    });
  }

  #card(): TemplateResult {
    const { feature, problem } = this.#chosen;
    return html`<ry-place-card guest .feature=${feature} .known=${this.#known.categories} .problem=${problem}
      .distance_m=${feature === null ? null : distanceM(this.#origin, positionOf(feature))}
      @close=${() => this.#chosen.close()} @retry=${() => void this.#chosen.load()}></ry-place-card>`;
  }

  // ---- What the person does

  #choose(id: string, by: "row" | "pin"): void {
    if (id === this.#chosen.id) return void this.renderRoot.querySelector<PlaceCard>("ry-place-card")?.focus();
    this.#chosen.choose(id, by);
    this.#around.tell({ ryadom: "select", id });
  }

  #chooseFromOutside(id: string | null): void {
    if (id === null) this.#chosen.close();
    else if (id !== this.#chosen.id) this.#chosen.choose(id, "row");
  }

  /** The page around says them each time the frame has come, also when nothing has changed. */
  #filterFromOutside({ categories, openNow, free }: Filters): void {
    const { filters } = this;
    if (filters.categories.join() === categories.join() && filters.openNow === openNow && filters.free === free) return;
    this.#setFilters({ categories, openNow, free });
  }

  #escape = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.#chosen.close();
  };

  #filtered = (event: CustomEvent<Filters>): void => this.#setFilters(event.detail);

  #setFilters(filters: Filters): void {
    this.filters = filters;
    this.#limit = LIMITS[0];
    this.#stack.close();
    void this.#load();
  }

  #showMore = (): void => {
    const before = this.#results.features?.length ?? 0;
    this.#limit = LIMITS.find((limit) => limit > this.#limit) ?? this.#limit;
    void this.#load().then(async () => {
      await this.updateComplete;
      const list = this.#rows;
      await list?.updateComplete;
      const first = this.#results.features?.[before];
      if (first !== undefined) list?.focusRow(first.id);
    });
  };

  #searchHere = (): void => {
    this.#follow.searchHere();
    this.#stack.close();
    void this.#load();
  };

  #openCluster(entry: ClusterEntry): void {
    if ((entry.cluster.expansion_zoom === null || this.mapState === "failed") && this.#options.list) return void this.#stack.open(entry, this.filters);
    this.#follow.zoomInto(entry);
    void this.#load().then(async (done) => {
      await this.updateComplete;
      if (done) this.renderRoot.querySelector<MapBox>("ry-map-box")?.focusNearest(entry.position);
    });
  }

  #mapMoved({ view, byPerson }: Moved): void {
    this.#around.tell({ ryadom: "view", ...view });
    if (!this.#follow.moved(view, byPerson)) return;
    if (!byPerson) return;
    if (!this.#options.list) this.#follow.searchHere(); // no list is there to lead
    clearTimeout(this.#settle);
    if (this.#follow.byView) this.#settle = setTimeout(() => void this.#load(), SETTLE_MS);
  }

  // ---- What comes from outside

  #seen = (): void => {
    if (document.visibilityState === "visible" && this.#results.loadedAt_ms > 0 && Date.now() - this.#results.loadedAt_ms > STALE_MS) this.refresh(null);
  };

  watched(): Watched | null {
    return this.#results.features === null ? null : this.#results.watched(this.#chosen.id);
  }

  refresh(min_seq: number | null): void {
    void this.#load(min_seq);
    void this.#chosen.load(min_seq);
    if (this.#stack.entry !== null) void this.#stack.open(this.#stack.entry, this.filters, min_seq);
  }

  mapSize(): Size | null {
    const size = this.renderRoot.querySelector<MapBox>("ry-map-box")?.size;
    return size !== undefined && size.width_px > 0 ? size : null;
  }

  /** The address stays what the page around has set. */
  write(): void {}

  async focusAfter(before: string | null): Promise<void> {
    const card = this.renderRoot.querySelector<PlaceCard>("ry-place-card");
    await Promise.all([this.#rows?.updateComplete, card?.updateComplete]);
    if (this.#chosen.id !== null) return document.hasFocus() ? card?.focus() : undefined;
    this.#around.tell({ ryadom: "select", id: null });
    if (before === null || !document.hasFocus()) return;
    if (this.#chosen.by === "pin" && this.renderRoot.querySelector<MapBox>("ry-map-box")?.focusPin(before) === true) return;
    if (this.#rows?.focusRow(before) !== true) this.renderRoot.querySelector<HTMLElement>("#near")?.focus();
  }

  // ---- Small helpers

  #load(min_seq: number | null = null): Promise<boolean> {
    clearTimeout(this.#settle);
    return this.#results.ask(this.#follow.question(this.filters, this.#limit), min_seq);
  }

  #tellHeight(): void {
    const height_px = Math.ceil(this.getBoundingClientRect().height);
    if (!this.#options.list || height_px === this.#height_px) return;
    this.#height_px = height_px;
    this.#around.tell({ ryadom: "height", height_px });
  }

  #entries(): readonly Entry[] {
    const entries = entriesOf(this.#results.features ?? [], this.#origin, this.#results.answered?.kind === "near" ? "given" : "distance");
    // Numbers are those of rows, and beside a map alone stand none of ours.
    return this.#options.list ? entries : entries.map((entry) => (entry.kind === "place" ? { ...entry, number: 0 } : entry));
  }

  get #origin(): LonLat {
    const { answered } = this.#results;
    return answered?.kind === "view" ? answered.view : this.#start.position;
  }

  get #rows(): PlaceList | null {
    return this.renderRoot.querySelector<PlaceList>("ry-place-list");
  }

  static override styles = embedPageStyles;
}
