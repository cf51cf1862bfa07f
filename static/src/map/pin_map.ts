/** A map with one pin that a hand can set and drag: where a location's door is. */
import { AttributionControl, Map as GlMap, Marker } from "maplibre-gl";
import type { LonLat } from "../geo/lon_lat.js";
import { t } from "../i18n/index.js";
import { adoptSheet } from "./sheet.js";
import { currentTheme, plainStyle } from "./style.js";
import { Styler } from "./styler.js";
import { MAX_ZOOM, type View } from "./view.js";

export interface PinMapHandle {
  setPin(position: LonLat | null): void;
  moveTo(view: View): void;
  zoomBy(levels: number): void;
  centre(): LonLat;
  remove(): void;
}

/** Throws where there is no WebGL. */
export function createPinMap(container: HTMLElement, view: View, placed: (position: LonLat) => void): PinMapHandle {
  adoptSheet(container.getRootNode() as ShadowRoot);
  const map = new GlMap({
    container, style: plainStyle(currentTheme()), center: [view.lon, view.lat], zoom: view.zoom, maxZoom: MAX_ZOOM, minZoom: 4, attributionControl: false,
    dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0, renderWorldCopies: false, cooperativeGestures: false, scrollZoom: false,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new AttributionControl({ compact: true }), "bottom-right");
  map.on("error", () => {}); // a tile that does not come leaves its ground bare; the numbers have all that matters
  map.getCanvas().setAttribute("aria-label", t("map.canvas"));
  for (const button of container.querySelectorAll(".maplibregl-ctrl-attrib-button")) button.setAttribute("aria-label", t("map.sources"));
  const marker = new Marker({ color: "#a8420d", draggable: true, scale: 1.2 });
  marker.getElement().setAttribute("aria-label", t("position.pin"));
  marker.getElement().setAttribute("role", "img");
  marker.getElement().removeAttribute("tabindex");
  const say = ({ lng, lat }: { lng: number; lat: number }): void => placed({ lon: round(lng), lat: round(lat) });
  marker.on("dragend", () => say(marker.getLngLat()));
  map.on("click", (event) => say(event.lngLat));

  const styler = new Styler(map);

  return {
    setPin: (position) => void (position === null ? marker.remove() : marker.setLngLat([position.lon, position.lat]).addTo(map)),
    moveTo: ({ lon, lat, zoom }) => void map.jumpTo({ center: [lon, lat], zoom }),
    zoomBy: (levels) => void map.easeTo({ zoom: Math.round(map.getZoom() + levels), duration: 250 }),
    centre: () => {
      const { lng, lat } = map.getCenter();
      return { lon: round(lng), lat: round(lat) };
    },
    remove: () => {
      styler.stop();
      map.remove();
    },
  };
}

/** Six decimals, a tenth of a metre: more would be noise. */
function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
