import { css } from "lit";

/** What every element's shadow tree begins with. */
export const sharedStyles = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { display: block; }
  :host([hidden]), [hidden] { display: none !important; }
  h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  a { color: var(--brand); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
  button, input, select { font: inherit; color: inherit; }
  button { cursor: pointer; touch-action: manipulation; }
  :focus { outline: none; }
  :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
  svg { display: block; flex: none; }
  svg:not([fill]) { fill: currentColor; }

  .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 8px;
    min-height: var(--touch); padding: 8px 16px;
    border: 1px solid var(--edge); border-radius: var(--radius-small);
    background: var(--surface); color: var(--ink);
    font-weight: 600; text-decoration: none;
  }
  .button:hover { border-color: var(--brand); color: var(--brand-deep); }
  .button.primary { background: var(--brand); border-color: var(--brand); color: var(--brand-ink); }
  .button.primary:hover { background: var(--brand-deep); border-color: var(--brand-deep); color: var(--brand-ink); }
  .button[disabled] { opacity: 0.7; cursor: progress; }

  .quiet {
    display: inline-grid; place-items: center; min-width: var(--touch); min-height: var(--touch);
    padding: 0 10px; border: 0; border-radius: var(--radius-small); background: none; color: var(--ink);
  }
  .quiet:hover { background: var(--sunken); }

  .unseen {
    position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden;
    clip-path: inset(50%); white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
  }
`;
