/**
 * How far a location has come, in words: with the operator's reason and a field to answer, with both versions when a
 * change waits, and what can be taken back. Events: `came` (LocationDocument), `gone`.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { LocationDocument } from "../../src/api/desk_types.js";
import type { Category } from "../../src/api/types.js";
import { answerRejection, conflictOf, deleteLocation, discardRevision } from "../../src/api/partner_client.js";
import { ask } from "../../src/desk/ask_dialog.js";
import { differing } from "../../src/desk/content.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { failureText } from "../../src/desk/failure.js";
import { field } from "../../src/desk/fields.js";
import { say } from "../../src/desk/say.js";
import { fieldName, valueText } from "../../src/desk/value_text.js";
import { dateText } from "../../src/i18n/hours_text.js";
import { Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

class StatePanel extends LitElement {
  static override properties = { document: { attribute: false }, categories: { attribute: false }, answer: { state: true }, trouble: { state: true }, busy: { state: true } };
  declare document: LocationDocument;
  declare categories: readonly Category[];
  declare answer: string;
  declare trouble: string;
  declare busy: boolean;
  readonly #leaving = new AbortController();

  constructor() {
    super();
    this.categories = [];
    this.answer = "";
    this.trouble = "";
    this.busy = false;
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaving.abort();
  }

  override render(): TemplateResult {
    const { state, revision, published, on_map, id } = this.document;
    const isRejected = revision?.state === "rejected";
    return html`<section class="panel ${isRejected ? "rejected" : ""}" aria-labelledby="state">
      <div class="row"><h2 id="state" tabindex="-1" class="badge ${isRejected ? "rejected" : state}">${t(isRejected ? "state.rejected" : `state.${state}`)}</h2>
        ${published !== null && revision?.state === "pending" ? html`<span class="badge pending">${t("state.waiting")}</span>` : nothing}
        ${on_map ? html`<a class="see" href="/?place=${encodeURIComponent(id)}">${t("edit.see_on_map")}</a>` : nothing}</div>
      ${isRejected ? this.#rejected() : html`<p>${t(`edit.${this.#words()}`)}</p>`}
      ${published !== null && revision !== null ? this.#difference() : nothing}
      <p class="trouble" role="alert">${this.trouble}</p>
      <div class="row">
        ${published !== null && revision !== null ? html`<button type="button" class="button" ?disabled=${this.busy} @click=${() => void this.#discard()}>${t("edit.discard")}</button>` : nothing}
        ${published === null ? this.#deleteButton(revision?.state === "pending" ? "withdraw" : "delete_draft") : nothing}
        ${on_map ? this.#deleteButton("delete") : nothing}
      </div>
    </section>`;
  }

  #deleteButton(act: "withdraw" | "delete_draft" | "delete"): TemplateResult {
    return html`<button type="button" class="link" ?disabled=${this.busy} @click=${() => void this.#delete(t(`edit.${act}_sure`), t(`edit.${act}`))}>${t(`edit.${act}`)}</button>`;
  }

  #words(): "draft" | "pending" | "published" | "waiting" | "waiting_draft" | "suspended" | "archived" {
    const { state, revision, published } = this.document;
    if (state === "suspended" || state === "archived") return state;
    if (published === null) return revision?.state === "pending" || state === "pending" ? "pending" : "draft";
    return revision === null ? "published" : revision.state === "pending" ? "waiting" : "waiting_draft";
  }

  #rejected(): TemplateResult {
    const { reason = null, notes = [] } = this.document.revision ?? {};
    return html`<h3>${t("edit.rejected")}</h3>
      <blockquote>${reason ?? ""}</blockquote>
      <p>${t("edit.rejected_do")}</p>
      ${notes.length === 0 ? nothing : html`<ul class="notes">${notes.map(({ at, author, text }) => html`<li><small>${t(`edit.note_${author}`)}, ${dateText(at)}</small><p>${text}</p></li>`)}</ul>`}
      <form @submit=${this.#send} novalidate>
        ${field({ name: "answer", label: t("edit.answer"), value: this.answer, area: true, optional: true, input: (text) => { this.answer = text; } })}
        <button class="button" ?disabled=${this.busy}>${t("edit.answer_send")}</button>
      </form>`;
  }

  #difference(): TemplateResult {
    const { published, content } = this.document;
    const before = published!.content;
    return html`<details open><summary>${t("edit.difference")}</summary><dl>${differing(before, content).map((name) => html`<div>
      <dt>${fieldName(name)}</dt>
      <dd><small>${t("edit.now")}</small>${valueText(name, before[name], this.categories)}</dd>
      <dd class="new"><small>${t("edit.then")}</small>${valueText(name, content[name], this.categories)}</dd></div>`)}</dl></details>`;
  }

  #send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const text = this.answer.trim();
    if (text === "") return this.renderRoot.querySelector("textarea")?.focus();
    await this.#act(async (id) => {
      this.#came(await answerRejection(id, text, this.#leaving.signal));
      this.answer = "";
      say(this, t("edit.answer_sent"));
    });
  };

  async #discard(): Promise<void> {
    if (!(await ask(t("edit.discard_sure"), t("edit.discard")))) return;
    await this.#act(async (id, etag) => {
      const left = await discardRevision(id, etag, this.#leaving.signal);
      if (left === null) this.#gone();
      else this.dispatchEvent(new CustomEvent("discarded", { detail: left }));
    });
  }

  async #delete(sure: string, yes: string): Promise<void> {
    if (!(await ask(sure, yes))) return;
    await this.#act(async (id, etag) => {
      await deleteLocation(id, etag, this.#leaving.signal);
      this.#gone();
    });
  }

  async #act(work: (id: string, etag: string) => Promise<void>): Promise<void> {
    this.busy = true;
    this.trouble = "";
    try {
      await work(this.document.id, this.document.etag);
    } catch (error) {
      if (this.#leaving.signal.aborted) return;
      this.trouble = failureText(error);
      // What stands there now comes with the refusal: the next try is of that version.
      const now = conflictOf(error);
      if (now !== null) this.#came(now);
    }
    this.busy = false;
  }

  #came(detail: LocationDocument): void {
    this.dispatchEvent(new CustomEvent("came", { detail }));
  }

  #gone(): void {
    this.dispatchEvent(new CustomEvent("gone"));
  }

  static override styles = [sharedStyles, deskStyles, css`
    .panel.rejected { border: 2px solid var(--benefit); }
    h2.badge { font-size: 0.9375rem; }
    blockquote { margin: 0; padding: 10px 14px; border-left: 4px solid var(--benefit); background: var(--benefit-soft); color: var(--ink); overflow-wrap: anywhere; white-space: pre-line; }
    form, .notes, dl { display: grid; gap: 10px; grid-template-columns: minmax(0, 1fr); }
    form .button { justify-self: start; }
    .notes li { padding: 8px 12px; background: var(--sunken); border-radius: 8px; }
    small { display: block; color: var(--ink-soft); font-size: 0.8125rem; }
    dl > div { display: grid; gap: 2px 12px; padding: 8px 0; border-top: 1px solid var(--line); grid-template-columns: 1fr 1fr; overflow-wrap: anywhere; }
    dt { grid-column: 1 / -1; font-weight: 650; }
    .new { padding-left: 8px; border-left: 3px solid var(--brand); }
    .trouble:empty { display: none; }
    .row:empty { display: none; }
    .see { margin-left: auto; display: inline-flex; align-items: center; min-height: var(--touch); font-weight: 600; }
  `];
}

customElements.define("ry-state-panel", StatePanel);
