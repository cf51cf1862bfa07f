import { css } from "lit";
import { listPartStyles } from "../../src/map_list/list_part_styles.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

/** One column with the map above; from 720 px list and map side by side. Heights in px: the frame may be as tall as we are. */
export const embedPageStyles = [sharedStyles, listPartStyles, css`
  .demo { padding: 6px 12px; background: var(--notice); color: var(--notice-ink); font-size: 0.8125rem; line-height: 1.3; }
  h1 { padding: 12px 12px 0; font-size: 1.125rem; line-height: 1.25; letter-spacing: -0.02em; }
  h1.unseen { padding: 0; }
  @media (hover: hover) and (pointer: fine) { ry-filter-bar { --chips-scrollbar: thin; } }
  .stage { position: relative; height: 300px; background: var(--sunken); }
  .stage.failed { height: 88px; }
  .stage ry-map-box { height: 100%; }
  .list { padding: 12px 12px 0; }
  .half { margin: -12px -12px 0; background: var(--surface); }
  footer {
    display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 24px; padding: 8px 12px;
    color: var(--ink-soft); font-size: 0.8125rem;
  }
  footer a { display: inline-flex; align-items: center; min-height: var(--touch); color: var(--ink); }
  .panel {
    position: absolute; z-index: 5; top: 8px; left: 8px; width: min(360px, calc(100% - 16px)); max-height: calc(100% - 16px);
    overflow-y: auto; border-radius: var(--radius); background: var(--surface); box-shadow: var(--shadow-high);
  }

  @media (min-width: 720px) {
    .columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(320px, 400px); }
    .stage { position: sticky; top: 0; height: min(100vh, 560px); }
    .list { padding: 0 12px; }
    .half { margin: 0 -12px; }
  }

  :host([alone]) main { display: flex; flex-direction: column; height: 100vh; }
  :host([alone]) .columns { display: block; position: relative; flex: 1; min-height: 0; }
  :host([alone]) .stage { position: static; height: 100%; }
`];
