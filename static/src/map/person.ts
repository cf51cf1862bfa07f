/** The dot where the person is, and round it the circle of what the device is not sure of. */
import { Marker, type Map as GlMap } from "maplibre-gl";
import { t } from "../i18n/index.js";
import type { Measured } from "../state/where_am_i.js";
import { metresPerPx } from "./view.js";

/** A larger circle than this says nothing any more, and is a lot to draw. */
const MOST_PX = 4000;

export class PersonMark {
  readonly #map: GlMap;
  readonly #element = document.createElement("div");
  readonly #circle = document.createElement("div");
  readonly #marker: Marker;
  #measured: Measured | null = null;

  constructor(map: GlMap) {
    this.#map = map;
    this.#element.className = "person";
    this.#element.setAttribute("role", "img");
    this.#circle.className = "accuracy";
    const dot = document.createElement("div");
    dot.className = "dot";
    this.#element.append(this.#circle, dot);
    this.#element.setAttribute("aria-label", t("map.you"));
    this.#marker = new Marker({ element: this.#element });
    map.on("zoom", () => this.#resize());
  }

  update(measured: Measured | null): void {
    this.#measured = measured;
    this.#element.setAttribute("aria-label", t("map.you"));
    if (measured === null) return void this.#marker.remove();
    this.#marker.setLngLat([measured.lon, measured.lat]).addTo(this.#map);
    this.#resize();
  }

  #resize(): void {
    if (this.#measured === null) return;
    const { lat, accuracy_m } = this.#measured;
    const across_px = Math.min(MOST_PX, (2 * accuracy_m) / metresPerPx(lat, this.#map.getZoom()));
    this.#circle.style.width = this.#circle.style.height = `${across_px.toFixed(0)}px`;
  }
}
