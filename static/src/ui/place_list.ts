import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Category } from "../api/types.js";
import { distanceText } from "../i18n/distance_text.js";
import { language, Localized } from "../i18n/index.js";
import type { ClusterEntry, Entry, PlaceEntry } from "../map/entries.js";
import { clusterAct, clusterWords } from "../map/pin_text.js";
import { benefitWords } from "./benefit_line.js";
import { clusterPie, clusterPieStyles } from "./cluster_pie.js";
import { categoryIcon } from "./icons.js";
import { openState, openStateStyles } from "./open_state.js";
import { sharedStyles } from "./shared_styles.js";

/**
 * The results, one row each. A place's row is a link to its own page, so it can be opened in a tab or sent; a plain
 * click is told as event `choose` with the id as `detail` instead. A cluster's row is a button: event `cluster` with
 * the entry. With `numbered`, rows carry the numbers of their pins.
 */
export class PlaceList extends LitElement {
  static override properties = {
    rows: { attribute: false }, known: { attribute: false }, chosen: {}, hrefOf: { attribute: false },
    waiting: { type: Boolean }, numbered: { type: Boolean },
  };
  declare rows: readonly Entry[];
  declare known: readonly Category[];
  declare chosen: string | null;
  declare hrefOf: (id: string) => string;
  /** No rows yet: grey bars in their place. */
  declare waiting: boolean;
  declare numbered: boolean;

  constructor() {
    super();
    this.rows = [];
    this.known = [];
    this.chosen = null;
    this.hrefOf = (id) => `/place/${encodeURIComponent(id)}`;
    this.waiting = false;
    this.numbered = false;
    new Localized(this);
  }

  /** Puts the focus on the row of `id`; false when there is none. */
  focusRow(id: string): boolean {
    const row = this.#rowOf(id);
    row?.focus();
    return row !== undefined;
  }

  /** Brings the row of `id` into sight. */
  showRow(id: string): void {
    this.#rowOf(id)?.closest("li")?.scrollIntoView({ block: "nearest" });
  }

  #rowOf(id: string): HTMLElement | undefined {
    const rows = this.renderRoot.querySelectorAll<HTMLElement>("[data-id], [data-cluster]");
    return [...rows].find(({ dataset }) => (dataset["id"] ?? dataset["cluster"]) === id);
  }

  override render(): TemplateResult {
    if (this.waiting) {
      return html`<ul aria-hidden="true">${Array.from({ length: 6 }, () => html`
        <li class="bones"><span class="icon"></span><span class="text"><i></i><i></i><i></i></span></li>`)}</ul>`;
    }
    const now = new Date();
    return html`<ul role="list">${repeat(this.rows, ({ id }) => id, (row) =>
      row.kind === "place" ? this.#place(row, now) : this.#cluster(row))}</ul>`;
  }

  #place({ location, distance_m, number }: PlaceEntry, now: Date): TemplateResult {
    const category = this.known.find(({ code }) => code === location.category);
    const { main, original } = benefitWords(location.benefit_kind, location.benefit_value, location.benefit);
    const chosen = location.id === this.chosen;
    return html`<li class=${chosen ? "chosen" : ""}>
      <span class="icon">${categoryIcon(location.category, 20)}${!this.numbered ? nothing
        : html`<b aria-hidden="true" data-number>${number}</b>`}</span>
      <div class="text">
        <h3><a href=${this.hrefOf(location.id)} data-id=${location.id} aria-current=${chosen ? "true" : nothing}
          lang=${language() === "ru" ? nothing : "ru"} @click=${this.#clicked}>${location.name}</a>
          ${category === undefined ? nothing : html`<span class="unseen">, ${category[language()]}</span>`}</h3>
        <p class="offer"><strong class=${location.benefit === null && location.benefit_kind === null ? "unsaid" : ""}>${main}</strong>
          <span class="distance">${distanceText(distance_m)}</span></p>
        ${original === null ? nothing : html`<p class="original">${original}</p>`}
        <p>${openState(location, now)}</p>
      </div>
    </li>`;
  }

  #cluster(entry: ClusterEntry): TemplateResult {
    return html`<li class="many">
      ${clusterPie(entry.cluster.categories, entry.cluster.point_count, 44)}
      <div class="text">
        <h3><button type="button" data-cluster=${entry.id} @click=${() => this.dispatchEvent(new CustomEvent("cluster", { detail: entry }))}>${clusterWords(entry.cluster, this.known)}</button></h3>
        <p class="offer"><span class="act">${clusterAct(entry.cluster)}</span><span class="distance">${distanceText(entry.distance_m)}</span></p>
      </div>
    </li>`;
  }

  #clicked(event: MouseEvent): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    const id = (event.currentTarget as HTMLElement).dataset["id"];
    this.dispatchEvent(new CustomEvent("choose", { detail: id }));
  }

  static override styles = [sharedStyles, openStateStyles, clusterPieStyles, css`
    ul { display: grid; gap: 8px; }
    li {
      position: relative; display: flex; gap: 10px; padding: 12px 12px 12px 10px;
      border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface);
    }
    li:hover { border-color: var(--brand); }
    li.chosen { border-color: var(--brand); box-shadow: inset 0 0 0 1px var(--brand); }
    li:has(a:focus-visible), li:has(button:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
    .icon {
      position: relative; flex: none; display: grid; place-items: center; width: 38px; height: 38px; border-radius: 11px;
      background: var(--brand-soft); color: var(--brand-deep);
    }
    .icon b {
      position: absolute; left: -6px; top: -6px; min-width: 20px; height: 20px; padding: 0 4px; border-radius: 10px;
      background: var(--brand); color: var(--brand-ink); font-size: 12px; line-height: 20px; text-align: center;
    }
    h3 button { padding: 0; border: 0; background: none; font: inherit; text-align: left; }
    h3 button::after { content: ""; position: absolute; inset: 0; }
    h3 button:focus-visible { outline: none; }
    .many .text { align-content: center; }
    .act { color: var(--brand-deep); font-weight: 600; font-size: 0.9375rem; }
    .text { flex: 1; min-width: 0; display: grid; gap: 2px; }
    h3 { font-size: 1rem; font-weight: 550; line-height: 1.3; overflow-wrap: anywhere; }
    a { color: inherit; text-decoration: none; }
    a:focus-visible { outline: none; }
    a::after { content: ""; position: absolute; inset: 0; border-radius: var(--radius); }
    .offer { display: flex; align-items: baseline; justify-content: space-between; gap: 12px; line-height: 1.35; }
    .offer strong {
      color: var(--benefit); font-weight: 700; min-width: 0; overflow-wrap: anywhere;
      display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; /* the card says it all */
    }
    .offer .unsaid { color: var(--ink-soft); font-weight: 500; }
    .distance { flex: none; color: var(--ink-soft); font-variant-numeric: tabular-nums; font-size: 0.9375rem; white-space: nowrap; }
    .original { font-size: 0.875rem; color: var(--ink-soft); line-height: 1.35; }

    .bones .icon { background: var(--sunken); }
    .bones .text { gap: 10px; padding: 4px 0; }
    .bones i { height: 12px; border-radius: 6px; background: var(--sunken); animation: breathe 1.6s ease-in-out infinite; }
    .bones i:nth-child(1) { width: 62%; }
    .bones i:nth-child(2) { width: 84%; }
    .bones i:nth-child(3) { width: 40%; }
    @keyframes breathe { 50% { opacity: 0.45; } }
  `];
}

customElements.define("ry-place-list", PlaceList);
