import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { search } from "../api/client.js";
import type { SearchResult } from "../api/types.js";
import type { LonLat } from "../geo/lon_lat.js";
import { language, Localized, t } from "../i18n/index.js";
import { categoryIcon, icons } from "./icons.js";
import { sharedStyles } from "./shared_styles.js";

const DEBOUNCE_MS = 200;

/**
 * One box for everything: a place, a benefit, a category, a town. After the ARIA combobox pattern (list autocomplete,
 * the option pointed at by aria-activedescendant). Arrows move, Enter takes the pointed option or else the first,
 * Escape closes the list and, once closed, empties the box.
 *
 * Property `near`: what is nearer comes first. Event `pick` with the chosen result as `detail`; the box is then empty.
 */
export class SearchBox extends LitElement {
  static override properties = {
    near: { attribute: false },
    found: { state: true }, active: { state: true }, shown: { state: true }, message: { state: true }, filled: { state: true },
  };
  declare near: LonLat;
  declare found: readonly SearchResult[];
  declare active: number;
  declare shown: boolean;
  declare message: "" | "search.none" | "search.failed";
  declare filled: boolean;

  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;
  /** Enter came before the answer: take the first option when it does. */
  #takeFirst = false;

  constructor() {
    super();
    this.near = { lon: 0, lat: 0 };
    this.filled = false;
    this.found = [];
    this.active = -1;
    this.shown = false;
    this.message = "";
    new Localized(this);
  }

