/**
 * A small map with a few marks that are looked at, not opened: where a place was, where it will be, what is like it.
 * One of the files that know MapLibre; fetched when such a map is wanted.
 */
import { AttributionControl, LngLatBounds, Map as GlMap, Marker } from "maplibre-gl";
import type { LonLat } from "../geo/lon_lat.js";
import { t } from "../i18n/index.js";
import { foldSources } from "./create_map.js";
import { adoptSheet } from "./sheet.js";
import { currentTheme, plainStyle } from "./style.js";
import { Styler } from "./styler.js";
import { MAX_ZOOM } from "./view.js";

export interface Mark {
  readonly kind: "new" | "old" | "twin";
  readonly position: LonLat;
  /** What it says beside its colour: a number, or nothing. */
  readonly sign: string;
  readonly label: string;
}

export interface MarkMapHandle {
  show(marks: readonly Mark[]): void;
  relabel(): void;
  remove(): void;
}

/** Throws where there is no WebGL. */
export function createMarkMap(container: HTMLElement): MarkMapHandle {
  adoptSheet(container.getRootNode() as ShadowRoot);
  const map = new GlMap({
    container, style: plainStyle(currentTheme()), center: [0, 0], zoom: 2, maxZoom: MAX_ZOOM, attributionControl: false,
    dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0, cooperativeGestures: false, scrollZoom: false, renderWorldCopies: false, fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new AttributionControl({ compact: true }), "bottom-right");
  foldSources(map, container);
  map.on("error", () => {}); // bare ground under the marks is still a map
  const styler = new Styler(map);
  const name = (): void => map.getCanvas().setAttribute("aria-label", t("map.canvas"));
  name();
  let markers: Marker[] = [];
  return {
    show: (marks) => {
      for (const marker of markers) marker.remove();
      markers = marks.map((mark) => {
        const element = document.createElement("div");
        element.className = `mark ${mark.kind}`;
        element.textContent = mark.sign;
        element.title = mark.label;
        const marker = new Marker({ element, anchor: "center" }).setLngLat([mark.position.lon, mark.position.lat]).addTo(map);
        element.setAttribute("role", "img");
        element.setAttribute("aria-label", mark.label);
        element.removeAttribute("tabindex");
        return marker;
      });
      const bounds = new LngLatBounds();
      for (const { position } of marks) bounds.extend([position.lon, position.lat]);
      if (marks.length > 0) map.fitBounds(bounds, { padding: 48, maxZoom: 16, duration: 0 });
    },
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
