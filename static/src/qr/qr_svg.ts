import { svg, html, type TemplateResult } from "lit";
import { drawQr, type Drawing } from "./draw.js";

let last: { text: string; drawing: Drawing } | null = null;

/** The picture of a code, named for screen readers. Black on white whatever the theme. */
export function qrSvg(text: string, label: string): TemplateResult {
  if (last?.text !== text) last = { text, drawing: drawQr(text) };
  const { size, path } = last.drawing;
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label=${label} data-text=${text} fill="none" shape-rendering="crispEdges">
    ${svg`<rect width=${size} height=${size} fill="#ffffff"></rect><path d=${path} fill="#000000"></path>`}</svg>`;
}
