import { css } from "lit";

export const pageStyles = css`
  main { max-width: 1080px; margin: 0 auto; padding: 12px 16px 48px; }
  nav { background: var(--paper); border-bottom: 1px solid var(--line); }
  nav ul { display: grid; grid-template-columns: repeat(3, 1fr); max-width: 1080px; margin: 0 auto; padding: 0 8px; }
  nav a {
    display: grid; place-items: center; min-height: 44px; padding: 0 8px; color: var(--ink); text-decoration: none; font-weight: 600;
    font-size: 0.9375rem; border-bottom: 3px solid transparent; white-space: nowrap;
  }
  nav a:hover { color: var(--brand-deep); }
  nav a:focus-visible { outline-offset: -3px; }
  nav a[aria-current] { color: var(--brand-deep); border-bottom-color: var(--brand); }
  .wait { padding: 24px 0; color: var(--ink-soft); }
  .apart { display: block; margin-top: 28px; }
  .out { display: grid; gap: 12px; margin-bottom: 16px; }
  .said:not(.unseen) {
    position: fixed; z-index: 50; left: 50%; bottom: 88px; transform: translateX(-50%); width: max-content; max-width: calc(100vw - 32px); padding: 12px 18px;
    border-radius: var(--radius-small); background: var(--ink); color: var(--paper); font-weight: 600; box-shadow: var(--shadow-high);
  }
  @media (min-width: 620px) {
    nav { position: sticky; top: 0; z-index: 20; }
    nav ul { display: flex; padding: 0 4px; }
    nav a { min-height: 48px; padding: 0 12px; }
  }
`;
