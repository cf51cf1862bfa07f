import { css } from "lit";

/** The look that all views of the operator share: dense enough for three hundred rows, large enough for a thumb. */
export const operatorStyles = css`
  :host { font-size: 0.9375rem; }
  h2 { font-size: 1.25rem; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
  h3 { font-size: 1rem; line-height: 1.3; }
  h2:focus-visible, h3:focus-visible { outline-offset: 4px; border-radius: 2px; }
  .soft { color: var(--ink-soft); }
  .small { font-size: 0.875rem; }
  .row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  .row.spread { justify-content: space-between; }
  .stack { display: grid; gap: 16px; align-content: start; grid-template-columns: minmax(0, 1fr); }
  .card { padding: 14px 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); overflow-wrap: anywhere; }
  .rows { display: grid; gap: 8px; }
  .rows > li { display: grid; gap: 6px; }
  .tag { display: inline-block; padding: 1px 8px; border-radius: 999px; background: var(--sunken); color: var(--ink); font-size: 0.8125rem; line-height: 1.5; white-space: nowrap; }
  .tag.warn { background: var(--notice); color: var(--notice-ink); }
  .tag.good { background: var(--brand-soft); color: var(--brand-deep); }
  .button { font-size: 0.9375rem; padding: 6px 14px; }
  .button.danger { border-color: var(--danger); color: var(--danger); }
  .button.plain { border-color: transparent; background: none; color: var(--brand); text-decoration: underline; text-underline-offset: 0.2em; }
  .trouble { padding: 10px 14px; border-radius: var(--radius-small); background: var(--notice); color: var(--notice-ink); }
  .trouble .button { margin-top: 8px; }
  .empty { padding: 32px 16px; text-align: center; color: var(--ink-soft); }
  .empty strong { display: block; color: var(--ink); font-size: 1.125rem; }
  .field { display: grid; gap: 4px; min-width: 0; }
  .field > label, .field > .label { font-weight: 600; font-size: 0.875rem; }
  input:not([type="checkbox"]):not([type="radio"]), select, textarea {
    width: 100%; min-height: var(--touch); padding: 8px 12px; border: 1px solid var(--edge); border-radius: var(--radius-small);
    background: var(--surface); color: var(--ink); font: inherit;
  }
  textarea { min-height: 84px; resize: vertical; }
  [aria-invalid="true"] { border-color: var(--danger) !important; }
  input[type="checkbox"], input[type="radio"] { width: 20px; height: 20px; margin: 0; accent-color: var(--brand); }
  .filters { display: grid; gap: 10px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr)); align-items: end; }
  dl.facts { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 4px 14px; }
  dl.facts dt { color: var(--ink-soft); }
  dl.facts dd { overflow-wrap: anywhere; }
  .mono { font-family: var(--mono); font-size: 0.8125rem; }
  dialog {
    width: min(520px, calc(100vw - 32px)); max-height: calc(100vh - 48px); overflow: auto; padding: 20px; border: 1px solid var(--line);
    border-radius: var(--radius); background: var(--surface); color: var(--ink); box-shadow: var(--shadow-high);
  }
  dialog::backdrop { background: rgb(0 0 0 / 45%); }
  dialog .row { margin-top: 16px; }
`;
