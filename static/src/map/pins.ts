/**
 * Pins and clusters as buttons over the map, kept by id: an update changes what changed, so a button that has the
 * focus keeps it. The order of the buttons is the order of the numbers.
 */
import { html, render, type TemplateResult } from "lit";
import { Marker, type Map as GlMap } from "maplibre-gl";
import type { Category } from "../api/types.js";
import type { LonLat } from "../geo/lon_lat.js";
import { distanceM } from "../geo/distance.js";
import { clusterPie } from "../ui/cluster_pie.js";
import { categoryIcon } from "../ui/icons.js";
import type { Entry } from "./entries.js";
import { groupOf } from "./groups.js";
import { clusterText, pinText } from "./pin_text.js";

interface Pin {
  readonly marker: Marker;
  readonly button: HTMLButtonElement;
  entry: Entry;
}

export class Pins {
  readonly #map: GlMap;
  readonly #opened: (entry: Entry) => void;
  readonly #pins = new Map<string, Pin>();

  constructor(map: GlMap, opened: (entry: Entry) => void) {
    this.#map = map;
    this.#opened = opened;
  }

  update(entries: readonly Entry[], chosen: string | null, known: readonly Category[]): void {
    const wanted = new Set(entries.map(({ id }) => id));
    for (const [id, { marker }] of this.#pins) {
      if (wanted.has(id)) continue;
      marker.remove();
      this.#pins.delete(id);
    }
    const ordered = entries.map((entry) => {
      const pin = this.#pins.get(entry.id) ?? this.#create(entry);
      pin.entry = entry;
      pin.marker.setLngLat([entry.position.lon, entry.position.lat]);
      draw(pin.button, entry, entry.id === chosen, known);
      return pin.button;
    });
    inOrder(ordered, this.#map.getCanvasContainer());
  }

  focus(id: string): boolean {
    const button = this.#pins.get(id)?.button;
    button?.focus({ preventScroll: true });
    return button !== undefined;
  }

  /** After a cluster has come apart: on to what is nearest to where it was. */
  focusNearest(to: LonLat): void {
    const [nearest] = [...this.#pins.values()].sort((a, b) => distanceM(to, a.entry.position) - distanceM(to, b.entry.position));
    nearest?.button.focus({ preventScroll: true });
  }

  #create(entry: Entry): Pin {
    const button = document.createElement("button");
    button.type = "button";
    const marker = new Marker({ element: button }).setLngLat([entry.position.lon, entry.position.lat]);
    const pin: Pin = { marker, button, entry };
    // The map below would take a double tap on a pin for a wish to zoom.
    button.addEventListener("dblclick", (event) => event.stopPropagation());
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      this.#opened(pin.entry);
    });
    button.setAttribute("aria-label", "…"); // or else the marker would call itself something
    marker.addTo(this.#map);
    this.#pins.set(entry.id, pin);
    return pin;
  }
}

function draw(button: HTMLButtonElement, entry: Entry, chosen: boolean, known: readonly Category[]): void {
  button.classList.add(entry.kind);
  button.classList.toggle("chosen", chosen);
  button.removeAttribute("role"); // a button is one already
  button.dataset[entry.kind === "place" ? "id" : "cluster"] = entry.id;
  if (entry.kind === "cluster") {
    button.setAttribute("aria-label", clusterText(entry.cluster, known));
    render(clusterPie(entry.cluster.categories, entry.cluster.point_count, 44), button);
    return;
  }
  button.setAttribute("aria-label", pinText(entry, known));
  if (chosen) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  button.style.zIndex = String(chosen ? 2000 : Math.max(1, 1000 - entry.number)); // the nearer lies on top
  render(pinPicture(entry), button);
}

function pinPicture({ number, location }: Entry & { kind: "place" }): TemplateResult {
  return html`<span class="disc ${groupOf(location.category)}">${categoryIcon(location.category, 17)}</span>${
    number === 0 ? null : html`<span class="number">${number}</span>`}`;
}

/** Puts buttons in order without ever moving the focused one, which would lose its focus. */
function inOrder(buttons: readonly HTMLElement[], parent: HTMLElement): void {
  const standing = [...parent.children].filter((child) => buttons.includes(child as HTMLElement));
  if (standing.length === buttons.length && standing.every((child, index) => child === buttons[index])) return;
  const root = parent.getRootNode() as Document | ShadowRoot;
  const focused = buttons.find((button) => button === root.activeElement) ?? null;
  let passed = focused === null;
  for (const button of buttons) {
    if (button === focused) passed = true;
    else parent.insertBefore(button, passed ? null : focused);
  }
}
