import { css, html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from "lit";
import { locale, Localized, t } from "../../src/i18n/index.js";
import { qrSvg } from "../../src/qr/qr_svg.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import { signs } from "./parts.js";

/**
 * The white card with the code. White in the dark too, as scanners want it.
 *
 * Around the code runs a ring that empties within the step and eases into the next one; below goes a clock, and a
 * mark that never stands still: a screenshot has neither. With reduced motion the clock's seconds remain.
 *
 * Properties: `text` (null: nothing to show yet), `left` (of the step, 0 to 1), `seconds` to the next code, `time_ms`
 * of the server, `old` (the reason, or null).
 */
export class CodeCard extends LitElement {
  static override properties = { text: {}, left: { type: Number }, seconds: { type: Number }, time_ms: { type: Number }, old: {} };
  declare text: string | null;
  declare left: number;
  declare seconds: number;
  declare time_ms: number | null;
  declare old: string | null;

  constructor() {
    super();
    this.text = null;
    this.left = 1;
    this.seconds = 0;
    this.time_ms = null;
    this.old = null;
    new Localized(this);
  }

  override render(): TemplateResult {
    const time = this.time_ms === null ? "" : new Intl.DateTimeFormat(locale(), { timeStyle: "medium" }).format(this.time_ms);
    return html`<div class="card ${this.old === null ? "" : "old"}">
      <div class="square">
        ${this.old === null ? html`<svg class="ring" viewBox="0 0 100 100" fill="none" aria-hidden="true">${svg`
          <path class="way" d=${RING}></path><path class="left" d=${RING} pathLength="100" stroke-dasharray="100"></path>`}</svg>` : nothing}
        ${this.text === null ? html`<p class="wait">${t("wallet.code_loading")}</p>` : qrSvg(this.text, t(this.old === null ? "wallet.code_label" : "wallet.code_old"))}
        ${this.old === null ? nothing : html`<p class="reason">${signs.clock(32)}<span>${this.old}</span></p>`}
      </div>
      ${this.old === null ? html`<div class="alive" aria-hidden="true">
        <span class="track"><span class="mark"></span></span>
        <span class="line"><time>${time}</time><span>${this.text === null ? "" : t("wallet.code_fresh", { count: this.seconds })}</span></span>
      </div>` : nothing}</div>`;
  }

  override updated(changed: PropertyValues<this>): void {
    const ring = this.renderRoot.querySelector<SVGPathElement>(".left");
    if (ring === null) return;
    const turned = changed.has("text");
    ring.style.transition = turned ? "stroke-dashoffset 0.7s cubic-bezier(0.3, 0, 0.2, 1)" : "stroke-dashoffset 1s linear";
    ring.style.strokeDashoffset = String(100 * (1 - this.left));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (turned && !still) this.renderRoot.querySelector(".qr")?.animate([{ opacity: 0.15 }, { opacity: 1 }], { duration: 400, easing: "ease-out" });
  }

  static override styles = [sharedStyles, css`
    .card { position: relative; overflow: hidden; padding: 2px; border-radius: 18px; background: #ffffff; color: #16201c; box-shadow: var(--shadow); }
    .square { position: relative; aspect-ratio: 1; padding: 2.9%; }
    .qr { width: 100%; height: 100%; }
    .ring { position: absolute; inset: 0; width: 100%; height: 100%; }
    .ring path { fill: none; stroke-width: 2.4; stroke-linecap: round; }
    .way { stroke: #e3e8e5; }
    .left { stroke: #0d6e5f; }
    .wait { display: grid; place-items: center; height: 100%; font-size: 1.25rem; color: #4d5853; }
    .old .qr { opacity: 0.1; }
    .reason {
      position: absolute; inset: 8%; display: grid; place-content: center; justify-items: center; gap: 12px;
      text-align: center; font-size: 1.375rem; line-height: 1.3; font-weight: 650; color: #16201c;
    }
    .alive { padding: 2px 12px 8px; }
    .track { display: block; height: 12px; }
    .mark { display: block; width: 12px; height: 12px; border-radius: 50%; background: #e0692a; animation: wander 4s ease-in-out infinite alternate; }
    @keyframes wander { from { margin-left: 0; } to { margin-left: calc(100% - 12px); } }
    .line { display: flex; justify-content: space-between; gap: 12px; font-size: 1.0625rem; color: #4d5853; font-variant-numeric: tabular-nums; }
    time { color: #16201c; font-weight: 700; }
  `];
}

/** A square with round corners, from the middle of its top clockwise. */
const RING = "M50 1.5H93.5a5 5 0 0 1 5 5V93.5a5 5 0 0 1-5 5H6.5a5 5 0 0 1-5-5V6.5a5 5 0 0 1 5-5Z";

customElements.define("ry-code-card", CodeCard);
