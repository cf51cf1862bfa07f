import { css } from "lit";

/** Forms and panels of the desk's pages. */
export const deskStyles = css`
  h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.015em; }
  h2 { font-size: 1.25rem; line-height: 1.25; }
  h3 { font-size: 1.0625rem; }
  h1:focus-visible, h2:focus-visible { outline-offset: 6px; }
  .panel { display: grid; gap: 14px; padding: 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); grid-template-columns: minmax(0, 1fr); align-content: start; }
  .field, .radios { display: grid; gap: 5px; min-width: 0; grid-template-columns: minmax(0, 1fr); align-content: start; }
  .field > label, legend { font-weight: 650; padding: 0; }
  .field > label small { font-weight: 400; font-size: 0.875rem; color: var(--ink-soft); }
  input:not([type="checkbox"], [type="radio"]), textarea, select {
    width: 100%; min-width: 0; min-height: 46px; padding: 9px 12px; border: 1px solid var(--edge); border-radius: var(--radius-small);
    background: var(--surface); color: var(--ink); font: inherit;
  }
  input[type="time"], input[type="date"] { padding-inline: 8px; }
  textarea { resize: vertical; line-height: 1.4; }
  [aria-invalid="true"]:not(fieldset) { border: 2px solid var(--danger) !important; }
  .hint { font-size: 0.875rem; line-height: 1.35; color: var(--ink-soft); }
  .problems { display: grid; gap: 4px; font-size: 0.9375rem; line-height: 1.35; }
  .problems li { padding-left: 22px; position: relative; }
  .problems li::before { position: absolute; left: 0; top: 1px; width: 16px; height: 16px; border-radius: 50%; font: 700 12px/16px var(--font); text-align: center; }
  .problems .fault { color: var(--danger); font-weight: 600; }
  .problems .fault::before { content: "!"; background: var(--danger); color: var(--surface); }
  .problems .warning { color: var(--notice-ink); background: var(--notice); padding: 6px 10px 6px 32px; border-radius: 8px; }
  .problems .warning::before { content: "i"; left: 9px; top: 8px; border: 1.5px solid currentColor; line-height: 13px; }
  fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
  .radios > div, .chips { display: flex; flex-wrap: wrap; gap: 8px; }
  .radios > div { margin-top: 4px; }
  .chip { position: relative; }
  .chip input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
  .chip span {
    display: grid; place-items: center; min-height: var(--touch); min-width: var(--touch); padding: 4px 12px; border: 1px solid var(--edge);
    border-radius: var(--radius-small); background: var(--surface); font-weight: 600; font-size: 0.9375rem;
  }
  .chip input:checked + span { background: var(--brand-soft); border-color: var(--brand); color: var(--brand-deep); box-shadow: inset 0 0 0 1px var(--brand); }
  .chip input:focus-visible + span { outline: 3px solid var(--focus); outline-offset: 2px; }
  .tick { display: inline-flex; align-items: center; gap: 10px; min-height: var(--touch); cursor: pointer; }
  .tick input { flex: none; width: 22px; height: 22px; margin: 0; accent-color: var(--brand); }
  .row { display: flex; flex-wrap: wrap; align-items: center; gap: 10px; }
  .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; align-items: start; }
  .trouble { color: var(--danger); font-weight: 600; }
  .notice { padding: 10px 14px; border-radius: var(--radius-small); background: var(--notice); color: var(--notice-ink); }
  .good { padding: 10px 14px; border-radius: var(--radius-small); background: var(--brand-soft); color: var(--brand-deep); font-weight: 600; }
  .soft { color: var(--ink-soft); }
  .button.danger { border-color: var(--danger); color: var(--danger); }
  .link { padding: 8px 2px; min-height: var(--touch); border: 0; background: none; color: var(--brand); text-decoration: underline; text-underline-offset: 0.18em; font-weight: 600; text-align: left; }
  summary { min-height: var(--touch); display: flex; align-items: center; gap: 8px; cursor: pointer; font-weight: 600; color: var(--brand); }
  summary::before { content: "›"; font-size: 1.4em; line-height: 1; transition: transform 0.15s; }
  details[open] > summary::before { transform: rotate(90deg); }
  .badge { display: inline-flex; align-items: center; gap: 6px; padding: 3px 9px; border-radius: 999px; font-size: 0.8125rem; font-weight: 650; line-height: 1.3; background: var(--sunken); color: var(--ink); white-space: nowrap; }
  .badge::before { content: ""; width: 8px; height: 8px; border-radius: 50%; border: 1.5px solid currentColor; }
  .badge.published { background: var(--brand-soft); color: var(--brand-deep); }
  .badge.published::before { background: currentColor; }
  .badge.pending { background: var(--notice); color: var(--notice-ink); }
  .badge.rejected, .badge.suspended { background: var(--benefit-soft); color: var(--benefit); }
  dialog h2 { margin-bottom: 12px; }
  dialog .row { margin-top: 12px; }
  dialog { width: min(40rem, calc(100vw - 24px)); max-height: calc(100vh - 24px); padding: 18px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: var(--ink); box-shadow: var(--shadow-high); }
  dialog::backdrop { background: rgb(0 0 0 / 45%); }
`;
