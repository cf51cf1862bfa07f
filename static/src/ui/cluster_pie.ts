import { css, html, svg, type TemplateResult } from "lit";
import { shortCount } from "../map/pin_text.js";
import { pieSlices, sliceDash } from "../map/pie.js";

/** The picture of a cluster: its count within a ring of its categories. Decoration: its button says all in words. */
export function clusterPie(counts: Readonly<Record<string, number>>, count: number, size_px: number): TemplateResult {
  return html`<svg class="pie" viewBox="0 0 44 44" width=${size_px} height=${size_px} aria-hidden="true">
    <circle class="ground" cx="22" cy="22" r="21"></circle>
    ${pieSlices(counts).map((slice) => {
      const { dasharray, dashoffset } = sliceDash(slice);
      return svg`<circle class="slice ${slice.group}" cx="22" cy="22" r="18" pathLength="1" fill="none" stroke-width="6"
        stroke-dasharray=${dasharray} stroke-dashoffset=${dashoffset} transform="rotate(-90 22 22)"></circle>`;
    })}
    <text x="22" y="22" text-anchor="middle" dominant-baseline="central">${shortCount(count)}</text></svg>`;
}

export const clusterPieStyles = css`
  .pie { overflow: visible; }
  .pie .ground { fill: var(--surface); }
  .pie text { fill: var(--ink); font-size: 13px; font-weight: 700; font-variant-numeric: tabular-nums; }
  .slice { fill: none; }
  .slice.culture { stroke: var(--group-culture); }
  .slice.sport { stroke: var(--group-sport); }
  .slice.study { stroke: var(--group-study); }
  .slice.shop { stroke: var(--group-shop); }
  .slice.health { stroke: var(--group-health); }
  .slice.food { stroke: var(--group-food); }
  .slice.other { stroke: var(--group-other); }
`;
