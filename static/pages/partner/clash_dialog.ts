/**
 * Two people changed one location: both versions field by field, mine or theirs for each or for all. Event `choose`
 * (field to "mine" or "theirs"), `later`.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Content, ContentField } from "../../src/api/desk_types.js";
import type { Category } from "../../src/api/types.js";
import { clashes, type Clash } from "../../src/desk/content.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { fieldName, valueText } from "../../src/desk/value_text.js";
import { Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

type Side = "mine" | "theirs";

class ClashDialog extends LitElement {
  static override properties = { base: { attribute: false }, mine: { attribute: false }, theirs: { attribute: false }, categories: { attribute: false }, takes: { state: true } };
  declare base: Content;
  declare mine: Content;
  declare theirs: Content;
  declare categories: readonly Category[];
  declare takes: Readonly<Partial<Record<ContentField, Side>>>;

  constructor() {
    super();
    this.base = {};
    this.mine = {};
    this.theirs = {};
    this.categories = [];
    this.takes = {};
    new Localized(this);
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")!.showModal();
    this.renderRoot.querySelector("h2")!.focus();
  }

  override render(): TemplateResult {
    const found = clashes(this.base, this.mine, this.theirs);
    return html`<dialog aria-labelledby="heading" aria-describedby="lead" @close=${this.#later}>
      <h2 id="heading" tabindex="-1">${t("clash.heading")}</h2>
      <p id="lead">${t("clash.lead")}</p>
      <div class="row">
        <button type="button" class="button" @click=${() => this.#all(found, "mine")}>${t("clash.all_mine")}</button>
        <button type="button" class="button" @click=${() => this.#all(found, "theirs")}>${t("clash.all_theirs")}</button>
      </div>
      <div class="fields">${found.map((clash) => this.#field(clash))}</div>
      <div class="row">
        <button type="button" class="button primary" @click=${() => this.#choose(found)}>${t("clash.save")}</button>
        <button type="button" class="link" @click=${this.#later}>${t("clash.later")}</button>
      </div>
    </dialog>`;
  }

  #field(clash: Clash): TemplateResult {
    const { field, both } = clash;
    const taken = this.takes[field] ?? clash.take;
    return html`<fieldset>
      <legend>${fieldName(field)}${both ? html` <small>${t("clash.both")}</small>` : nothing}</legend>
      <div class="sides">${(["mine", "theirs"] as const).map((side) => html`<label class="side"><input type="radio" name=${field} .checked=${taken === side}
        @change=${() => { this.takes = { ...this.takes, [field]: side }; }}><span><b>${t(`clash.${side}`)}</b>${valueText(field, clash[side], this.categories)}</span></label>`)}</div>
    </fieldset>`;
  }

  #all(found: readonly Clash[], side: Side): void {
    this.takes = Object.fromEntries(found.map(({ field }) => [field, side]));
  }

  #choose(found: readonly Clash[]): void {
    const detail = Object.fromEntries(found.map(({ field, take }) => [field, this.takes[field] ?? take]));
    this.dispatchEvent(new CustomEvent("choose", { detail }));
  }

  #later = (): void => {
    this.dispatchEvent(new CustomEvent("later"));
  };

  static override styles = [sharedStyles, deskStyles, css`
    .fields { display: grid; gap: 14px; margin: 14px 0; grid-template-columns: minmax(0, 1fr); }
    legend small { font-weight: 500; color: var(--benefit); }
    .sides { display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); margin-top: 6px; }
    .side { position: relative; overflow-wrap: anywhere; }
    .side input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
    .side span { display: block; height: 100%; min-height: var(--touch); padding: 8px 12px; border: 1px solid var(--edge); border-radius: var(--radius-small); }
    .side b { display: block; font-size: 0.8125rem; color: var(--ink-soft); }
    .side input:checked + span { border-color: var(--brand); background: var(--brand-soft); box-shadow: inset 0 0 0 1px var(--brand); }
    .side input:focus-visible + span { outline: 3px solid var(--focus); outline-offset: 2px; }
  `];
}

customElements.define("ry-clash-dialog", ClashDialog);
