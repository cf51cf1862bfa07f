import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { QueueItem } from "../../src/api/operator_types.js";
import { ageText } from "../../src/i18n/age_text.js";
import { language, Localized, t } from "../../src/i18n/index.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

const DAY_S = 86_400;

/**
 * The rows of the queue. Events: `choose` (id) from a row, `mark` (id, or null for all shown), `more`.
 */
export class QueueList extends LitElement {
  static override properties = {
    items: { attribute: false }, chosen: {}, marks: { attribute: false }, more: { type: Boolean }, lost: { type: Boolean },
  };
  declare items: readonly QueueItem[];
  declare chosen: string | null;
  declare marks: ReadonlySet<string>;
  declare more: boolean;

  constructor() {
    super();
    this.items = [];
    this.chosen = null;
    this.marks = new Set();
    this.more = false;
    new Localized(this);
  }

  override render(): TemplateResult {
    const ru = language() === "ru" ? nothing : "ru";
    return html`
      <ol aria-label=${t("op.queue_list")}>${repeat(this.items, ({ id }) => id, (item) => html`
        <li class=${item.id === this.chosen ? "chosen" : ""}>
          <label class="box"><input type="checkbox" data-mark=${item.id} .checked=${this.marks.has(item.id)} aria-label=${t("op.mark", { name: item.name })}
            @change=${() => this.#say("mark", item.id)}></label>
          <a href="/operator?view=queue&id=${encodeURIComponent(item.id)}" data-id=${item.id} aria-current=${item.id === this.chosen ? "true" : nothing}
            @click=${(event: MouseEvent) => this.#choose(event, item.id)}>
            <span class="top"><strong lang=${ru}>${item.name}</strong><span class="age ${item.age_s > 3 * DAY_S ? "old" : ""}">${ageText(item.age_s * 1000)}</span></span>
            <span class="partner" lang=${ru}>${item.partner.name}</span>
            <span class="tags"><span class="tag">${t(`op.kind_${item.kind}`)}</span>
              ${item.answered ? html`<span class="tag good">${t("op.answered")}</span>` : nothing}
              ${item.warnings === 0 ? nothing : html`<span class="tag warn">${t("op.warnings", { count: item.warnings })}</span>`}
              ${item.duplicates === 0 ? nothing : html`<span class="tag warn">${t("op.duplicates", { count: item.duplicates })}</span>`}</span>
          </a></li>`)}</ol>
      ${this.more ? html`<p class="more"><button type="button" class="button" @click=${() => this.#say("more")}>${t("op.more")}</button></p>` : nothing}`;
  }

  /** Brings the chosen row into sight, without the page jumping. */
  reveal(): void {
    this.renderRoot.querySelector<HTMLElement>("[aria-current]")?.closest("li")?.scrollIntoView({ block: "nearest" });
  }

  /** The row of `id`, or the first one where that is gone. */
  focusRow(id: string | null): void {
    const row = id === null ? null : this.renderRoot.querySelector<HTMLElement>(`a[data-id="${CSS.escape(id)}"]`);
    (row ?? this.renderRoot.querySelector<HTMLElement>("a[data-id]"))?.focus();
  }

  #choose(event: MouseEvent, id: string): void {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#say("choose", id);
  }

  #say(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  static override styles = [sharedStyles, operatorStyles, css`
    li { display: flex; align-items: stretch; border-bottom: 1px solid var(--line); background: var(--surface); }
    li.chosen { background: var(--brand-soft); box-shadow: inset 4px 0 0 var(--brand); }
    .box { display: grid; place-items: center; flex: none; width: 44px; cursor: pointer; }
    a { flex: 1; min-width: 0; display: grid; grid-template-columns: minmax(0, 1fr); gap: 2px; padding: 9px 12px 9px 0; color: var(--ink); text-decoration: none; }
    a:focus-visible { outline-offset: -3px; }
    a:hover strong { color: var(--brand-deep); text-decoration: underline; }
    .top { display: flex; gap: 8px; justify-content: space-between; align-items: baseline; }
    strong { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 650; }
    .age { flex: none; font-size: 0.8125rem; color: var(--ink-soft); }
    .age.old { color: var(--danger); font-weight: 600; }
    .partner { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 0.875rem; color: var(--ink-soft); }
    .chosen .age:not(.old), .chosen .partner { color: var(--ink); }
    .tags { display: flex; flex-wrap: wrap; gap: 4px; }
    .more { padding: 12px; text-align: center; }
  `];
}

customElements.define("ry-queue-list", QueueList);
