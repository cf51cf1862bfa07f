import { css } from "lit";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

export const operatorPageStyles = [sharedStyles, operatorStyles, css`
  :host { --page: none; min-height: 100vh; }
  .gate { max-width: 560px; margin: 8vh auto 0; padding: 0 16px; display: grid; gap: 16px; }
  .gate h1 { font-size: 1.5rem; line-height: 1.2; }
  .top { display: flex; align-items: center; border-bottom: 1px solid var(--line); background: var(--surface); }
  nav { flex: 1; min-width: 0; overflow-x: auto; scrollbar-width: none; }
  nav ul { display: flex; padding: 0 8px; }
  nav a {
    display: flex; align-items: center; gap: 6px; min-height: 48px; padding: 0 12px; border-bottom: 3px solid transparent; border-top: 3px solid transparent;
    color: var(--ink); font-weight: 600; text-decoration: none; white-space: nowrap;
  }
  nav a:hover { color: var(--brand-deep); }
  nav a:focus-visible { outline-offset: -4px; }
  nav a[aria-current] { border-bottom-color: var(--brand); color: var(--brand-deep); }
  .count { padding: 0 8px; border-radius: 999px; background: var(--benefit-soft); color: var(--benefit); font-size: 0.8125rem; font-variant-numeric: tabular-nums; }
  main:focus { outline: none; }
  .over { display: flex; flex-wrap: wrap; gap: 8px; justify-content: space-between; align-items: center; margin: 8px 16px; }
  .over .button { margin: 0; }
  .live { position: fixed; z-index: 20; left: 0; right: 0; bottom: 92px; display: flex; justify-content: center; padding: 0 16px; pointer-events: none; }
  .said {
    display: flex; flex-wrap: wrap; gap: 4px 12px; max-width: 560px; padding: 10px 16px; border-radius: var(--radius-small); background: var(--ink); color: var(--paper);
    box-shadow: var(--shadow-high); pointer-events: auto; overflow-wrap: anywhere;
  }
  .said a { color: inherit; }
  @media (min-width: 1024px) { nav ul { padding: 0 20px; } }
`];
