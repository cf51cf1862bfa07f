import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Localized, language, t } from "../i18n/index.js";
import type { Mark, MarkMapHandle } from "../map/mark_map.js";
import { sharedStyles } from "../ui/shared_styles.js";

/** The map beside a change. Without WebGL, or without a connection for the map's own chunk, a line says so. */
export class ChangeMap extends LitElement {
  static override properties = { marks: { attribute: false }, failed: { state: true } };
  declare marks: readonly Mark[];
  declare failed: boolean;
  #handle: MarkMapHandle | null = null;
  #labelled = language();
  #shown = "";

  constructor() {
    super();
    this.marks = [];
    this.failed = false;
    new Localized(this);
  }

  override render(): TemplateResult {
    return html`<div class="ground" ?hidden=${this.failed}></div>
      ${this.failed ? html`<p class="words">${t("op.map_failed")}</p>` : nothing}
      <ul>${this.marks.filter(({ kind }) => kind !== "twin").map(({ kind, label }) => html`<li><span class="mark ${kind}" aria-hidden="true"></span>${label}</li>`)}</ul>`;
  }

  override firstUpdated(): void {
    void this.#load();
  }

  override updated(_changed: PropertyValues): void {
    if (this.#labelled !== language()) this.#handle?.relabel();
    this.#labelled = language();
    this.#show();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#handle?.remove();
    this.#handle = null;
    this.#shown = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.#load();
  }

  #show(): void {
    const text = JSON.stringify(this.marks);
    if (this.#handle === null || this.#shown === text) return; // what is equal leaves the map where it was moved to
    this.#shown = text;
    this.#handle.show(this.marks);
  }

  async #load(): Promise<void> {
    const ground = this.renderRoot.querySelector<HTMLElement>(".ground")!;
    try {
      const { createMarkMap } = await import("../map/mark_map.js");
      if (!this.isConnected || this.#handle !== null) return;
      this.#handle = createMarkMap(ground);
      this.#show();
    } catch {
      this.failed = true;
    }
  }

  static override styles = [sharedStyles, css`
    :host { overflow: hidden; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
    .ground { width: 100%; height: var(--map-height, 300px); background: var(--sunken); }
    .ground.maplibregl-map { font: inherit; }
    .words { padding: 32px 16px; text-align: center; color: var(--ink-soft); }
    ul { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 8px 12px; font-size: 0.8125rem; }
    li { display: inline-flex; align-items: center; gap: 6px; }
    .mark {
      display: grid; place-items: center; width: 26px; height: 26px; border: 3px solid #fff; border-radius: 50%; background: #5a635f;
      color: #fff; font: 700 12px/1 var(--font); box-shadow: 0 1px 5px rgb(0 0 0 / 55%);
    }
    .mark.new { background: #0d6e5f; z-index: 3; }
    .mark.old { background: #fff; border-color: #a8420d; border-style: dashed; z-index: 2; }
    .mark.twin { background: #6a3fa0; z-index: 1; }
    li .mark { width: 16px; height: 16px; border-width: 2px; }
    .maplibregl-canvas:focus-visible { outline: 3px solid var(--focus); outline-offset: -3px; }
    .maplibregl-ctrl-attrib { font-size: 0.75rem; }
    .maplibregl-ctrl-attrib a { color: var(--ink); }
    .maplibregl-ctrl-attrib.maplibregl-compact { background: var(--surface); color: var(--ink-soft); }
    .maplibregl-ctrl-attrib.maplibregl-ctrl-attrib .maplibregl-ctrl-attrib-button { background-color: #fff; }
  `];
}

customElements.define("ry-change-map", ChangeMap);
