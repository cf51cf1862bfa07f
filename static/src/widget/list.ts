/**
 * The list of the widget: the page's own results, rows, filters and live changes inside the shadow tree of `<ryadom-map>`.
 * A file of its own, fetched by w.ts from our host into a stranger's page. The bare rows of w.ts stay until this list has
 * drawn its own: in a browser where it cannot, they are the list.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { expectEarly, setHost } from "../api/request.js";
import { STAVROPOL } from "../geo/stavropol.js";
import type { LonLat } from "../geo/lon_lat.js";
import { embedEn } from "../i18n/embed_en.js";
import { embedRu } from "../i18n/embed_ru.js";
import { addWords, Localized, t, type Language, type Speaker } from "../i18n/index.js";
import { LiveChanges, type LiveHost } from "../live/live_changes.js";
import type { Watched } from "../live/touches.js";
import { entriesOf } from "../map/entries.js";
import { Known } from "../map_list/known.js";
import { listPart } from "../map_list/list_part.js";
import { listPartStyles } from "../map_list/list_part_styles.js";
import { Results } from "../map_list/results.js";
import { Stack } from "../map_list/stack.js";
import { accentRules } from "../ui/accent.js";
import type { FilterBar, Filters } from "../ui/filter_bar.js";
import "../ui/filter_bar.js";
import { sharedStyles } from "../ui/shared_styles.js";
import type { PlaceList } from "../ui/place_list.js";
import "../ui/place_list.js";
import tokens from "../ui/tokens.css?inline";
import { startOf, type WidgetOptions } from "./options.js";

export interface List {
  update(options: WidgetOptions): void;
  choose(id: string | null): void;
}

export interface Mounted {
  readonly host: string;
  readonly rows: number;
  readonly options: WidgetOptions;
  /** The answer that was asked for while this file was on its way. */
  readonly first: { readonly key: string; readonly response: Promise<Response> };
  /** Tells the page; false: it does not want what comes by itself. */
  say(name: "list" | "select", detail: unknown): boolean;
  /** A visitor has chosen what is shown. */
  filter(filters: Filters): void;
}

const MORE = [20, 50, 100] as const;
const STALE_MS = 60_000;

class WidgetList extends LitElement implements LiveHost, Speaker {
  static override properties = { options: { attribute: false }, chosen: {} };
  declare options: WidgetOptions;
  declare chosen: string | null;
  mounted!: Mounted;
  speaks: Language = "ru";
  /** Stands above list and map, which it narrows together. */
  readonly bar = document.createElement("ry-filter-bar") as FilterBar & Speaker;
  #limit = 0;
  #said = -1;
  readonly #results = new Results(this, false);
  readonly #known = new Known(this);
  readonly #stack = new Stack(this);

