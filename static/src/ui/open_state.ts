import { css, html, type TemplateResult } from "lit";
import { openText, type OpenState } from "../i18n/hours_text.js";

/** Open or not, in words; the colour and the dot only repeat them. */
export function openState(state: OpenState, now: Date): TemplateResult {
  const kind = state.open === null ? "unknown" : state.open ? "is-open" : "is-closed";
  return html`<span class="state ${kind}"><span class="dot" aria-hidden="true"></span>${openText(state, now)}</span>`;
}

export const openStateStyles = css`
  .state { display: inline-flex; align-items: baseline; gap: 7px; font-size: 0.875rem; color: var(--closed); }
  .dot { flex: none; width: 8px; height: 8px; border-radius: 50%; border: 1.5px solid currentColor; transform: translateY(-0.5px); }
  .is-open { color: var(--open); font-weight: 600; }
  .is-open .dot { background: currentColor; }
`;
