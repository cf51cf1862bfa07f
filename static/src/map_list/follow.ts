/**
 * Where the map is and who leads: the results (the map goes to the places nearest to the person) or the map (the
 * results are those of its view). A hand on the map does not change who leads; "search this area" does.
 */
import type { ReactiveControllerHost } from "lit";
import type { LonLat } from "../geo/lon_lat.js";
import { positionOf, type ClusterEntry } from "../map/entries.js";
import { bboxCorners, fitting, sameView, type Bbox, type Size, type View } from "../map/view.js";
import type { Measured } from "../state/where_am_i.js";
import type { Filters } from "../ui/filter_bar.js";
import type { Question, Results } from "./results.js";

/** The nearest places that the map's first view must hold; the twentieth may be a town away. */
const FIRST_IN_SIGHT = 8;
const MARGIN_PX = 56;
const CLOSEST_FIT = 15;

/** Where a list starts from. */
export interface Start {
  /** The device's own place; null: somewhere that was chosen. */
  readonly person: Measured | null;
  readonly locating: boolean;
  readonly position: LonLat;
  /** The area that was chosen and no place outside is shown of; null: as far as there are places. */
  readonly area: Bbox | null;
  betrayedBy(view: View): boolean;
}

export interface FollowHost extends ReactiveControllerHost {
  /** The size of the map's place; nothing while it is hidden. */
  mapSize(): Size | null;
}

export class Follow {
  /** Where a hand has moved the map, or a link; null: the map stands where the results have put it. */
  view: View | null;
  /** Where the page wants the map to go. */
  target: View;
  /** Results follow the map, not the person. */
  byView: boolean;
  readonly #host: FollowHost;
  readonly #start: Start;
  readonly #results: Results;

  constructor(host: FollowHost, start: Start, results: Results, view: View | null) {
    this.#host = host;
    this.#start = start;
    this.#results = results;
    this.view = view;
    this.target = view ?? { ...lonLatOf(start.position), zoom: 13 };
    this.byView = view !== null;
  }

  /** What to ask the server now. */
  question(filters: Filters, limit: number): Question {
    const asked = { filters, measured: this.#start.person !== null };
    return this.byView
      ? { kind: "view", ...asked, view: this.view ?? this.target, size: this.#size() }
      : { kind: "near", ...asked, from: this.#start.position, within: this.#start.area, limit };
  }

  /** The map shows another area than the results are from. */
  elsewhere(): boolean {
    const { answered } = this.#results;
    if (this.view === null || answered === null) return false;
    return answered.kind === "near" || !sameView(answered.view, this.view);
  }

  /** The view as an address may hold it: not one that has the person in its middle. */
  sharedView(): View | null {
    return this.view === null || this.#start.betrayedBy(this.view) ? null : this.view;
  }

  /** The map has come to rest; false: by the page's own doing, which is no wish of the person's. */
  moved(view: View, byPerson: boolean): boolean {
    if (!byPerson && this.view === null) return false;
    this.view = view;
    this.#host.requestUpdate();
    return true;
  }

  /** From now on the map leads. */
  searchHere(): void {
    this.byView = true;
    this.view ??= this.target;
  }

  /** From now on the person leads, from where they start. */
  startAnew(): void {
    this.view = null;
    this.byView = false;
  }

  /** An address from the history; true when it means another view. */
  restore(view: View | null): boolean {
    if (sameView(this.view, view)) return false;
    this.view = view;
    if (view !== null) this.target = view;
    this.byView = view !== null;
    return true;
  }

  /** Puts the map where the nearest results are, unless a hand has put it somewhere. */
  fit(): void {
    if (this.view !== null) return;
    if (this.#start.area !== null) {
      this.target = fitting(bboxCorners(this.#start.area), this.#size(), 0, 18) ?? this.target;
      return this.#host.requestUpdate();
    }
    const positions = (this.#results.features ?? []).slice(0, FIRST_IN_SIGHT).map(positionOf);
    this.target = fitting([lonLatOf(this.#start.position), ...positions], this.#size(), MARGIN_PX, CLOSEST_FIT) ?? this.target;
    this.#host.requestUpdate();
  }

  /** As close as the cluster comes apart, and closer if all its places still fit. */
  zoomInto({ position, cluster: { expansion_zoom, bbox } }: ClusterEntry): void {
    const within = fitting(bboxCorners(bbox), this.#size(), 40, 18);
    const zoom = Math.max(expansion_zoom ?? 0, Math.floor(within?.zoom ?? 0));
    this.view = this.target = within === null || zoom > within.zoom ? { ...position, zoom } : { ...within, zoom };
    this.byView = true;
    this.#host.requestUpdate();
  }

  #size(): Size {
    return this.#host.mapSize() ?? { width_px: innerWidth, height_px: innerHeight * 0.46 };
  }
}

function lonLatOf({ lon, lat }: LonLat): LonLat {
  return { lon, lat };
}
