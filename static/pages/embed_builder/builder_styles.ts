import { css } from "lit";
import { sharedStyles } from "../../src/ui/shared_styles.js";

export const builderStyles = [sharedStyles, css`
  main { max-width: var(--page); margin: 0 auto; padding: 8px 16px 16px; }
  h1 { font-size: 1.5rem; line-height: 1.2; letter-spacing: -0.015em; }
  h2 { font-size: 1.125rem; }
  h3 { margin-bottom: 6px; font-size: 0.9375rem; font-weight: 600; }
  .lead { margin: 6px 0 16px; max-width: 70ch; color: var(--ink-soft); }
  .columns { display: grid; gap: 24px; grid-template-columns: minmax(0, 1fr); }
  form { display: grid; gap: 16px; align-content: start; }
  fieldset { min-width: 0; margin: 0; padding: 12px 16px 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
  legend { padding: 0 6px; margin-left: -6px; font-weight: 650; }
  ry-filter-bar { margin: 0 -16px; }
  .hint { margin: 8px 0; font-size: 0.875rem; color: var(--ink-soft); }
  .check, .field { display: flex; align-items: center; gap: 10px; min-height: var(--touch); }
  .check input { width: 22px; height: 22px; flex: none; accent-color: var(--brand); }
  .field { justify-content: space-between; }
  select { min-height: var(--touch); padding: 0 10px; border: 1px solid var(--edge); border-radius: var(--radius-small); background: var(--surface); }
  input[type="color"] { width: 64px; height: var(--touch); padding: 2px; border: 1px solid var(--edge); border-radius: var(--radius-small); background: var(--surface); }
  .bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px; margin-bottom: 10px; }
  .bar div { display: flex; gap: 8px; }
  [aria-pressed="true"] { border-color: var(--brand); box-shadow: inset 0 0 0 1px var(--brand); color: var(--brand-deep); }
  .stage { min-width: 0; padding: 16px; border: 1px dashed var(--edge); border-radius: var(--radius); }
  .phone { max-width: 354px; }
  .code { display: grid; gap: 16px; min-width: 0; align-content: start; }
  .line { display: grid; gap: 4px; justify-items: start; }
  .line p:empty { display: none; }
  pre { width: 100%; margin: 0 0 4px; padding: 12px 14px; border-radius: var(--radius-small); background: var(--sunken); font: 0.875rem/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
  @media (max-width: 479px) { .stage { padding: 0; border: 0; } }
  @media (min-width: 1024px) {
    main { padding: 8px 32px 16px; }
    .columns { grid-template-columns: 380px minmax(0, 1fr); }
    form { grid-row: span 2; }
    ry-filter-bar { margin: 0 -32px; }
  }
`];
