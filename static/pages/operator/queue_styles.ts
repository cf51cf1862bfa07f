import { css } from "lit";

export const queueStyles = css`
  .columns { display: grid; grid-template-columns: minmax(0, 1fr); }
  .alone { max-width: 640px; margin: 0 auto; padding: 24px 16px; }
  .list { border-bottom: 1px solid var(--line); }
  .bar { display: flex; justify-content: space-between; align-items: center; padding: 4px 4px 4px 16px; }
  .total { font-weight: 650; }
  .keys kbd { padding: 0 6px; border: 1px solid currentColor; border-radius: 5px; font: 600 0.75rem/1.4 var(--mono); }
  .list > .trouble { margin: 0 12px 8px; }
  .detail { min-width: 0; padding: 8px 16px 0; }
  .conflict { margin-bottom: 12px; }
  .back { padding-left: 0; }
  .decide { position: sticky; bottom: 0; z-index: 5; display: grid; gap: 8px; margin: 16px -16px 0; padding: 10px 16px calc(10px + env(safe-area-inset-bottom)); border-top: 1px solid var(--line); background: var(--paper); }
  @media (max-width: 899px) {
    .columns.open .list { display: none; }
    .columns:not(.open) .detail { display: none; }
    .keys { display: none; }
  }
  @media (min-width: 900px) {
    .columns { grid-template-columns: minmax(300px, 380px) minmax(0, 1fr); align-items: start; }
    .list { position: sticky; top: 0; display: flex; flex-direction: column; height: 100vh; border-right: 1px solid var(--line); border-bottom: 0; }
    .scroll { flex: 1; min-height: 0; overflow-y: auto; scrollbar-width: thin; }
    .back { display: none; }
    .detail { padding: 16px 24px 0; min-height: 100vh; display: flex; flex-direction: column; }
    .detail ry-revision-detail { flex: 1; }
    .decide { margin: 16px -24px 0; padding-left: 24px; padding-right: 24px; }
  }
`;
