/**
 * The map of one pin with its buttons, and calm without a map. Properties `pin` (LonLat or null) and `target` (View).
 * Events: `placed` (LonLat), `failed`.
 */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { LonLat } from "../geo/lon_lat.js";
import { Localized, t } from "../i18n/index.js";
import type { PinMapHandle } from "../map/pin_map.js";
import type { View } from "../map/view.js";
import { icons } from "../ui/icons.js";
import { sharedStyles } from "../ui/shared_styles.js";

class PinBox extends LitElement {
  static override properties = { pin: { attribute: false }, target: { attribute: false }, state: { state: true } };
  declare pin: LonLat | null;
  declare target: View;
  declare state: "loading" | "ready" | "failed";
  #handle: PinMapHandle | null = null;

  constructor() {
    super();
    this.pin = null;
    this.target = { lon: 41.9642, lat: 45.0344, zoom: 11 };
    this.state = "loading";
    new Localized(this);
  }

  override firstUpdated(): void {
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#handle?.remove();
    this.#handle = null;
  }

  override render(): TemplateResult {
    if (this.state === "failed") return html`<p class="words" role="status">${t("position.failed")}</p>`;
    return html`<div class="ground"></div>
      ${this.state === "loading" ? html`<p class="words" role="status">${t("map.loading")}</p>` : html`
      <div class="side">
        <button type="button" aria-label=${t("map.zoom_in")} title=${t("map.zoom_in")} @click=${() => this.#handle?.zoomBy(1)}>${icons.plus()}</button>
        <button type="button" aria-label=${t("map.zoom_out")} title=${t("map.zoom_out")} @click=${() => this.#handle?.zoomBy(-1)}>${icons.minus()}</button>
        <button type="button" aria-label=${t("position.pin_here")} title=${t("position.pin_here")} @click=${this.#here}>${icons.locate()}</button>
      </div>`}`;
  }

  override updated(changed: PropertyValues): void {
    if (changed.has("target") && changed.get("target") !== undefined) this.#handle?.moveTo(this.target);
    if (changed.has("pin")) this.#handle?.setPin(this.pin);
  }

  #here(): void {
    if (this.#handle !== null) this.#say(this.#handle.centre());
  }

  #say(detail: LonLat): void {
    this.dispatchEvent(new CustomEvent("placed", { detail }));
  }

  async #load(): Promise<void> {
    try {
      const { createPinMap } = await import("../map/pin_map.js");
      const ground = this.renderRoot.querySelector<HTMLElement>(".ground");
      if (!this.isConnected || ground === null) return;
      this.#handle = createPinMap(ground, this.target, (position) => this.#say(position));
      this.#handle.setPin(this.pin);
      this.state = "ready";
    } catch {
      this.state = "failed"; // no WebGL, or no connection to fetch the map by: the numbers do without
      this.dispatchEvent(new CustomEvent("failed"));
    }
  }

  static override styles = [sharedStyles, css`
    :host { position: relative; overflow: hidden; height: 320px; border: 1px solid var(--edge); border-radius: var(--radius-small); background: var(--sunken); isolation: isolate; }
    .ground { position: absolute !important; inset: 0; }
    .ground.maplibregl-map { font: inherit; }
    .words { position: absolute; inset: 0; display: grid; place-items: center; padding: 24px; text-align: center; color: var(--ink-soft); }
    .maplibregl-canvas { cursor: crosshair; }
    .maplibregl-canvas:focus-visible { outline: 3px solid var(--focus); outline-offset: -3px; }
    .maplibregl-ctrl-attrib { font-size: 0.75rem; }
    .maplibregl-ctrl-attrib a { color: var(--ink); }
    .maplibregl-ctrl-attrib.maplibregl-compact { background: var(--surface); color: var(--ink-soft); }
    .maplibregl-ctrl-attrib.maplibregl-ctrl-attrib .maplibregl-ctrl-attrib-button { background-color: #fff; }
    .side { position: absolute; z-index: 3; right: 10px; top: 10px; display: grid; gap: 6px; }
    .side button { display: grid; place-items: center; width: 44px; height: 44px; padding: 0; border: 1px solid var(--edge); border-radius: 12px; background: var(--surface); color: var(--ink); box-shadow: var(--shadow); }
    .side button:hover { border-color: var(--brand); color: var(--brand-deep); }
  `];
}

customElements.define("ry-pin-box", PinBox);
