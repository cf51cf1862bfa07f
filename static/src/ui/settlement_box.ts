import { css, html, LitElement, type TemplateResult } from "lit";
import { settlements } from "../api/client.js";
import type { Settlement } from "../api/types.js";
import { language, Localized, t } from "../i18n/index.js";
import { icons } from "./icons.js";
import { sharedStyles } from "./shared_styles.js";

const DEBOUNCE_MS = 200;

/**
 * A box in which a settlement is typed and chosen, after the ARIA combobox pattern (list autocomplete, the option
 * pointed at by aria-activedescendant). Arrows move, Enter takes the pointed option or else the first, Escape closes
 * the list and, once closed, empties the box.
 *
 * Property `value`: the text shown when nobody is typing. Event `settlement` with the chosen one as `detail`.
 */
export class SettlementBox extends LitElement {
  static override properties = {
    value: {},
    found: { state: true }, active: { state: true }, shown: { state: true }, message: { state: true },
  };
  declare value: string;
  declare found: readonly Settlement[];
  declare active: number;
  declare shown: boolean;
  declare message: "" | "where.none" | "where.failed";

  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;
  /** Enter came before the answer: take the first option when it does. */
  #takeFirst = false;

  constructor() {
    super();
    this.value = "";
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
      <label for="box">${t("where.box")}</label>
      <div class="field">
        ${icons.search()}
        <input id="box" type="text" role="combobox" autocomplete="off" autocapitalize="words" spellcheck="false"
          enterkeyhint="search" placeholder=${t("where.box")} .value=${this.value}
          aria-expanded=${open ? "true" : "false"} aria-controls="options" aria-autocomplete="list"
          aria-activedescendant=${open && this.active >= 0 ? `option-${this.active}` : ""}
          @input=${this.#typed} @keydown=${this.#key} @focus=${this.#focused} @blur=${this.#left}>
      </div>
      <ul id="options" role="listbox" aria-label=${t("where.box")} ?hidden=${!open}>
        ${this.found.map((settlement, index) => html`
          <li id="option-${index}" role="option" aria-selected=${index === this.active ? "true" : "false"}
            @pointerdown=${(event: Event) => event.preventDefault()} @click=${() => this.#take(settlement)}>
            <span lang="ru">${settlement.name}</span><small lang="ru">${subtitle(settlement)}</small>
          </li>`)}
      </ul>
      <p class=${this.message === "" ? "unseen" : "message"} role="status">${
        this.message !== "" ? t(this.message) : open ? t("where.found", { count: this.found.length }) : ""}</p>`;
  }

  override updated(): void {
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector("input");
  }

  #focused(): void {
    this.#input?.select();
  }

  #left(): void {
    this.#stop();
    this.#close();
    if (this.#input !== null) this.#input.value = this.value; // half a name is no choice
  }

  #typed(): void {
    this.#stop();
    this.message = "";
    const q = this.#input?.value.trim() ?? "";
    if (q === "") return this.#close();
    this.#timer = setTimeout(() => void this.#search(q), DEBOUNCE_MS);
  }

  async #search(q: string): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    try {
      const found = await settlements(q, language(), request.signal);
      if (request.signal.aborted) return;
      this.found = found;
      this.active = -1;
      this.shown = true;
      this.message = found.length === 0 ? "where.none" : "";
      const [first] = found;
      if (this.#takeFirst && first !== undefined) this.#take(first);
    } catch {
      if (request.signal.aborted) return;
      this.#close();
      this.message = "where.failed";
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
        else if (this.#input !== null) this.#input.value = "";
        return;
      default:
    }
  }

  #take(settlement: Settlement): void {
    this.#stop();
    this.#close();
    this.value = settlement.name;
    if (this.#input !== null) this.#input.value = settlement.name;
    this.dispatchEvent(new CustomEvent<Settlement>("settlement", { detail: settlement, bubbles: true, composed: true }));
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
    .field svg { position: absolute; left: 12px; top: 12px; pointer-events: none; }
    input {
      width: 100%; min-height: 46px; padding: 8px 12px 8px 42px; text-overflow: ellipsis;
      border: 1px solid var(--edge); border-radius: var(--radius-small); background: var(--surface); color: var(--ink);
    }
    input::placeholder { color: var(--ink-soft); opacity: 1; }
    ul {
      position: absolute; z-index: 30; top: calc(46px + 4px); right: 0; min-width: min(100%, 88vw); width: 100%;
      max-height: min(60vh, 420px); overflow-y: auto; padding: 6px;
      border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); box-shadow: var(--shadow-high);
    }
    li { display: flex; flex-direction: column; justify-content: center; min-height: 48px; padding: 6px 12px; border-radius: 8px; cursor: pointer; }
    li:hover { background: var(--sunken); }
    li[aria-selected="true"] { background: var(--brand-soft); box-shadow: inset 3px 0 0 var(--brand); }
    li span { font-weight: 600; }
    small { color: var(--ink-soft); font-size: 0.8125rem; }
    .message { padding: 8px 2px 0; font-size: 0.875rem; color: var(--ink-soft); }
    @media (max-width: 479px) { ul { width: calc(100vw - 32px); } }
  `];
}

/** The district tells two villages of one name apart; said once when it is the town's own name. */
function subtitle({ name, district, region }: Settlement): string {
  return [district === name ? null : district, region].filter((text) => text).join(", ");
}

customElements.define("ry-settlement-box", SettlementBox);
