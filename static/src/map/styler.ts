/** Keeps a map in the style of the page's theme and language. */
import type { Map as GlMap, StyleSpecification } from "maplibre-gl";
import { language } from "../i18n/index.js";
import { currentTheme, loadStyle, plainStyle, watchTheme } from "./style.js";

export class Styler {
  readonly #map: GlMap;
  readonly #unwatch: () => void;
  #theme = currentTheme();
  #request = new AbortController();

  constructor(map: GlMap) {
    this.#map = map;
    this.#unwatch = watchTheme(() => {
      if (this.#theme === currentTheme()) return;
      this.#theme = currentTheme();
      this.restyle();
    });
    this.restyle();
  }

  /** Fetches the style of this moment; what was on its way before is left behind. */
  restyle(): void {
    this.#request.abort();
    this.#request = new AbortController();
    const [{ signal }, theme] = [this.#request, this.#theme];
    loadStyle(theme, language(), signal).then((style) => {
      if (!signal.aborted) this.#put(style);
    }, () => {
      if (!signal.aborted) this.#put(plainStyle(theme));
    });
  }

  stop(): void {
    this.#request.abort();
    this.#unwatch();
  }

  /** To a style that is still loading there is no difference: MapLibre would begin anew all the same, and complain. */
  #put(style: StyleSpecification): void {
    this.#map.setStyle(style, { diff: this.#map.isStyleLoaded() === true });
  }
}
