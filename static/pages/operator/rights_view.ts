import { css, html, nothing, type TemplateResult } from "lit";
import { actOnRight, listRights, offerRight, type RightAct } from "../../src/api/operator_client.js";
import type { OfferMade, Right } from "../../src/api/operator_types.js";
import { dateText } from "../../src/i18n/hours_text.js";
import { t } from "../../src/i18n/index.js";
import "../../src/operator/ask_dialog.js";
import type { AskDialog } from "../../src/operator/ask_dialog.js";
import { listStyles } from "../../src/operator/list_styles.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { OperatorView } from "../../src/operator/operator_view.js";
import { agoText } from "../../src/operator/when_text.js";
import { wordOr } from "../../src/operator/word_or.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import "./right_form.js";

const STATES = ["applied", "confirmed", "suspended", "refused", "revoked", "ended"] as const;
/** What may be done from a state; `offer` is no act of the right, so it stands apart. */
const ACTS: Readonly<Record<string, readonly RightAct[]>> = { applied: ["confirm", "refuse"], confirmed: ["suspend", "revoke"], suspended: ["resume", "revoke"] };
const ASKS: readonly RightAct[] = ["refuse", "suspend", "revoke"];

/** «Статусы»: who waits for a confirmation of the credential, and what became of the others. */
class RightsView extends OperatorView {
  static override properties = { rows: { state: true }, only: { state: true }, offer: { state: true }, copied: { state: true } };
  declare rows: readonly Right[] | null;
  declare only: string;
  declare offer: OfferMade | null;
  declare copied: string;

  constructor() {
    super();
    this.rows = null;
    this.only = "applied";
    this.offer = null;
    this.copied = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  protected override again(): void {
    void this.#read();
  }

  override render(): TemplateResult {
    return html`<div class="halves">
      <section aria-label=${t("op.view_rights")}>
        <div class="field filter"><label for="only">${t("op.rights_state")}</label><select id="only" @change=${this.#picked}>
          ${STATES.map((state) => html`<option value=${state} ?selected=${this.only === state}>${t(`op.right_state_${state}`)}</option>`)}</select></div>
        ${this.trouble === null ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
        ${this.rows === null ? (this.trouble === null ? html`<p class="soft" role="status">${t("op.loading")}</p>` : nothing)
          : this.rows.length === 0 ? html`<p class="empty">${t("op.rights_none")}</p>` : nothing}
        <ul class="rows">${(this.rows ?? []).map((right) => this.#row(right))}</ul>
      </section>
      <ry-right-form @made=${(event: CustomEvent<OfferMade | null>) => void this.#made(event.detail)}></ry-right-form>
    </div>
    <dialog aria-labelledby="offer" @close=${() => { this.offer = null; }}>${this.#offer()}</dialog>
    <ry-ask-dialog></ry-ask-dialog>`;
  }

  #row(right: Right): TemplateResult {
    return html`<li><div class="row spread"><div><strong>${wordOr(`op.right_category_${right.category}`, right.category)}</strong> <span class="mono soft">${right.id.slice(0, 12)}</span>
        <p class="soft small">${[right.region === null ? "" : t("op.right_region", { code: right.region }), right.valid_until === null ? "" : t("op.right_until", { date: dateText(right.valid_until) }),
          t("op.right_changed", { when: agoText(right.updated_at) })].filter((text) => text !== "").join(" · ")}</p></div>
        ${right.known_outside ? html`<span class="tag good">${t("op.right_outside")}</span>` : nothing}</div>
      ${right.reason === null ? nothing : html`<p>${t("op.right_reason", { reason: right.reason })}</p>`}
      <div class="row">${(ACTS[right.state] ?? []).map((act) => html`<button type="button" class="button ${act === "confirm" || act === "resume" ? "primary" : act === "suspend" ? "" : "danger"}"
          ?disabled=${this.busy} @click=${() => void this.#act(right, act)}>${t(`op.right_${act}`)}</button>`)}
        ${right.state === "confirmed" ? html`<button type="button" class="button" ?disabled=${this.busy} @click=${() => void this.#invite(right)}>${t("op.right_offer")}</button>` : nothing}</div></li>`;
  }

  #offer(): TemplateResult | typeof nothing {
    if (this.offer === null) return nothing;
    const { wallet_url, tx_code } = this.offer;
    return html`<h2 id="offer" tabindex="-1">${t("op.offer_heading")}</h2>
      <p class="label">${t("op.offer_link")}</p><p class="mono link">${wallet_url}</p>
      <p class="label">${t("op.offer_digits")}</p><p class="digits">${tx_code}</p>
      <p class="soft">${t("op.offer_note")}</p>
      <p role="status">${this.copied}</p>
      <div class="row"><button type="button" class="button primary" @click=${() => void this.#copy(wallet_url)}>${t("op.offer_copy")}</button>
        <button type="button" class="button" @click=${() => this.renderRoot.querySelector("dialog")?.close()}>${t("op.close")}</button></div>`;
  }

  #picked = (event: Event): void => {
    this.only = (event.target as HTMLSelectElement).value;
    this.rows = null;
    void this.#read();
  };

  async #read(): Promise<void> {
    const { only } = this;
    await this.run(async (signal) => {
      const rows = await listRights(only, signal);
      if (only === this.only) this.rows = rows;
    });
  }

  async #act(right: Right, act: RightAct): Promise<void> {
    const name = t(`op.right_${act}`);
    const asked = act === "refuse" ? "op.right_ask_refuse" : act === "suspend" ? "op.right_ask_suspend" : "op.right_ask_revoke";
    const reason = ASKS.includes(act) ? await this.renderRoot.querySelector<AskDialog>("ry-ask-dialog")!.ask({ title: t(asked), act: name, words: "needed" }) : null;
    if (ASKS.includes(act) && reason === null) return;
    if (!await this.run(async (signal) => { await actOnRight(right.id, act, reason, signal); })) return;
    this.say(t("op.right_done", { act: name }));
    await this.#read();
    this.renderRoot.querySelector<HTMLElement>("#only")?.focus();
  }

  async #invite(right: Right): Promise<void> {
    let offer: OfferMade | null = null;
    if (await this.run(async (signal) => { offer = await offerRight(right.id, signal); })) await this.#made(offer);
  }

  async #made(offer: OfferMade | null): Promise<void> {
    void this.#read();
    this.copied = "";
    this.offer = offer;
    if (offer === null) return;
    await this.updateComplete;
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  async #copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.copied = t("op.copied");
    } catch {
      this.copied = t("op.copy_failed");
    }
  }

  static override styles = [sharedStyles, operatorStyles, listStyles, css`
    .filter { max-width: 320px; margin-bottom: 12px; }
    .halves { display: grid; gap: 24px; align-items: start; grid-template-columns: minmax(0, 1fr); }
    .label { margin-top: 12px; font-weight: 600; font-size: 0.875rem; }
    .link { user-select: all; overflow-wrap: anywhere; }
    .digits { font: 700 2rem/1.3 var(--mono); letter-spacing: 0.12em; user-select: all; }
    @media (min-width: 900px) { .halves { grid-template-columns: minmax(0, 1fr) 340px; } }
  `];
}

customElements.define("ry-rights-view", RightsView);
