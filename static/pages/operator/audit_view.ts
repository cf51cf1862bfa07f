import { css, html, nothing, type TemplateResult } from "lit";
import { listAudit } from "../../src/api/operator_client.js";
import type { AuditEntry } from "../../src/api/operator_types.js";
import { t } from "../../src/i18n/index.js";
import { listStyles } from "../../src/operator/list_styles.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { OperatorView } from "../../src/operator/operator_view.js";
import { momentText } from "../../src/operator/when_text.js";
import { wordOr } from "../../src/operator/word_or.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

/** «Журнал»: every decision, sign-in and key act, newest first. */
class AuditView extends OperatorView {
  static override properties = { rows: { state: true }, next: { state: true } };
  declare rows: readonly AuditEntry[] | null;
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
      ${this.trouble === null ? nothing : html`<div class="trouble" role="alert"><p>${this.trouble}</p><button type="button" class="button" @click=${() => void this.#read(this.next)}>${t("op.retry")}</button></div>`}
      ${this.rows === null ? (this.trouble === null ? html`<p class="soft" role="status">${t("op.loading")}</p>` : nothing) : html`
        <table aria-label=${t("op.audit_table")}>
          <thead><tr>${(["number", "at", "actor", "act", "target", "detail"] as const).map((name) => html`<th scope="col">${t(`op.audit_${name}`)}</th>`)}</tr></thead>
          <tbody>${this.rows.map((entry) => html`<tr>
            <td class="number" data-name=${t("op.audit_number")}>${entry.number}</td><td data-name=${t("op.audit_at")}>${momentText(entry.at)}</td>
            <td data-name=${t("op.audit_actor")}>${entry.actor ?? t("op.nobody")}</td><td data-name=${t("op.audit_act")}>${wordOr(`op.act_${entry.act}`, entry.act)}</td>
            <td class="mono" data-name=${t("op.audit_target")}>${entry.target ?? ""}</td><td data-name=${t("op.audit_detail")}>${detailText(entry.detail)}</td></tr>`)}</tbody></table>
        ${this.rows.length === 0 ? html`<p class="empty">${t("op.empty")}</p>` : nothing}
        ${this.next === null ? nothing : html`<p class="more"><button type="button" class="button" ?disabled=${this.busy} @click=${() => void this.#read(this.next)}>${t("op.more")}</button></p>`}`}`;
  }

  async #read(cursor: string | null): Promise<void> {
    await this.run(async (signal) => {
      const page = await listAudit(cursor, signal);
      this.rows = cursor === null ? page.rows : [...(this.rows ?? []), ...page.rows];
      this.next = page.next;
    });
  }

  static override styles = [sharedStyles, operatorStyles, listStyles, css`
    table { width: 100%; border-collapse: collapse; background: var(--surface); font-size: 0.875rem; }
    th { text-align: left; font-size: 0.8125rem; color: var(--ink-soft); }
    th, td { padding: 7px 12px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
    .number { font-variant-numeric: tabular-nums; color: var(--ink-soft); }
    @media (max-width: 799px) {
      table, tbody, tr, td { display: block; }
      thead { display: none; }
      tr { padding: 8px 12px; border-bottom: 1px solid var(--line); }
      td { padding: 1px 0; border: 0; }
      td:empty { display: none; }
      td::before { content: attr(data-name) ": "; color: var(--ink-soft); font-family: var(--font); }
    }
  `];
}

/** Facts as «name: value»; a plain text as it is. */
function detailText(detail: unknown): string {
  if (detail === null || detail === undefined) return "";
  if (typeof detail !== "object") return String(detail);
  return Object.entries(detail).map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`).join("; ");
}

customElements.define("ry-audit-view", AuditView);
