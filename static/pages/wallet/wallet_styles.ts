import { css } from "lit";

/** The look that all screens of the wallet share: large type, one column, targets for a thumb. */
export const walletStyles = css`
  :host { font-size: 1.125rem; line-height: 1.4; }
  h1 { font-size: 1.625rem; line-height: 1.2; letter-spacing: -0.01em; text-wrap: balance; overflow-wrap: anywhere; }
  h1:focus-visible, h2:focus-visible { outline: none; } /* takes the focus for the screen reader's sake; nothing to press */
  h2 { font-size: 1.1875rem; line-height: 1.3; }
  .soft { color: var(--ink-soft); }
  .small { font-size: 1rem; }
  .stack { display: grid; gap: 16px; align-content: start; }
  .stack > .actions { margin-top: 4px; }
  .actions { display: grid; gap: 10px; }
  .button { min-height: 56px; font-size: 1.125rem; line-height: 1.2; padding: 10px 16px; text-align: center; }
  .button.plain { border-color: transparent; background: none; color: var(--brand); text-decoration: underline; text-underline-offset: 0.2em; }
  .button.danger { border-color: var(--danger); color: var(--danger); }
  .back {
    justify-self: start; display: inline-flex; align-items: center; gap: 4px; min-height: 48px; margin: 0 0 0 -8px; padding: 4px 12px 4px 4px;
    border: 0; border-radius: var(--radius-small); background: none; color: var(--brand); font-weight: 600;
  }
  .back:hover { background: var(--sunken); }
  .sign { display: grid; place-items: center; width: 72px; height: 72px; border-radius: 50%; background: var(--brand-soft); color: var(--brand-deep); }
  .sign.bad { background: var(--notice); color: var(--notice-ink); }
  .trouble, .good { display: flex; gap: 10px; align-items: start; padding: 12px 14px; border-radius: var(--radius-small); background: var(--notice); color: var(--notice-ink); }
  .good { background: var(--brand-soft); color: var(--brand-deep); }
  .trouble svg, .good svg { margin-top: 1px; }
  .field { display: grid; gap: 6px; }
  .field label { font-weight: 650; }
  .field input, .field textarea {
    width: 100%; min-height: 60px; padding: 10px 14px; border: 2px solid var(--edge); border-radius: var(--radius-small);
    background: var(--surface); color: var(--ink); font: inherit;
  }
  .field [aria-invalid="true"] { border-color: var(--danger); }
  .field input.digits { min-height: 72px; font: 650 2rem/1 var(--mono); letter-spacing: 0.3em; padding-left: 0.3em; padding-right: 0; text-align: center; }
  .field input.letters { font: 600 1.25rem/1 var(--mono); text-transform: uppercase; }
  .spell { font: 700 2.5rem/1.2 var(--mono); letter-spacing: 0.06em; text-align: center; overflow-wrap: anywhere; }
  .card { padding: 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
  .center { justify-items: center; text-align: center; }
  .center > .actions { justify-self: stretch; }
  .busy { display: grid; justify-items: center; gap: 16px; padding: 48px 0; text-align: center; }
  .busy::before {
    content: ""; width: 48px; height: 48px; border-radius: 50%; border: 5px solid var(--line); border-top-color: var(--brand);
    animation: turn 1s linear infinite;
  }
  @keyframes turn { to { rotate: 1turn; } }
`;
