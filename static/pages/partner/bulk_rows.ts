/** The rows of a file by what becomes of them. What stands in a cell is text and never becomes markup. Property `document`. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { listBulkRows } from "../../src/api/cabinet_client.js";
import { categories } from "../../src/api/client.js";
import { OUTCOMES, type BulkDocument, type BulkRow, type ContentField, type Outcome } from "../../src/api/desk_types.js";
import type { Category } from "../../src/api/types.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { failureText } from "../../src/desk/failure.js";
import { rootOf } from "../../src/desk/field_problems.js";
import { problemList } from "../../src/desk/fields.js";
import { tabStyles } from "../../src/desk/tab_styles.js";
import { fieldName, problemName, valueText } from "../../src/desk/value_text.js";
import { language, Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

class BulkRows extends LitElement {
  static override properties = { document: { attribute: false }, outcome: { state: true }, rows: { state: true }, next: { state: true }, trouble: { state: true }, known: { state: true } };
  declare document: BulkDocument;
  declare outcome: Outcome;
  declare rows: readonly BulkRow[] | null;
  declare next: string | null;
  declare trouble: string;
  declare known: readonly Category[];
  #request = new AbortController();
  readonly #leaving = new AbortController();

  constructor() {
    super();
    this.outcome = "new";
    this.rows = null;
    this.next = null;
    this.trouble = "";
    this.known = [];
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void categories(language(), this.#leaving.signal).then((known) => { this.known = known; }, () => {}); // codes do for want of names
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request.abort();
    this.#leaving.abort();
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("document") || (changed.get("document") as BulkDocument | undefined)?.id === this.document.id) return;
    // Faults first: they are what a person has to do something about.
    const { counts } = this.document;
    this.outcome = (["rejected", "changed", "new", "unchanged"] as const).find((each) => counts[each] > 0) ?? "new";
    void this.#load(null);
  }

  override render(): TemplateResult {
    const { counts } = this.document;
    return html`
      <fieldset class="radios"><legend>${t("bulk.outcome")}</legend><div>${OUTCOMES.map((outcome) => html`<label class="chip"><input type="radio" name="outcome"
        .checked=${live(this.outcome === outcome)} @change=${() => { this.outcome = outcome; void this.#load(null); }}><span>${t(`bulk.${outcome}`, { number: counts[outcome] })}</span></label>`)}</div></fieldset>
      <p class="trouble" role="alert">${this.trouble}</p>
      <p class=${this.rows?.length === 0 ? "soft" : "unseen"} role="status">${this.rows === null ? t("desk.wait") : this.rows.length === 0 ? t("bulk.no_rows") : ""}</p>
      <ol class="items">${(this.rows ?? []).map((row) => this.#row(row))}</ol>
      ${this.next === null ? nothing : html`<button type="button" class="button" @click=${() => void this.#load(this.next)}>${t("desk.more")}</button>`}`;
  }

  #row({ line, external_id, name, changes, problems }: BulkRow): TemplateResult {
    return html`<li><h3>${name || t("list.unnamed")}</h3><p class="soft">${[t("bulk.line", { number: line }), external_id].filter(Boolean).join(", ")}</p>
      ${changes.length === 0 ? nothing : html`<dl>${changes.map(({ field, before, after }) => html`<div><dt>${fieldName(rootOf(field))}</dt>
        <dd><small>${t("bulk.was")}</small> ${this.#words(field, before)}</dd><dd class="new"><small>${t("bulk.becomes")}</small> ${this.#words(field, after)}</dd></div>`)}</dl>`}
      ${problemList(problems.map((problem) => ({ ...problem, detail: `${problemName(problem.field)}: ${problem.detail}` })), `problems-${line}`)}</li>`;
  }

  #words(field: string, value: unknown): string {
    return valueText(rootOf(field) as ContentField, value, this.known);
  }

  async #load(cursor: string | null): Promise<void> {
    this.#request.abort();
    const request = (this.#request = new AbortController());
    if (cursor === null) this.rows = null;
    try {
      const { rows, next } = await listBulkRows(this.document.id, this.outcome, cursor, request.signal);
      this.rows = [...(this.rows ?? []), ...rows];
      this.next = next;
      this.trouble = "";
    } catch (error) {
      if (!request.signal.aborted) this.trouble = failureText(error);
    }
  }

  static override styles = [sharedStyles, deskStyles, tabStyles, css`
    :host { max-width: none; }
    dl { display: grid; gap: 4px; margin-top: 4px; font-size: 0.9375rem; }
    dl div { display: grid; gap: 0 12px; grid-template-columns: minmax(0, 1fr); }
    dt { font-weight: 650; }
    dl small { color: var(--ink-soft); }
    .new { padding-left: 8px; border-left: 3px solid var(--brand); }
    @media (min-width: 620px) { dl div { grid-template-columns: 9rem minmax(0, 1fr) minmax(0, 1fr); } }
  `];
}

customElements.define("ry-bulk-rows", BulkRows);
