/**
 * The map itself: the one file, with its neighbours pins.ts and person.ts, that knows MapLibre. It is fetched when a
 * map is wanted, after the list. Takes plain values in, tells of moves and taps by the callbacks it is given.
 */
import { AttributionControl, Map as GlMap } from "maplibre-gl";
import type { Category } from "../api/types.js";
import type { LonLat } from "../geo/lon_lat.js";
import { t } from "../i18n/index.js";
import type { Measured } from "../state/where_am_i.js";
import type { Entry } from "./entries.js";
import { PersonMark } from "./person.js";
import { Pins } from "./pins.js";
import { adoptSheet } from "./sheet.js";
import { currentTheme, plainStyle } from "./style.js";
import { Styler } from "./styler.js";
import { MAX_ZOOM, type View } from "./view.js";

export interface MapCallbacks {
  /** The map stands still again; `byPerson` when a hand has moved it. */
  moved(view: View, byPerson: boolean): void;
  opened(entry: Entry): void;
}

export interface Shown {
  readonly entries: readonly Entry[];
  readonly chosen: string | null;
  readonly known: readonly Category[];
  readonly person: Measured | null;
}

export interface MapHandle {
  update(shown: Shown): void;
  moveTo(view: View): void;
  zoomBy(levels: number): void;
  /** Brings a position into the part of the map that nothing lies over. */
  reveal(position: LonLat, covered: { readonly left_px: number }): void;
  focusPin(id: string): boolean;
  focusNearest(to: LonLat): void;
  /** The language has changed. */
  relabel(): void;
  remove(): void;
}

const EDGE_PX = 48;
const GLIDE_MS = 350;
const SMALL_PX = 640;

/**
 * Throws where there is no WebGL. `guest`: on somebody else's page, which one finger and the wheel go on scrolling.
 */
export function createMap(container: HTMLElement, view: View, callbacks: MapCallbacks, { guest = false } = {}): MapHandle {
  adoptSheet(container.getRootNode() as ShadowRoot);
  const map = new GlMap({
    container, style: plainStyle(currentTheme()), center: [view.lon, view.lat], zoom: view.zoom, maxZoom: MAX_ZOOM, minZoom: 2,
    attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0,
    fadeDuration: reducedMotion() ? 0 : 150, renderWorldCopies: false,
    cooperativeGestures: guest,
    locale: {
      "CooperativeGesturesHandler.WindowsHelpText": t("map.two_keys", { key: "Ctrl" }),
      "CooperativeGesturesHandler.MacHelpText": t("map.two_keys", { key: "⌘" }),
      "CooperativeGesturesHandler.MobileHelpText": t("map.two_fingers"),
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new AttributionControl({ compact: true }), "bottom-right");
  foldSources(map, container);
  map.on("error", () => {}); // a tile that does not come leaves its ground bare; the list has all that matters
  map.on("moveend", (event: { originalEvent?: unknown }) => callbacks.moved(viewOf(map), event.originalEvent !== undefined));

  const pins = new Pins(map, callbacks.opened);
  const person = new PersonMark(map);
  const styler = new Styler(map);
  const name = (): void => {
    map.getCanvas().setAttribute("aria-label", t("map.canvas"));
    for (const attribute of ["aria-label", "title"]) {
      container.querySelector(".maplibregl-ctrl-attrib-button")?.setAttribute(attribute, t("map.sources"));
    }
  };
  name();

  return {
    update: ({ entries, chosen, known, person: measured }) => {
      pins.update(entries, chosen, known);
      person.update(measured);
    },
    moveTo: (next) => {
      const to = { center: [next.lon, next.lat] as [number, number], zoom: next.zoom };
      // A glide across the region would fetch every tile on its way.
      const near = map.getBounds().contains(to.center) && Math.abs(next.zoom - map.getZoom()) < 5;
      if (near && !reducedMotion()) map.easeTo({ ...to, duration: GLIDE_MS });
      else map.jumpTo(to);
    },
    zoomBy: (levels) => map.easeTo(
      { zoom: Math.round(map.getZoom() + levels), duration: reducedMotion() ? 0 : GLIDE_MS }, { originalEvent: "button" }),
    reveal: ({ lon, lat }, { left_px }) => {
      const { x, y } = map.project([lon, lat]);
      const { clientWidth, clientHeight } = container;
      if (x >= left_px + EDGE_PX && x <= clientWidth - EDGE_PX && y >= EDGE_PX && y <= clientHeight - EDGE_PX) return;
      map.easeTo({
        center: [lon, lat], zoom: Math.max(map.getZoom(), 13), offset: [left_px / 2, 0],
        duration: reducedMotion() || !map.getBounds().contains([lon, lat]) ? 0 : GLIDE_MS,
      });
    },
    focusPin: (id) => pins.focus(id),
    focusNearest: (to) => pins.focusNearest(to),
    relabel: () => {
      name();
      styler.restyle();
    },
    remove: () => {
      styler.stop();
      map.remove();
    },
  };
}

/** On a small map the named sources fold into their button at once: they would cover a third of it and the buttons. */
export function foldSources(map: GlMap, container: HTMLElement): void {
  const events = ["styledata", "sourcedata", "idle"] as const; // the control writes on the first two, before us
  const fold = (): void => {
    const open = container.querySelector(".maplibregl-compact-show");
    if (open === null) return;
    for (const event of events) map.off(event, fold);
    if (container.clientWidth >= SMALL_PX) return;
    open.removeAttribute("open");
    open.classList.remove("maplibregl-compact-show");
  };
  for (const event of events) map.on(event, fold);
}

function viewOf(map: GlMap): View {
  const { lng, lat } = map.getCenter();
  return { lon: lng, lat, zoom: map.getZoom() };
}

function reducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
