/** Many locations in one file: sent, read with progress, looked through, and applied only then. Property `bulkId`: the file in the address. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { applyBulk, deleteBulk, readBulk, sendBulk, templatePath } from "../../src/api/cabinet_client.js";
import type { BulkDocument } from "../../src/api/desk_types.js";
import { ProblemError } from "../../src/api/request.js";
import { ask } from "../../src/desk/ask_dialog.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { failureText, isOffline, isSignedOut } from "../../src/desk/failure.js";
import { bulkFault } from "../../src/desk/photo_file.js";
import { goTo, say, signedOut } from "../../src/desk/say.js";
import { tabStyles } from "../../src/desk/tab_styles.js";
import { language, Localized, t } from "../../src/i18n/index.js";
import { focusRow } from "../../src/ui/row_focus.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import "./bulk_rows.js";

const POLL_MS = 700;

class BulkTab extends LitElement {
  static override properties = { bulkId: { attribute: false }, document: { state: true }, busy: { state: true }, trouble: { state: true }, over: { state: true } };
  declare bulkId: string | null;
  declare document: BulkDocument | null;
  declare busy: "" | "sending" | "applying";
  declare trouble: string;
  /** A file hangs over the page. */
  declare over: boolean;
  #leaving = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.bulkId = null;
    this.document = null;
    this.busy = "";
    this.trouble = "";
    this.over = false;
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaving.abort();
    this.#leaving = new AbortController();
    clearTimeout(this.#timer);
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("bulkId")) return;
    clearTimeout(this.#timer);
    if (this.bulkId === null) this.document = null;
    else if (this.document?.id !== this.bulkId) void this.#poll();
  }

  override render(): TemplateResult {
    return html`<h1 tabindex="-1">${t("bulk.heading")}</h1>
      <p class="trouble" role="alert">${this.trouble}</p>
      ${this.document !== null ? this.#file(this.document) : this.bulkId !== null && this.trouble === "" ? html`<p role="status">${t("desk.wait")}</p>` : this.#choose()}`;
  }

  #choose(): TemplateResult {
    return html`<p>${t("bulk.lead")}</p>
      <div class="row"><a class="button" href=${templatePath("xlsx", language())} download>${t("bulk.template_xlsx")}</a><a class="button" href=${templatePath("csv", language())} download>${t("bulk.template_csv")}</a></div>
      <p class="hint">${t("bulk.rules")}</p>
      <div class="drop ${this.over ? "over" : ""}" @dragover=${this.#hang} @dragleave=${() => { this.over = false; }} @drop=${this.#dropped}>
        <button type="button" class="button primary" ?disabled=${this.busy !== ""} aria-describedby="drop-hint" @click=${() => this.renderRoot.querySelector("input")?.click()}>${t(this.busy === "sending" ? "bulk.sending" : "bulk.choose")}</button>
        <p class="hint" id="drop-hint">${t("bulk.drop")}</p>
        <input type="file" hidden accept=".csv,.txt,.xlsx" aria-label=${t("bulk.choose")} @change=${this.#chosen}>
      </div>`;
  }

  #file(document: BulkDocument): TemplateResult {
    const { name, state, rows, done, fault, unknown_columns, counts } = document;
    const work = counts.new + counts.changed;
    return html`<section class="panel" aria-labelledby="file"><h2 id="file" tabindex="-1">${name}</h2>
        <p role="status" class=${state === "applied" ? "good" : ""}>${state === "reading" ? t("bulk.reading", { done, rows }) : t(`bulk.${state}`)}</p>
        ${state !== "reading" ? nothing : html`<progress max=${Math.max(rows, 1)} value=${done} aria-label=${t("bulk.progress")}></progress>`}
        ${fault === null ? nothing : html`<p class="trouble">${fault}</p>`}
        ${unknown_columns.length === 0 ? nothing : html`<p class="notice">${t("bulk.columns", { names: unknown_columns.join(", ") })}</p>`}
        <div class="row">
          ${state === "ready" && work > 0 ? html`<button type="button" class="button primary" ?disabled=${this.busy !== ""} @click=${() => void this.#apply(document, work)}>${t("bulk.apply")}</button>` : nothing}
          <button type="button" class="button" ?disabled=${this.busy !== ""} @click=${() => void this.#drop(document)}>${t("bulk.drop_file")}</button>
        </div>
      </section>
      ${state === "ready" || state === "applied" ? html`<ry-bulk-rows .document=${document}></ry-bulk-rows>` : nothing}`;
  }

  #hang = (event: DragEvent): void => {
    event.preventDefault();
    this.over = true;
  };

  #dropped = (event: DragEvent): void => {
    event.preventDefault();
    this.over = false;
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void this.#send(file);
  };

  #chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    if (file !== undefined) void this.#send(file);
  };

  async #send(file: File): Promise<void> {
    const fault = bulkFault(file);
    this.trouble = fault === null ? "" : t(`bulk.${fault}`);
    if (fault !== null || this.busy !== "") return;
    this.busy = "sending";
    try {
      const id = await sendBulk(file, this.#leaving.signal);
      goTo(this, { view: "bulk", id });
    } catch (error) {
      this.#failed(error);
    }
    this.busy = "";
  }

  async #poll(): Promise<void> {
    const id = this.bulkId;
    const { signal } = this.#leaving;
    if (id === null) return;
    try {
      const document = await readBulk(id, signal);
      if (signal.aborted || id !== this.bulkId) return;
      this.document = document;
      this.trouble = "";
      if (document.state === "reading") this.#timer = setTimeout(() => void this.#poll(), POLL_MS);
    } catch (error) {
      if (signal.aborted) return;
      this.#failed(error);
      if (isOffline(error)) this.#timer = setTimeout(() => void this.#poll(), POLL_MS * 4);
    }
  }

  async #apply(document: BulkDocument, count: number): Promise<void> {
    if (!(await ask(t("bulk.apply_sure", { count }), t("bulk.apply"), false))) return;
    const { signal } = this.#leaving;
    this.busy = "applying";
    this.trouble = "";
    try {
      this.document = await applyBulk(document.id, signal);
      say(this, t("bulk.applied"));
    } catch (error) {
      this.#failed(error);
    }
    this.busy = "";
    // The button that had the focus is gone, or was out of use meanwhile.
    if (!signal.aborted) await focusRow(this, null, "#file");
  }

  async #drop(document: BulkDocument): Promise<void> {
    if (document.state !== "applied") await deleteBulk(document.id, this.#leaving.signal).catch(() => {}); // it goes by itself after a while
    this.document = null;
    goTo(this, { view: "bulk", id: null });
  }

  #failed(error: unknown): void {
    if (this.#leaving.signal.aborted) return;
    if (isSignedOut(error)) signedOut(this);
    this.trouble = error instanceof ProblemError && error.kind === "bulk-stale" ? t("bulk.stale") : failureText(error);
  }

  static override styles = [sharedStyles, deskStyles, tabStyles, css`
    :host { max-width: 60rem; }
    .drop { display: grid; gap: 10px; justify-items: center; padding: 28px 16px; border: 2px dashed var(--edge); border-radius: var(--radius); text-align: center; }
    .drop.over { border-color: var(--brand); background: var(--brand-soft); }
    progress { width: 100%; height: 12px; accent-color: var(--brand); }
    #file { overflow-wrap: anywhere; }
  `];
}

customElements.define("ry-bulk-tab", BulkTab);
