import { css, html, nothing, type TemplateResult } from "lit";
import { closeRefusal, listRefusals } from "../../src/api/operator_client.js";
import type { RefusalRow } from "../../src/api/operator_types.js";
import { dateText } from "../../src/i18n/hours_text.js";
import { language, t } from "../../src/i18n/index.js";
import "../../src/operator/ask_dialog.js";
import type { AskDialog } from "../../src/operator/ask_dialog.js";
import { listStyles } from "../../src/operator/list_styles.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { OperatorView } from "../../src/operator/operator_view.js";
import { wordOr } from "../../src/operator/word_or.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

/** «Отказы»: what parents report from the card, what the partner says to it, and its end. */
class RefusalsView extends OperatorView {
  static override properties = { rows: { state: true }, next: { state: true } };
  declare rows: readonly RefusalRow[] | null;
  declare next: string | null;

  constructor() {
    super();
    this.rows = null;
    this.next = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read(null);
  }

  protected override again(): void {
    void this.#read(null);
  }

  override render(): TemplateResult {
    return html`
      ${this.trouble === null ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
      ${this.rows === null ? (this.trouble === null ? html`<p class="soft" role="status">${t("op.loading")}</p>` : nothing)
        : this.rows.length === 0 ? html`<p class="empty"><strong>${t("op.refusals_none")}</strong></p>` : nothing}
      <ul class="rows">${(this.rows ?? []).map((row) => this.#row(row))}</ul>
      ${this.next === null ? nothing : html`<p class="more"><button type="button" class="button" @click=${() => void this.#read(this.next)}>${t("op.more")}</button></p>`}
      <ry-ask-dialog></ry-ask-dialog>`;
  }

  #row(row: RefusalRow): TemplateResult {
    const ru = language() === "ru" ? nothing : "ru";
    return html`<li tabindex="-1" data-id=${row.id}><div class="row spread">
        <div><h2>${wordOr(`op.refusal_${row.reason}`, row.reason)}</h2>
          <p><a lang=${ru} href="/operator?view=places&id=${encodeURIComponent(row.location_id)}" @click=${this.follow}>${row.location_name}</a>
            <span class="soft small">${t("op.refusal_day", { date: dateText(row.day) })}${row.partner === null ? nothing : html` · <span lang=${ru}>${row.partner.name}</span>`}</span></p></div>
        <span class="tag ${row.state === "open" ? "warn" : row.state === "answered" ? "good" : ""}">${t(`op.refusal_state_${row.state}`)}</span></div>
      ${row.text === null ? nothing : html`<p lang=${ru}>«${row.text}»</p>`}
      <p class="soft">${row.answer === null ? t("op.refusal_unanswered") : html`${t("op.refusal_answer")}: <span class="said" lang=${ru}>${row.answer}</span>`}</p>
      ${row.state === "closed" ? nothing : html`<p><button type="button" class="button" ?disabled=${this.busy}
        aria-label="${t("op.refusal_close")}: ${row.location_name}" @click=${() => void this.#close(row.id)}>${t("op.refusal_close")}</button></p>`}</li>`;
  }

  async #read(cursor: string | null): Promise<void> {
    await this.run(async (signal) => {
      const page = await listRefusals(cursor, signal);
      this.rows = cursor === null ? page.rows : [...(this.rows ?? []), ...page.rows];
      this.next = page.next;
    });
  }

  async #close(id: string): Promise<void> {
    const words = await this.renderRoot.querySelector<AskDialog>("ry-ask-dialog")!.ask({ title: t("op.refusal_close_ask"), act: t("op.refusal_close"), words: "none" });
    if (words === null || !await this.run(async (signal) => { await closeRefusal(id, words, signal); })) return;
    this.say(t("op.refusal_closed_done"));
    await this.#read(null);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`li[data-id="${CSS.escape(id)}"]`)?.focus();
  }

  static override styles = [sharedStyles, operatorStyles, listStyles, css`
    h2 { font-size: 1.0625rem; }
    .said { color: var(--ink); }
  `];
}

customElements.define("ry-refusals-view", RefusalsView);
