import { css } from "lit";

/** A section of one list, perhaps with something open beside it. */
export const listStyles = css`
  :host { max-width: 1280px; margin: 0 auto; padding: 16px 16px 48px; }
  .rows > li { padding: 12px 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); overflow-wrap: anywhere; }
  .rows > li > .row.spread { align-items: flex-start; }
  .rows a.name { color: var(--ink); font-weight: 650; text-decoration: none; }
  .rows a.name:hover { color: var(--brand-deep); text-decoration: underline; }
  .more { margin-top: 12px; text-align: center; }
  form.card { display: grid; gap: 12px; }
  @media (min-width: 1024px) { :host { padding-left: 32px; padding-right: 32px; } }
`;