  override focus(): void {
    this.#input?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  override render(): TemplateResult {
    const open = this.shown && this.found.length > 0;
    return html`
      <label for="box">${t("search.label")}</label>
      <div class="field">
        ${icons.search()}
        <input id="box" type="text" role="combobox" autocomplete="off" autocapitalize="none" spellcheck="false"
          enterkeyhint="search" placeholder=${t("search.box")}
          aria-expanded=${open ? "true" : "false"} aria-controls="options" aria-autocomplete="list"
          aria-activedescendant=${open && this.active >= 0 ? `option-${this.active}` : ""}
          @input=${this.#typed} @keydown=${this.#key} @focus=${this.#focused} @blur=${this.#left}>
        ${!this.filled ? nothing : html`<button type="button" class="quiet" aria-label=${t("search.clear")}
          @pointerdown=${keepFocus} @click=${this.#clear}>${icons.close()}</button>`}
      </div>
      <ul id="options" role="listbox" aria-label=${t("search.label")} ?hidden=${!open}>
        ${this.found.map((result, index) => this.#option(result, index))}
      </ul>
      <p class=${this.message === "" ? "unseen" : "message"} role="status">${
        this.message !== "" ? t(this.message) : open ? t("search.found", { count: this.found.length }) : ""}</p>`;
  }

  #option(result: SearchResult, index: number): TemplateResult {
    const detail = [t(`search.${result.kind}`), result.detail].filter((text) => text).join(" · ");
    const words = result.kind === "category" || language() === "ru" ? nothing : "ru"; // the partners' own words
    return html`
      <li id="option-${index}" role="option" data-kind=${result.kind} data-id=${result.id}
        aria-selected=${index === this.active ? "true" : "false"}
        @pointerdown=${keepFocus} @click=${() => this.#take(result)}>
        <i>${result.kind === "settlement" ? icons.locate() : categoryIcon(result.category ?? result.id, 20)}</i>
        <span lang=${words}>${result.title}</span><small>${detail}</small>
      </li>`;
  }

  override updated(): void {
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector("input");
  }

  /** Back in a box with a word in it: its answers are wanted again. */
  #focused(): void {
    this.#input?.select();
    if (this.filled && this.found.length === 0) this.#typed();
  }

  #left(): void {
    this.#stop();
    this.#close();
  }

  #typed(): void {
    this.#stop();
    this.message = "";
    const q = this.#input?.value.trim() ?? "";
    this.filled = q !== "";
    if (q === "") return this.#close();
    this.#timer = setTimeout(() => void this.#search(q), DEBOUNCE_MS);
  }

  #clear(): void {
    this.#stop();
    this.#close();
    if (this.#input !== null) this.#input.value = "";
    this.filled = false;
    this.focus();
  }

  async #search(q: string): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    try {
      const found = await search(q, this.near, language(), request.signal);
      if (request.signal.aborted) return;
      this.found = found;
      this.active = -1;
      this.shown = true;
      this.message = found.length === 0 ? "search.none" : "";
      const [first] = found;
      if (this.#takeFirst && first !== undefined) this.#take(first);
    } catch {
      if (request.signal.aborted) return;
      this.#close();
      this.message = "search.failed";
    } finally {
      if (this.#request === request) {
        this.#request = undefined;
        this.#timer = undefined;
        this.#takeFirst = false;
      }
    }
  }

  #key(event: KeyboardEvent): void {
    const open = this.shown && this.found.length > 0;
    const count = this.found.length;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        if (count === 0) return;
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.shown = true;
        this.active = this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count;
        return;
      }
      case "Enter": {
        event.preventDefault();
        const chosen = this.found[Math.max(this.active, 0)];
        // A list that belongs to an older spelling is not what was asked for.
        if (this.#timer !== undefined || this.#request !== undefined) this.#takeFirst = true;
        else if (open && chosen !== undefined) this.#take(chosen);
        return;
      }
      case "Escape":
        event.preventDefault();
        event.stopPropagation();
        if (open) this.#close();
        else this.#clear();
        return;
      default:
    }
  }

  #take(result: SearchResult): void {
    this.#stop();
    this.#close();
    if (this.#input !== null) this.#input.value = "";
    this.filled = false;
    this.dispatchEvent(new CustomEvent<SearchResult>("pick", { detail: result }));
  }

  #close(): void {
    this.shown = false;
    this.active = -1;
    this.found = [];
    this.message = "";
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#request?.abort();
    this.#request = undefined;
    this.#takeFirst = false;
  }

  static override styles = [sharedStyles, css`
    :host { position: relative; }
    label { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
    .field { position: relative; color: var(--ink-soft); }
    .field > svg { position: absolute; left: 12px; top: 12px; pointer-events: none; }
    .field button { position: absolute; right: 1px; top: 1px; }
    input {
      width: 100%; min-height: 46px; padding: 8px 44px 8px 42px; text-overflow: ellipsis;
      border: 1px solid var(--edge); border-radius: var(--radius-small); background: var(--surface); color: var(--ink);
    }
    input::placeholder { color: var(--ink-soft); opacity: 1; }
    ul {
      position: absolute; z-index: 30; top: calc(46px + 4px); left: 0; min-width: min(100%, 88vw); width: 100%;
      max-height: min(60vh, 420px); overflow-y: auto; padding: 6px;
      border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); box-shadow: var(--shadow-high);
    }
    li { position: relative; display: flex; flex-direction: column; justify-content: center; min-height: 48px; padding: 6px 12px 6px 44px; border-radius: 8px; cursor: pointer; }
    li:hover { background: var(--sunken); }
    li[aria-selected="true"] { background: var(--brand-soft); box-shadow: inset 3px 0 0 var(--brand); }
    li i { position: absolute; left: 12px; top: 14px; width: 20px; color: var(--brand-deep); }
    li i svg { max-width: 20px; }
    li span { font-weight: 600; }
    small { color: var(--ink-soft); font-size: 0.8125rem; }
    .message { padding: 8px 2px 0; font-size: 0.875rem; color: var(--ink-soft); }
    @media (max-width: 479px) { ul { width: calc(100vw - 32px); } }
  `];
}

/** A tap on an option or on the cross leaves the focus, and so the keyboard of a phone, where it is. */
function keepFocus(event: Event): void {
  event.preventDefault();
}

customElements.define("ry-search-box", SearchBox);
