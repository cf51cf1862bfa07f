import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { Category } from "../api/types.js";
import { language, Localized, t } from "../i18n/index.js";
import { categoryIcon, icons } from "./icons.js";
import { sharedStyles } from "./shared_styles.js";

export interface Filters {
  readonly categories: readonly string[];
  readonly openNow: boolean;
  readonly free: boolean;
}

/**
 * The filters as one row of checkboxes that look like chips: one tap each, the row scrolls sideways on a phone and
 * wraps on a desk. Where the window's width is not the row's, `--chips-wrap` and `--chips-edge` say how it is laid out;
 * `--chips-scrollbar: thin` is for hands that hold a mouse. Event `filters` with the new Filters as `detail`.
 */
export class FilterBar extends LitElement {
  static override properties = { known: { attribute: false }, filters: { attribute: false } };
  declare known: readonly Category[];
  declare filters: Filters;

  constructor() {
    super();
    this.known = [];
    this.filters = { categories: [], openNow: false, free: false };
    new Localized(this);
  }

  override render(): TemplateResult {
    const { categories, openNow, free } = this.filters;
    return html`<fieldset>
      <legend class="unseen">${t("filters.label")}</legend>
      ${chip("open", t("filters.open"), openNow, icons.check(), () => this.#say({ openNow: !openNow }))}
      ${chip("free", t("filters.free"), free, icons.check(), () => this.#say({ free: !free }))}
      <span class="gap" aria-hidden="true"></span>
      ${this.#offered().map(({ code, ru, en }) => chip(
        code, language() === "ru" ? ru : en, categories.includes(code), categoryIcon(code), () => this.#toggle(code)))}
    </fieldset>`;
  }

  /** A category chosen by a link may lie beyond the phone's edge: bring it in when the row first stands. */
  override updated(changed: PropertyValues): void {
    if (!changed.has("known") || this.known.length === 0) return;
    const row = this.renderRoot.querySelector("fieldset");
    const chosen = this.renderRoot.querySelector<HTMLElement>(".gap ~ label:has(:checked)");
    if (row !== null && chosen !== null && row.scrollWidth > row.clientWidth) row.scrollLeft = chosen.offsetLeft - 48;
  }

  /** Empty categories would only disappoint; one that is chosen stays, so that it can be taken off. */
  #offered(): readonly Category[] {
    return this.known.filter(({ code, count }) => count > 0 || this.filters.categories.includes(code));
  }

  #toggle(code: string): void {
    const { categories } = this.filters;
    this.#say({ categories: categories.includes(code) ? categories.filter((other) => other !== code) : [...categories, code] });
  }

  #say(change: Partial<Filters>): void {
    this.dispatchEvent(new CustomEvent<Filters>("filters", { detail: { ...this.filters, ...change } }));
  }

  static override styles = [sharedStyles, css`
    fieldset {
      display: flex; flex-wrap: var(--chips-wrap, nowrap); gap: 8px; min-width: 0; margin: 0; padding: 8px var(--chips-edge, 16px); border: 0;
      overflow-x: auto; scrollbar-width: var(--chips-scrollbar, none); scrollbar-color: var(--edge) transparent; scroll-padding: 0 40px; overscroll-behavior-x: contain;
    }
    fieldset::-webkit-scrollbar { display: none; }
    .gap { flex: none; width: 1px; margin: 8px 2px; background: var(--edge); opacity: 0.5; }
    label {
      position: relative; flex: none; display: inline-flex; align-items: center; gap: 7px;
      min-height: var(--touch); padding: 0 13px; border: 1px solid var(--edge); border-radius: 999px;
      background: var(--surface); font-size: 0.9375rem; font-weight: 550; cursor: pointer; user-select: none;
      white-space: nowrap;
    }
    label:hover { border-color: var(--brand); }
    label:has(:checked) { background: var(--brand); border-color: var(--brand); color: var(--brand-ink); }
    label:has(:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
    input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
    .tick:not(:has(:checked)) svg { display: none; }
    @media (min-width: 1024px) {
      fieldset { flex-wrap: var(--chips-wrap, wrap); padding: 8px var(--chips-edge, 32px); }
    }
  `];
}

function chip(name: string, text: string, checked: boolean, icon: TemplateResult, toggle: () => void): TemplateResult {
  return html`<label class=${name === "open" || name === "free" ? "tick" : ""}>
    <input type="checkbox" name=${name} .checked=${checked} @change=${toggle}>${icon}<span>${text}</span></label>`;
}

// The page where the widget is set up has one of its own before the widget's file comes.
if (customElements.get("ry-filter-bar") === undefined) customElements.define("ry-filter-bar", FilterBar);
