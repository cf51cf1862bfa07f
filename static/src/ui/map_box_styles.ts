import { css } from "lit";

/** The map's pins and buttons. MapLibre's own sheet stands before this one. */
export const mapBoxStyles = css`
  :host { position: relative; overflow: hidden; background: var(--sunken); isolation: isolate; }
  .ground { width: 100%; height: 100%; isolation: isolate; } /* no pin over the buttons */
  .ground.maplibregl-map { font: inherit; }
  .words {
    position: absolute; inset: 0; display: grid; place-items: center; padding: 24px; text-align: center; color: var(--ink-soft);
  }
  .words p { max-width: 34ch; }
  .maplibregl-canvas:focus-visible { outline: 3px solid var(--focus); outline-offset: -3px; }
  .maplibregl-ctrl-bottom-right { z-index: 4000; } /* the sources stay readable under any pin */
  .maplibregl-ctrl-attrib { font-size: 0.75rem; }
  .maplibregl-ctrl-attrib a { color: var(--ink); }
  .maplibregl-ctrl-attrib.maplibregl-compact { background: var(--surface); color: var(--ink-soft); }
  .maplibregl-ctrl-attrib.maplibregl-ctrl-attrib .maplibregl-ctrl-attrib-button { background-color: #fff; }

  .top { position: absolute; z-index: 3; top: 12px; left: 0; right: 0; display: flex; justify-content: center; pointer-events: none; }
  .here { pointer-events: auto; border-radius: 999px; box-shadow: var(--shadow-high); font-size: 0.9375rem; }
  .here[disabled] { opacity: 1; color: var(--ink-soft); animation: appear 0s 0.4s backwards; } /* a quick answer needs no word */
  @keyframes appear { from { visibility: hidden; } }
  .side { position: absolute; z-index: 3; right: 10px; bottom: 44px; display: grid; gap: 8px; }
  .control {
    display: grid; place-items: center; width: 44px; height: 44px; padding: 0; border: 1px solid var(--edge);
    border-radius: 12px; background: var(--surface); color: var(--ink); box-shadow: var(--shadow);
  }
  .control:hover { border-color: var(--brand); color: var(--brand-deep); }
  .control[disabled] { opacity: 0.7; cursor: progress; }
  @media (max-width: 1023px) { .side { gap: 4px; } }
  @media (max-width: 1023px) and (max-height: 599px) { :host(:not([guest])) [data-control^="zoom"] { display: none; } } /* no room on a phone that lies down; a frame is low on any screen */

  button.place, button.cluster { display: block; padding: 0; border: 0; background: none; cursor: pointer; }
  button.place { width: 36px; height: 36px; }
  button.place::after { content: ""; position: absolute; inset: -4px; border-radius: 50%; } /* a thumb's width */
  button.cluster { width: 44px; height: 44px; border-radius: 50%; filter: drop-shadow(0 1px 3px rgb(0 0 0 / 35%)); z-index: 500; }
  .disc {
    display: grid; place-items: center; width: 36px; height: 36px; border: 2px solid var(--surface); border-radius: 50%;
    background: var(--group-other); color: var(--pin-ink); box-shadow: 0 1px 4px rgb(0 0 0 / 40%);
  }
  .disc.culture { background: var(--group-culture); }
  .disc.sport { background: var(--group-sport); }
  .disc.study { background: var(--group-study); }
  .disc.shop { background: var(--group-shop); }
  .disc.health { background: var(--group-health); }
  .disc.food { background: var(--group-food); }
  .number {
    position: absolute; top: -7px; right: -7px; min-width: 20px; height: 20px; padding: 0 4px; border-radius: 10px;
    background: var(--surface); color: var(--ink); font-size: 12px; font-weight: 700; line-height: 20px; text-align: center;
    box-shadow: 0 0 0 1px var(--edge); font-variant-numeric: tabular-nums;
  }
  .chosen .disc { border-color: var(--ink); border-width: 3px; transform: scale(1.22); }
  .chosen .number { background: var(--ink); color: var(--surface); }
  button.place:focus-visible, button.cluster:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; border-radius: 50%; z-index: 3000 !important; }

  .person { position: relative; width: 18px; height: 18px; pointer-events: none; z-index: 1500; }
  .person .dot { position: absolute; inset: 0; border: 3px solid #fff; border-radius: 50%; background: #0b57d0; box-shadow: 0 0 4px rgb(0 0 0 / 50%); }
  .accuracy {
    position: absolute; left: 50%; top: 50%; border-radius: 50%; transform: translate(-50%, -50%);
    background: rgb(11 87 208 / 14%); border: 1px solid rgb(11 87 208 / 45%);
  }
`;
