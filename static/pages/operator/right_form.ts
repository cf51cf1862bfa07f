import { css, html, nothing, type TemplateResult } from "lit";
import { createRight, uploadRights } from "../../src/api/operator_client.js";
import type { OfferMade } from "../../src/api/operator_types.js";
import { t } from "../../src/i18n/index.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { OperatorView } from "../../src/operator/operator_view.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

/** The one category that rights have so far. */
const CATEGORY = "large_family";

/** A new right with its invitation, or many rights from a list. Event `made` (OfferMade or null). */
export class RightForm extends OperatorView {
  override render(): TemplateResult {
    return html`
      <form class="card" @submit=${this.#make}>
        <h2>${t("op.right_new")}</h2>
        <p class="soft">${t(`op.right_category_${CATEGORY}`)}</p>
        <div class="field"><label for="until">${t("op.right_valid_until")}</label><input id="until" type="date" required></div>
        <p><button type="submit" class="button primary" ?disabled=${this.busy}>${t("op.right_make")}</button></p>
      </form>
      <form class="card" @submit=${(event: Event) => event.preventDefault()}>
        <h2>${t("op.rights_upload")}</h2>
        <div class="field"><label for="file" class="unseen">${t("op.rights_upload")}</label>
          <input id="file" type="file" accept=".csv,text/csv" aria-describedby="file-hint" ?disabled=${this.busy} @change=${this.#upload}>
          <p id="file-hint" class="soft small">${t("op.rights_upload_hint")}</p></div>
      </form>
      ${this.busy ? html`<p role="status">${t("op.wait")}</p>` : nothing}
      ${this.trouble === null ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}`;
  }

  #make = async (event: Event): Promise<void> => {
    event.preventDefault();
    const until = this.renderRoot.querySelector<HTMLInputElement>("#until")!.value;
    let offer: OfferMade | null = null;
    if (!await this.run(async (signal) => { offer = (await createRight(CATEGORY, until, signal)).offer ?? null; })) return;
    this.dispatchEvent(new CustomEvent("made", { detail: offer }));
  };

  #upload = async (event: Event): Promise<void> => {
    const field = event.target as HTMLInputElement;
    const file = field.files?.[0];
    if (file === undefined) return;
    let count = 0;
    const done = await this.run(async (signal) => { count = await uploadRights(file, signal); });
    field.value = "";
    if (!done) return;
    this.say(t("op.rights_uploaded", { count }));
    this.dispatchEvent(new CustomEvent("made", { detail: null }));
  };

  static override styles = [sharedStyles, operatorStyles, css`
    :host { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); }
    form { display: grid; gap: 10px; }
    h2 { font-size: 1.0625rem; }
  `];
}

customElements.define("ry-right-form", RightForm);
