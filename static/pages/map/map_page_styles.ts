import { css } from "lit";
import { listPartStyles } from "../../src/map_list/list_part_styles.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

/** A phone: one column, the map (when wanted) held above the list. Wide: list and map side by side, each its own scroll. */
export const mapPageStyles = [sharedStyles, listPartStyles, css`
  :host { --page: 1680px; padding: 0 env(safe-area-inset-right) 0 env(safe-area-inset-left); }
  .skip { position: absolute; left: 8px; top: -80px; z-index: 50; padding: 12px 16px; background: var(--surface); border-radius: var(--radius-small); }
  .skip:focus { top: 8px; }
  main { max-width: var(--page); margin: 0 auto; }
  .ask { padding: 4px 16px 4px; }
  h1 { margin-bottom: 10px; font-size: 1.125rem; line-height: 1.25; letter-spacing: -0.02em; font-weight: 700; }
  .where { display: flex; gap: 8px; align-items: flex-start; }
  .where .button { flex: none; min-height: 46px; padding: 8px 14px; }
  ry-search-box { flex: 1; min-width: 0; }
  .notice { margin-top: 10px; padding: 10px 14px; border-radius: var(--radius-small); background: var(--notice); color: var(--notice-ink); font-size: 0.9375rem; }
  ry-filter-bar { position: sticky; top: 0; z-index: 10; background: var(--paper); }
  .list { padding: 8px 16px 0; scroll-margin-top: 64px; }

  .stage { background: var(--sunken); }
  .stage ry-map-box { height: 100%; }
  .toggle {
    position: fixed; z-index: 20; left: 50%; bottom: calc(16px + env(safe-area-inset-bottom)); transform: translateX(-50%);
    min-height: 48px; padding: 8px 22px; border-radius: 999px; box-shadow: var(--shadow-high);
  }
  .stage .toggle { position: absolute; left: 12px; bottom: 12px; transform: none; min-height: 44px; padding: 8px 18px 8px 14px; }
  .toast { position: fixed; z-index: 60; left: 16px; right: 16px; bottom: calc(80px + env(safe-area-inset-bottom)); display: grid; justify-items: center; pointer-events: none; }
  .toast p { padding: 10px 16px; border-radius: var(--radius-small); background: var(--ink); color: var(--paper); font-size: 0.9375rem; }

  dialog {
    width: 100%; max-width: 560px; height: 100%; max-height: none; margin: 0 auto; padding: 0; border: 0;
    background: var(--surface); color: var(--ink); overflow-y: auto; overscroll-behavior: contain;
  }
  dialog[open] { animation: rise 0.18s ease-out; }
  dialog::backdrop { background: rgb(0 0 0 / 45%); }
  @keyframes rise { from { transform: translateY(24px); opacity: 0; } }

  @media (max-width: 1023px) {
    main { padding-bottom: 72px; } /* the floating button hides no last row */
    .stage { position: sticky; z-index: 9; top: 60px; height: var(--map-tall); border-bottom: 1px solid var(--line); }
    .stage.failed { position: static; height: 96px; }
    .half { margin: -8px -16px 0; background: var(--surface); }
  }

  @media (min-width: 1024px) {
    .ask { display: flex; align-items: center; justify-content: space-between; flex-wrap: wrap; gap: 8px 32px; padding: 4px 32px 4px; }
    h1 { margin: 0; font-size: 1.5rem; }
    .where { width: 560px; }
    .ask > [role="status"] { flex-basis: 100%; }
    .ask > [role="status"]:empty { display: none; }
    ry-filter-bar { position: static; }
    .columns { display: grid; grid-template-columns: minmax(360px, 440px) minmax(0, 1fr); gap: 20px; padding: 8px 32px 0; }
    .list { padding: 0 4px 0 0; }
    .stage { position: sticky; top: 16px; height: calc(100vh - 32px); border: 1px solid var(--line); border-radius: 20px; overflow: hidden; }
    .panel {
      position: absolute; z-index: 5; top: 12px; left: 12px; width: min(388px, 62%); max-height: calc(100% - 24px);
      overflow-y: auto; border-radius: 16px; background: var(--surface); box-shadow: var(--shadow-high);
    }
  }

  /* Room enough for both: the page stands still, the list scrolls. */
  @media (min-width: 1024px) and (min-height: 640px) {
    :host { display: flex; flex-direction: column; height: 100vh; --footer-gap: 8px; }
    main { display: flex; flex-direction: column; flex: 1; min-height: 0; width: 100%; }
    .columns { flex: 1; min-height: 0; grid-template-rows: minmax(0, 1fr); }
    .list { overflow-y: auto; overscroll-behavior: contain; padding: 4px 8px 16px 4px; margin: -4px 0 0 -4px; }
    .stage { position: relative; top: 0; height: 100%; }
  }
`];
