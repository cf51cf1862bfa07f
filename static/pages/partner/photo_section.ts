/** The photo: chosen, checked, sent, shown, removed. Asks `prepare` for a saved location first. Event `came` (LocationDocument). */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { FieldProblem, LocationDocument } from "../../src/api/desk_types.js";
import { conflictOf, deletePhoto, putPhoto } from "../../src/api/partner_client.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { failureText } from "../../src/desk/failure.js";
import { problemList } from "../../src/desk/fields.js";
import { PHOTO_TYPES, photoFault } from "../../src/desk/photo_file.js";
import { say } from "../../src/desk/say.js";
import { Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

class PhotoSection extends LitElement {
  static override properties = { photo: { attribute: false }, exists: { attribute: false }, problems: { attribute: false }, prepare: { attribute: false }, busy: { state: true }, trouble: { state: true } };
  declare photo: string | null;
  /** The location is on the server. */
  declare exists: boolean;
  declare problems: readonly FieldProblem[];
  /** Saves what was typed; null: that did not work. */
  declare prepare: () => Promise<LocationDocument | null>;
  declare busy: boolean;
  declare trouble: string;
  readonly #leaving = new AbortController();

  constructor() {
    super();
    this.photo = null;
    this.exists = false;
    this.problems = [];
    this.busy = false;
    this.trouble = "";
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaving.abort();
  }

  override render(): TemplateResult {
    return html`<div class="photo" data-field="photo" tabindex="-1">
      ${this.photo === null ? nothing : html`<img src="/photos/${encodeURIComponent(this.photo)}" alt=${t("photo.alt")}>`}
      <p class="hint" id="hint">${t("photo.hint")}</p>
      ${this.exists ? nothing : html`<p class="hint">${t("photo.after_save")}</p>`}
      ${problemList(this.problems, "problems")}
      <p class="trouble" role="alert">${this.trouble}</p>
      <p class=${this.busy ? "soft" : "unseen"} role="status">${this.busy ? t("photo.sending") : ""}</p>
      <div class="row">
        <button type="button" class="button" ?disabled=${this.busy || !this.exists} aria-describedby="hint" @click=${() => this.renderRoot.querySelector("input")?.click()}>${t(this.photo === null ? "photo.choose" : "photo.change")}</button>
        ${this.photo === null ? nothing : html`<button type="button" class="link" ?disabled=${this.busy} @click=${this.#remove}>${t("desk.remove")}<span class="unseen"> ${t("photo.alt")}</span></button>`}
      </div>
      <input type="file" hidden accept=${PHOTO_TYPES.join(",")} aria-label=${t("photo.choose")} @change=${this.#chosen}>
    </div>`;
  }

  #chosen = async (event: Event): Promise<void> => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    if (file === undefined) return;
    const fault = photoFault(file);
    if (fault !== null) {
      this.trouble = t(`photo.${fault}`);
      return;
    }
    await this.#change((id, etag) => putPhoto(id, etag, file, this.#leaving.signal), "photo.done");
  };

  #remove = (): Promise<void> => this.#change((id, etag) => deletePhoto(id, etag, this.#leaving.signal), "photo.gone");

  async #change(act: (id: string, etag: string) => Promise<LocationDocument>, done: "photo.done" | "photo.gone"): Promise<void> {
    this.busy = true;
    this.trouble = "";
    try {
      const document = await this.prepare();
      if (document === null) return;
      this.dispatchEvent(new CustomEvent("came", { detail: await act(document.id, document.etag) }));
      say(this, t(done));
    } catch (error) {
      if (this.#leaving.signal.aborted) return;
      this.trouble = failureText(error);
      const now = conflictOf(error);
      if (now !== null) this.dispatchEvent(new CustomEvent("came", { detail: now }));
    } finally {
      this.busy = false;
    }
  }

  static override styles = [sharedStyles, deskStyles, css`
    .photo { display: grid; gap: 10px; grid-template-columns: minmax(0, 1fr); }
    img { width: 100%; max-height: 300px; object-fit: cover; border-radius: var(--radius-small); background: var(--sunken); }
    .trouble:empty { display: none; }
    .button[disabled] { cursor: not-allowed; }
  `];
}

customElements.define("ry-photo-section", PhotoSection);
