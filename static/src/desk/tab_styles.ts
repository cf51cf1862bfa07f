import { css } from "lit";

/** The tabs of the cabinet that are a form and a list. */
export const tabStyles = css`
  :host { display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); max-width: 48rem; }
  form { display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); }
  form .button { justify-self: start; }
  .items { display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); }
  .items > li { display: grid; gap: 4px; padding: 12px 14px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); overflow-wrap: anywhere; grid-template-columns: minmax(0, 1fr); }
  .items h3 { line-height: 1.3; }
  .items p { font-size: 0.9375rem; }
  .trouble:empty { display: none; }
`;