  constructor() {
    super();
    this.chosen = null;
    this.bar.addEventListener("filters", (event) => this.#narrow((event as CustomEvent<Filters>).detail));
    new Localized(this);
    new LiveChanges(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#seen);
    this.ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#seen);
  }

  ask(): void {
    this.#limit = this.mounted.rows;
    this.#stack.close();
    void this.#load();
  }

  override render(): TemplateResult {
    const { features } = this.#results;
    return html`<section aria-labelledby="near">${listPart({
      results: this.#results, stack: this.#stack, entries: entriesOf(features ?? [], this.#from, "given"), stackEntries: [],
      filters: this.#filters, known: this.#known.categories, chosen: this.chosen, numbered: false, printed: false,
      town: "", heading: t("embed.heading"),
      more: this.#limit < MORE[MORE.length - 1]! ? this.#showMore : null,
      hrefOf: (id) => this.#hrefOf(id),
      choose: (id) => this.#choose(id),
      openCluster: () => {}, closeStack: () => {}, // there are no clusters where no zoom was asked for
      widen: (change) => this.#narrow({ ...this.#filters, ...change }),
      retry: () => void this.#load(),
    })}</section>`;
  }

  override updated(): void {
    const { features, problem, loadedAt_ms } = this.#results;
    const { list, filters } = this.options;
    this.bar.hidden = !list || !filters;
    Object.assign(this.bar, { known: this.#known.categories, filters: this.#filters, speaks: this.speaks });
    if ((features === null && problem === null) || this.#said === loadedAt_ms) return;
    this.#said = loadedAt_ms;
    void this.#stand(features?.length ?? 0);
  }

  /** Takes the place of the bare rows once the own ones are drawn, and whoever was reading one goes on there. */
  async #stand(count: number): Promise<void> {
    const list = this.renderRoot.querySelector<PlaceList>("ry-place-list");
    await list?.updateComplete;
    const around = this.parentElement;
    if (this.hidden && around !== null) {
      const reading = around.querySelector<HTMLElement>("a:focus")?.dataset["id"];
      this.hidden = false;
      for (const bare of [...around.children]) if (bare !== this) bare.remove();
      around.parentElement!.before(this.bar);
      if (reading !== undefined) list?.focusRow(reading);
    }
    this.mounted.say("list", { count });
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("#near")?.focus();
  }

  /** The row of a place that was chosen elsewhere comes into sight, but the page stays where it is. */
  async mark(id: string | null): Promise<void> {
    this.chosen = id;
    await this.updateComplete;
    const list = this.renderRoot.querySelector<PlaceList>("ry-place-list");
    const around = this.parentElement;
    if (id !== null && around !== null && around.scrollHeight > around.clientHeight) list?.showRow(id);
  }

  #narrow(filters: Filters): void {
    this.options = { ...this.options, ...filters };
    this.ask();
    this.mounted.filter(filters);
  }

  #choose(id: string): void {
    const name = this.#results.features?.find((feature) => feature.id === id)?.properties;
    const url = this.#hrefOf(id);
    this.chosen = id;
    if (this.mounted.say("select", { id, name: name !== undefined && "name" in name ? name.name : "", url })) window.open(url, "_blank", "noopener");
  }

  #hrefOf(id: string): string {
    return `${this.mounted.host}/place/${encodeURIComponent(id)}?lang=${this.options.lang}`;
  }

  #showMore = (): void => {
    const before = this.#results.features?.length ?? 0;
    this.#limit = MORE.find((limit) => limit > this.#limit) ?? this.#limit;
    void this.#load().then(async () => {
      await this.updateComplete;
      const list = this.renderRoot.querySelector<PlaceList>("ry-place-list");
      await list?.updateComplete;
      const first = this.#results.features?.[before]; // go on reading where the old list ended
      if (first !== undefined) list?.focusRow(first.id);
    });
  };

  #seen = (): void => {
    if (document.visibilityState === "visible" && Date.now() - this.#results.loadedAt_ms > STALE_MS) void this.#load();
  };

  watched(): Watched | null {
    return this.#results.features === null ? null : this.#results.watched(this.chosen);
  }

  refresh(min_seq: number | null): void {
    void this.#load(min_seq);
  }

  get #filters(): Filters {
    const { categories, openNow, free } = this.options;
    return { categories, openNow, free };
  }

  get #from(): LonLat {
    return startOf(this.options) ?? STAVROPOL;
  }

  #load(min_seq: number | null = null): Promise<boolean> {
    const question = { kind: "near", filters: this.#filters, measured: false, from: this.#from, within: this.options.bbox, limit: this.#limit } as const;
    return this.#results.ask(question, min_seq);
  }

  static override styles = [sharedStyles, listPartStyles];
}

export function mount(parent: HTMLElement, mounted: Mounted): List {
  setHost(mounted.host);
  addWords({ ru: embedRu, en: embedEn });
  const shadow = parent.getRootNode() as ShadowRoot;
  adopt(shadow, `.root{--ryadom-rem:1em;color:var(--ink)}${tokens.replaceAll(":root", ".root")}
    .root{--font:var(--ryadom-font,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif);--radius:var(--ryadom-radius,14px);
      --chips-wrap:nowrap;--chips-edge:12px;--chips-scrollbar:none}
    ry-filter-bar{margin:-8px -12px 4px}
    @media (hover:hover) and (pointer:fine){.root{--chips-scrollbar:thin}}
    @container (min-width:1000px){ry-filter-bar{--chips-wrap:wrap}}`);
  registerRem();
  const accent = adopt(shadow, "");
  if (customElements.get("ry-widget-list") === undefined) customElements.define("ry-widget-list", WidgetList);
  const list = document.createElement("ry-widget-list") as WidgetList;
  const take = (options: WidgetOptions): void => {
    accent.replaceSync(options.accent === null ? "" : accentRules(options.accent, ".root"));
    list.speaks = options.lang;
    list.options = options;
  };
  take(mounted.options);
  expectEarly(mounted.first.key, mounted.first.response);
  list.mounted = mounted;
  list.hidden = true;
  parent.append(list);
  return {
    update: (options) => {
      take(options);
      list.ask();
    },
    choose: (id) => void list.mark(id),
  };
}

function adopt(root: ShadowRoot, text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  return sheet;
}

/**
 * A page may have made its rem anything. The build turns ours into `--ryadom-rem`, which is a length from here on: the
 * reader's own font size, whatever the page says of it.
 */
function registerRem(): void {
  try {
    CSS.registerProperty({ name: "--ryadom-rem", syntax: "<length>", inherits: true, initialValue: "16px" });
  } catch {
    // registered by another widget of the page; or an older browser, in which an em is an em of where it stands
  }
}
