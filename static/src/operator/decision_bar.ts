import { css, html, nothing, type TemplateResult } from "lit";
import { t, type Key } from "../i18n/index.js";
import { sharedStyles } from "../ui/shared_styles.js";
import { operatorStyles } from "./operator_styles.js";
import { OperatorView } from "./operator_view.js";

const PHRASES: readonly Key[] = [
  "op.phrase_place", "op.phrase_benefit", "op.phrase_inn", "op.phrase_hours", "op.phrase_twin", "op.phrase_photo", "op.phrase_contact",
];

/** Reasons half written, by revision: they outlive a look at another one. */
const drafts = new Map<string, string>();

/**
 * Approve, or reject with a reason. Holds the words, decides nothing: event `approve`, event `reject` (the reason).
 */
export class DecisionBar extends OperatorView {
  static override properties = { of: {}, waiting: { type: Boolean }, rejecting: { state: true }, lacking: { state: true } };
  /** The id of the revision. */
  declare of: string;
  /** A decision is on its way. */
  declare waiting: boolean;
  declare rejecting: boolean;
  declare lacking: boolean;

  constructor() {
    super();
    this.of = "";
    this.waiting = false;
    this.rejecting = false;
    this.lacking = false;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("of")) return;
    this.rejecting = (drafts.get(this.of) ?? "") !== "";
    this.lacking = false;
  }

  /** The way of the R key: the field, with the focus. */
  async openReason(): Promise<void> {
    this.rejecting = true;
    await this.updateComplete;
    this.#field()?.focus();
  }

  override focus(): void {
    (this.#field() ?? this.renderRoot.querySelector<HTMLElement>('[data-act="approve"]'))?.focus();
  }

  override render(): TemplateResult {
    if (!this.rejecting) {
      return html`<div class="row">
        <button type="button" class="button primary" data-act="approve" ?disabled=${this.waiting} @click=${() => this.dispatchEvent(new CustomEvent("approve"))}>
          ${t("op.approve")}<kbd aria-hidden="true">A</kbd></button>
        <button type="button" class="button danger" data-act="reject" ?disabled=${this.waiting} @click=${() => void this.openReason()}>
          ${t("op.reject")}<kbd aria-hidden="true">R</kbd></button>
      </div>`;
    }
    return html`<form @submit=${this.#send}>
      <div class="field">
        <label for="reason">${t("op.reject_reason")}</label>
        <div class="phrases" role="group" aria-label=${t("op.reject_phrases")}>${PHRASES.map((key) => html`
          <button type="button" class="phrase" @click=${() => this.#add(t(key))}>${t(key)}</button>`)}</div>
        <textarea id="reason" rows="3" maxlength="1000" .value=${drafts.get(this.of) ?? ""} aria-invalid=${this.lacking ? "true" : "false"}
          aria-describedby=${this.lacking ? "lacking hint" : "hint"} @input=${this.#typed} @keydown=${this.#key}></textarea>
        ${this.lacking ? html`<p id="lacking" class="lacking" role="alert">${t("op.reject_empty")}</p>` : nothing}
        <p id="hint" class="soft small">${t("op.reject_hint")}</p>
      </div>
      <div class="row">
        <button type="submit" class="button danger" data-act="send" ?disabled=${this.waiting}>${t("op.reject_send")}</button>
        <button type="button" class="button plain" @click=${this.#back}>${t("op.cancel")}</button>
      </div>
    </form>`;
  }

  #field(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector("textarea");
  }

  #typed = (event: Event): void => {
    drafts.set(this.of, (event.target as HTMLTextAreaElement).value);
    this.lacking = false;
  };

  #add(phrase: string): void {
    const field = this.#field();
    if (field === null) return;
    const had = field.value.trim();
    field.value = had === "" ? `${phrase}.` : had.includes(phrase) ? had : `${had.replace(/[.;,]?$/, ".")} ${phrase}.`;
    drafts.set(this.of, field.value);
    this.lacking = false;
    field.focus();
  }

  #key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.#back();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) this.#send(event);
  };

  #send = (event: Event): void => {
    event.preventDefault();
    const reason = (this.#field()?.value ?? "").trim();
    this.lacking = reason === "";
    if (this.lacking) return this.#field()?.focus();
    if (!this.waiting) this.dispatchEvent(new CustomEvent("reject", { detail: reason }));
  };

  #back = (): void => {
    this.rejecting = false; // the words stay, should it be opened again
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[data-act="reject"]')?.focus());
  };

  static override styles = [sharedStyles, operatorStyles, css`
    form { display: grid; gap: 10px; }
    textarea { min-height: 68px; }
    kbd { padding: 0 6px; border: 1px solid currentColor; border-radius: 5px; font: 600 0.75rem/1.4 var(--mono); opacity: 0.85; }
    .phrases { display: flex; flex-wrap: wrap; gap: 6px; }
    .phrase { min-height: 32px; padding: 4px 10px; border: 1px solid var(--edge); border-radius: 999px; background: var(--surface); font-size: 0.8125rem; text-align: left; }
    .phrase:hover { border-color: var(--brand); color: var(--brand-deep); }
    .lacking { color: var(--danger); font-weight: 600; }
    .button { flex: 1 1 auto; }
    @media (min-width: 640px) { .button { flex: none; min-width: 150px; } }
    @media (max-width: 639px) { .phrases { flex-wrap: nowrap; overflow-x: auto; padding: 3px; margin: -3px; } .phrase { flex: none; min-height: 40px; } kbd { display: none; } }
  `];
}

export function forgetDraft(id: string): void {
  drafts.delete(id);
}

customElements.define("ry-decision-bar", DecisionBar);
