import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { askStyleEarly } from "../api/client.js";
import type { Category } from "../api/types.js";
import type { LonLat } from "../geo/lon_lat.js";
import { language, Localized, t } from "../i18n/index.js";
import type { MapHandle } from "../map/create_map.js";
import type { ClusterEntry, Entry } from "../map/entries.js";
import { currentTheme } from "../map/style.js";
import type { Size, View } from "../map/view.js";
import type { Measured } from "../state/where_am_i.js";
import { clusterPieStyles } from "./cluster_pie.js";
import { icons } from "./icons.js";
import { mapBoxStyles } from "./map_box_styles.js";
import { sharedStyles } from "./shared_styles.js";

export interface Moved {
  readonly view: View;
  readonly byPerson: boolean;
}

/**
 * A place for the map, its buttons, and the calm line when there can be none. The map is fetched when `wanted` is first
 * set. Events: `moved` (Moved), `choose` (id), `cluster` (ClusterEntry), `here` (search where the map is), `locate`,
 * `share`, `state` ("ready" or "failed").
 */
export class MapBox extends LitElement {
  static override properties = {
    wanted: { type: Boolean }, entries: { attribute: false }, known: { attribute: false }, chosen: {},
    chosenAt: { attribute: false, hasChanged: elsewhereThan }, person: { attribute: false }, target: { attribute: false },
    elsewhere: { type: Boolean }, searching: { type: Boolean }, locating: { type: Boolean }, guest: { type: Boolean }, covered_px: { attribute: false },
    state: { state: true },
  };
  declare wanted: boolean;
  declare entries: readonly Entry[];
  declare known: readonly Category[];
  declare chosen: string | null;
  /** Where the chosen place is, once known: brought into sight whenever it becomes another. */
  declare chosenAt: LonLat | null;
  declare person: Measured | null;
  /** The map goes there whenever this changes. */
  declare target: View;
  /** The map shows another area than the results are from. */
  declare elsewhere: boolean;
  declare searching: boolean;
  declare locating: boolean;
  /** On somebody else's page: where the person is stays out of it, and there is no address to share. */
  declare guest: boolean;
  /** How much of the left side something lies over. */
  declare covered_px: number;
  declare state: "idle" | "loading" | "ready" | "failed";

  #handle: MapHandle | null = null;
  #labelled = language();

  constructor() {
    super();
    this.wanted = false;
    this.entries = [];
    this.known = [];
    this.chosen = null;
    this.chosenAt = null;
    this.person = null;
    this.target = { lon: 0, lat: 0, zoom: 2 };
    this.elsewhere = false;
    this.searching = false;
    this.locating = false;
    this.guest = false;
    this.covered_px = 0;
    this.state = "idle";
    new Localized(this);
  }

  get size(): Size {
    const { width, height } = this.getBoundingClientRect();
    return { width_px: width, height_px: height };
  }

  focusPin(id: string): boolean {
    return this.#handle?.focusPin(id) ?? false;
  }

  focusNearest(to: LonLat): void {
    this.#handle?.focusNearest(to);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#handle?.remove();
    this.#handle = null;
    this.state = "idle";
  }

  override render(): TemplateResult {
    const { state } = this;
    return html`
      <div class="ground" ?hidden=${state === "failed"}></div>
      ${state === "ready" ? this.#buttons() : html`
        <div class="words"><p role="status">${
          state === "failed" ? t("map.failed") : t("map.loading")}</p></div>`}`;
  }

  #buttons(): TemplateResult {
    return html`
      <div class="top">${!this.elsewhere && !this.searching ? nothing : html`
        <button type="button" class="button here" ?disabled=${this.searching} @click=${() => this.#say("here")}>
          ${icons.search()}<span>${t(this.searching ? "map.searching" : "map.search_here")}</span></button>`}</div>
      <div class="side">
        ${this.#control("zoom_in", icons.plus(), () => this.#handle?.zoomBy(1))}
        ${this.#control("zoom_out", icons.minus(), () => this.#handle?.zoomBy(-1))}
        ${this.guest ? nothing : html`${this.#control("locate", icons.locate(), () => this.#say("locate"))}
        <button type="button" class="control" aria-label=${t("share.view")} title=${t("share.view")} @click=${() => this.#say("share")}>${icons.share()}</button>`}
      </div>`;
  }

  #control(name: "zoom_in" | "zoom_out" | "locate", icon: TemplateResult, act: () => void): TemplateResult {
    return html`<button type="button" class="control" data-control=${name} aria-label=${t(`map.${name}`)} title=${t(`map.${name}`)}
      ?disabled=${name === "locate" && this.locating} @click=${act}>${icon}</button>`;
  }

  override updated(changed: PropertyValues): void {
    if (this.wanted && this.state === "idle") void this.#load();
    if (this.#handle === null) return;
    if (this.#labelled !== language()) {
      this.#labelled = language();
      this.#handle.relabel();
    }
    if (changed.has("target")) this.#handle.moveTo(this.target);
    this.#handle.update(this);
    if (changed.has("chosenAt") && this.chosenAt !== null) this.#handle.reveal(this.chosenAt, { left_px: this.covered_px });
  }

  async #load(): Promise<void> {
    this.state = "loading";
    const ground = this.renderRoot.querySelector<HTMLElement>(".ground")!;
    askStyleEarly(currentTheme(), language());
    try {
      const { createMap } = await import("../map/create_map.js");
      if (!this.isConnected) return;
      this.#handle = createMap(ground, this.target, {
        moved: (view, byPerson) => this.#say("moved", { view, byPerson } satisfies Moved),
        opened: (entry) => entry.kind === "place" ? this.#say("choose", entry.id) : this.#say("cluster", entry satisfies ClusterEntry),
      }, { guest: this.guest });
      this.state = "ready";
      if (this.chosenAt !== null) this.#handle.reveal(this.chosenAt, { left_px: this.covered_px });
    } catch {
      this.state = "failed"; // no WebGL, or no connection to fetch the map by: the list does without
    }
    this.#say("state", this.state);
  }

  #say(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  static override styles = [sharedStyles, clusterPieStyles, mapBoxStyles];
}

function elsewhereThan(a: LonLat | null | undefined, b: LonLat | null | undefined): boolean {
  return a?.lon !== b?.lon || a?.lat !== b?.lat;
}

customElements.define("ry-map-box", MapBox);
