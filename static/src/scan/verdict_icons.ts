/** Pictures of the verdicts. Their outlines differ (circle, round arrows, octagon, triangle), so that no colour is needed. */
import { html, svg, type TemplateResult } from "lit";
import type { Screen } from "./verdict.js";

const large = (body: unknown): TemplateResult => html`<svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true"
  fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" stroke-linejoin="round">${body}</svg>`;

export const verdictIcons: Readonly<Record<Screen["picture"], () => TemplateResult>> = {
  tick: () => large(svg`<circle cx="24" cy="24" r="20"/><path d="m14.5 25 7 7 12.5-15"/>`),
  renew: () => large(svg`<path d="M40 21A16.5 16.5 0 0 0 9.5 16.5M8 27a16.5 16.5 0 0 0 30.5 4.5"/><path d="M8.5 7v10h10M39.5 41V31h-10"/>`),
  stop: () => large(svg`<path d="M16 4h16l12 12v16L32 44H16L4 32V16Z"/><path d="m17 17 14 14M31 17 17 31"/>`),
  question: () => large(svg`<path d="M24 5 45 42H3Z"/><path d="M24 18v11M24 35.5v.1"/>`),
};
