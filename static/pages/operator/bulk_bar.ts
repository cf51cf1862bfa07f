import { css, html, nothing, type TemplateResult } from "lit";
import { approveMany, type BulkAnswer } from "../../src/api/operator_client.js";
import type { QueueItem } from "../../src/api/operator_types.js";
import { language, t } from "../../src/i18n/index.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { OperatorView } from "../../src/operator/operator_view.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

/** How many one request takes; the rest follows in the next one. */
const AT_ONCE = 50;

/** Marks, and their approval at once after a question. Events: `marks` (a set of ids), `decided` (ids approved). */
export class BulkBar extends OperatorView {
  static override properties = { items: { attribute: false }, marks: { attribute: false }, asking: { state: true }, refused: { state: true } };
  declare items: readonly QueueItem[];
  declare marks: ReadonlySet<string>;
  declare asking: boolean;
  declare refused: BulkAnswer["refused"];
  #names = new Map<string, string>();

  constructor() {
    super();
    this.items = [];
    this.marks = new Set();
    this.asking = false;
    this.refused = [];
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("input")?.focus();
  }

  override render(): TemplateResult {
    const marked = this.items.filter(({ id }) => this.marks.has(id));
    const all = marked.length === this.items.length && marked.length > 0;
    return html`<div class="line">
      <label class="all"><input type="checkbox" .checked=${all} .indeterminate=${marked.length > 0 && !all} @change=${() => this.#all(!all)}>
        <span>${marked.length === 0 ? t("op.mark_all") : t("op.marked", { count: marked.length })}</span></label>
      ${marked.length === 0 ? nothing : html`<button type="button" class="button primary" @click=${this.#ask}>${t("op.bulk")}</button>`}
    </div>
    ${this.refused.length === 0 ? nothing : html`<div class="trouble small" role="alert"><p>${t("op.bulk_refused", { count: this.refused.length })}</p>
      <ul>${this.refused.map(({ id, detail }) => html`<li>«${this.#names.get(id) ?? id}»: ${detail}</li>`)}</ul>
      <button type="button" class="button" @click=${() => { this.refused = []; }}>${t("op.close")}</button></div>`}
    <dialog aria-labelledby="ask" @close=${() => { this.asking = false; }}>
      <h2 id="ask" tabindex="-1">${t("op.bulk_title", { count: marked.length })}</h2>
      <p>${t("op.bulk_lead")}</p>
      <ul class="names" lang=${language() === "ru" ? nothing : "ru"}>${marked.map(({ name, warnings, duplicates }) => html`<li>${name}
        ${warnings === 0 ? nothing : html`<span class="tag warn">${t("op.warnings", { count: warnings })}</span>`}
        ${duplicates === 0 ? nothing : html`<span class="tag warn">${t("op.duplicates", { count: duplicates })}</span>`}</li>`)}</ul>
      ${this.trouble === null ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
      <div class="row"><button type="button" class="button primary" ?disabled=${this.busy} @click=${() => void this.#approve(marked)}>${t("op.bulk_go")}</button>
        <button type="button" class="button" @click=${() => this.#dialog().close()}>${t("op.cancel")}</button></div>
    </dialog>`;
  }

  #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector("dialog")!;
  }

  #all(on: boolean): void {
    this.dispatchEvent(new CustomEvent("marks", { detail: new Set(on ? this.items.map(({ id }) => id) : []) }));
  }

  #ask = (): void => {
    this.asking = true;
    this.trouble = null;
    this.#dialog().showModal();
  };

  async #approve(marked: readonly QueueItem[]): Promise<void> {
    if (this.busy) return;
    this.#names = new Map(marked.map(({ id, name }) => [id, name]));
    const approved: string[] = [];
    const refused: BulkAnswer["refused"][number][] = [];
    const done = await this.run(async (signal) => {
      for (let from = 0; from < marked.length; from += AT_ONCE) {
        const answer = await approveMany(marked.slice(from, from + AT_ONCE).map(({ id, version }) => ({ id, version })), signal);
        approved.push(...answer.approved);
        refused.push(...answer.refused);
      }
    });
    this.refused = refused;
    if (done) this.#dialog().close();
    if (approved.length > 0) this.say(t("op.bulk_done", { count: approved.length }));
    if (approved.length > 0 || refused.length > 0) this.dispatchEvent(new CustomEvent("decided", { detail: approved }));
  }

  static override styles = [sharedStyles, operatorStyles, css`
    .line { display: flex; justify-content: space-between; align-items: center; gap: 8px; min-height: 52px; padding: 4px 12px 4px 0; border-block: 1px solid var(--line); }
    .all { display: flex; align-items: center; min-height: 44px; cursor: pointer; }
    .all input { margin: 0 12px; }
    .trouble { margin: 8px 12px; }
    h2 { margin-bottom: 8px; }
    .names { max-height: 40vh; margin-top: 12px; overflow-y: auto; }
    .names li { padding: 5px 0; border-top: 1px solid var(--line); }
  `];
}

customElements.define("ry-bulk-bar", BulkBar);
