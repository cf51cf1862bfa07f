import { css } from "lit";

export const editorStyles = css`
  :host { display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); max-width: 46rem; }
  h1 { overflow-wrap: anywhere; }
  .back { display: inline-flex; align-items: center; gap: 4px; min-height: var(--touch); justify-self: start; font-weight: 600; text-decoration: none; }
  form { display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); }
  .summary { padding: 14px 16px; border: 2px solid var(--danger); border-radius: var(--radius); background: var(--surface); scroll-margin: 70px; }
  .summary ul { display: grid; gap: 4px; margin-top: 8px; }
  .summary a { display: inline-block; padding: 4px 0; color: var(--danger); font-weight: 600; }
  .notice .link { color: inherit; }
  .bar {
    position: sticky; bottom: 0; z-index: 10; display: grid; gap: 6px; margin: 0 -16px; padding: 10px 16px max(10px, env(safe-area-inset-bottom));
    border-top: 1px solid var(--line); background: var(--surface);
  }
  .bar .row { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
  .bar .button { padding: 6px 8px; line-height: 1.2; }
  .bar .button[disabled] { cursor: not-allowed; opacity: 0.6; }
  .status { font-size: 0.875rem; line-height: 1.3; color: var(--ink-soft); }
  .status.refused, .status.conflict { color: var(--danger); font-weight: 600; }
  .status.offline { color: var(--notice-ink); background: var(--notice); padding: 4px 8px; border-radius: 6px; }
  /* What it is up to stays in sight beside a long form. */
  @media (min-width: 1040px) {
    :host(.existing) { max-width: none; grid-template-columns: minmax(0, 46rem) minmax(17rem, 1fr); gap: 14px 24px; align-items: start; }
    :host(.existing) > * { grid-column: 1; }
    :host(.existing) > ry-state-panel { grid-column: 2; grid-row: 1 / span 6; position: sticky; top: 64px; max-height: calc(100vh - 76px); overflow-y: auto; }
  }
  @media (min-width: 720px) {
    .bar { grid-template-columns: minmax(0, 1fr) auto; align-items: center; margin: 0; border: 1px solid var(--line); border-radius: var(--radius) var(--radius) 0 0; }
    .bar .button { padding: 8px 18px; }
  }
`;
