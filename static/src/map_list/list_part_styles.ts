import { css } from "lit";

/** What list_part.ts draws around the rows. */
export const listPartStyles = css`
  .listhead { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 16px; margin-bottom: 10px; }
  h2 { font-size: 1.0625rem; font-weight: 700; }
  .measure { color: var(--ink-soft); font-size: 0.875rem; }
  ::slotted(.first-rows) { padding: 0 !important; } /* on its own it keeps from the edges of the screen */
  ry-place-list { transition: opacity 0.15s; }
  .dim { opacity: 0.55; }
  .more { width: 100%; margin-top: 12px; }
  .back { margin-bottom: 10px; padding: 8px 14px 8px 8px; }
  .limit { margin-top: 12px; }
  .trouble, .empty { margin-bottom: 12px; padding: 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
  .trouble strong { display: block; }
  .trouble .button { margin-top: 12px; }
  .kept {
    display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px 12px; margin-bottom: 12px; padding: 10px 10px 10px 14px;
    border-radius: var(--radius-small); background: var(--notice); color: var(--notice-ink); font-size: 0.9375rem;
  }
  .kept p { flex: 1 1 200px; }
  .kept .button { flex: none; padding: 8px 12px; font-size: 0.9375rem; }
  .empty strong { font-size: 1.125rem; }
  .empty p + p { margin-top: 4px; color: var(--ink-soft); }
  .widen { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 14px; }
`;
