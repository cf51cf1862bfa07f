/** Pictures of the camera's buttons, 24 px, beside words. */
import { html, svg, type TemplateResult } from "lit";

const line = (body: unknown): TemplateResult => html`<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"
  fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body}</svg>`;

export const cameraIcons = {
  camera: () => line(svg`<path d="M3 8.5A1.5 1.5 0 0 1 4.5 7H7l1.7-2.5h6.6L17 7h2.5A1.5 1.5 0 0 1 21 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5Z"/><circle cx="12" cy="12.8" r="3.6"/>`),
  picture: () => line(svg`<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="m4 16 4.5-4.5 4 4 2.5-2.5 5 4.5"/><circle cx="15.5" cy="9" r="1.2"/>`),
  scanner: () => line(svg`<path d="M4 5v14M7.5 5v14M11 5v14M15 5v14M17.5 5v14M20.5 5v14"/>`),
  torch: () => line(svg`<path d="M13 2.5 5.5 13.5H11L10.5 21.5 18.5 10H13Z"/>`),
} as const;
