import { css, html, nothing, type TemplateResult } from "lit";
import { listLocations } from "../../src/api/operator_client.js";
import type { LocationRow } from "../../src/api/operator_types.js";
import { filledPage } from "../../src/api/pages.js";
import type { Category } from "../../src/api/types.js";
import { language, t } from "../../src/i18n/index.js";
import { listStyles } from "../../src/operator/list_styles.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { OperatorView } from "../../src/operator/operator_view.js";
import { agoText } from "../../src/operator/when_text.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import "./place_detail.js";

const STATES = ["published", "pending", "rejected", "draft", "suspended", "archived"] as const;
const PAUSE_MS = 300;

/** «Места»: every location of every partner, found by word and state; one of them with its history. */
class PlacesView extends OperatorView {
  static override properties = {
    chosen: {}, known: { attribute: false }, rows: { state: true }, next: { state: true }, q: { state: true }, only: { state: true },
  };
  declare chosen: string | null;
  declare known: readonly Category[];
  declare rows: readonly LocationRow[] | null;
  declare next: string | null;
  declare q: string;
  declare only: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;

  constructor() {
    super();
    this.chosen = null;
    this.known = [];
    this.rows = null;
    this.next = null;
    this.q = "";
    this.only = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read(null);
  }

  protected override again(): void {
    void this.#read(null);
  }

  override render(): TemplateResult {
    if (this.chosen !== null) {
      return html`<p><a href="/operator?view=places" @click=${this.follow}>← ${t("op.places_back")}</a></p>
        <ry-place-detail .of=${this.chosen} .known=${this.known} @changed=${() => void this.#read(null)}></ry-place-detail>`;
    }
    return html`
      <form class="filters" role="search" @submit=${(event: Event) => { event.preventDefault(); void this.#read(null); }}>
        <div class="field wide"><label for="q">${t("op.places_search")}</label><input id="q" type="search" autocomplete="off" .value=${this.q} @input=${this.#typed}></div>
        <div class="field"><label for="only">${t("op.places_state")}</label><select id="only" @change=${this.#picked}>
          <option value="" ?selected=${this.only === ""}>${t("op.places_any")}</option>
          ${STATES.map((state) => html`<option value=${state} ?selected=${this.only === state}>${t(`op.state_${state}`)}</option>`)}</select></div>
      </form>
      ${this.trouble === null ? nothing : html`<div class="trouble" role="alert"><p>${this.trouble}</p><button type="button" class="button" @click=${() => void this.#read(null)}>${t("op.retry")}</button></div>`}
      <p class="found soft" role="status">${this.rows === null ? (this.trouble === null ? t("op.loading") : "") : this.next === null ? t("op.places_found", { count: this.rows.length }) : ""}</p>
      ${this.rows?.length === 0 ? html`<p class="empty">${t("op.places_none")}</p>` : nothing}
      <ul class="rows">${(this.rows ?? []).map((row) => this.#row(row))}</ul>
      ${this.next === null ? nothing : html`<p class="more"><button type="button" class="button" ?disabled=${this.busy} @click=${() => void this.#read(this.next)}>${t("op.more")}</button></p>`}`;
  }

  #row({ id, name, address, state, waiting, updated_at, partner }: LocationRow): TemplateResult {
    const ru = language() === "ru" ? nothing : "ru";
    return html`<li><div class="row spread">
      <div><a class="name" lang=${ru} href="/operator?view=places&id=${encodeURIComponent(id)}" @click=${this.follow}>${name || t("op.absent")}</a>
        <p class="soft small" lang=${ru}>${[address, partner?.name].filter(Boolean).join(" · ")}</p></div>
      <p class="row"><span class="tag ${state === "published" ? "good" : ""}">${t(`op.state_${state}`)}</span>
        ${waiting && state !== "pending" ? html`<span class="tag warn">${t("op.waiting")}</span>` : nothing}<span class="soft small">${agoText(updated_at)}</span></p></div></li>`;
  }

  #typed = (event: Event): void => {
    this.q = (event.target as HTMLInputElement).value;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(null), PAUSE_MS);
  };

  #picked = (event: Event): void => {
    this.only = (event.target as HTMLSelectElement).value;
    void this.#read(null);
  };

  async #read(cursor: string | null): Promise<void> {
    clearTimeout(this.#timer);
    const round = (this.#round += 1);
    await this.run(async (signal) => {
      const asked = { q: this.q.trim(), state: this.only };
      const page = await filledPage((at) => listLocations({ ...asked, cursor: at }, signal), cursor, ({ rows }) => rows);
      if (round !== this.#round) return; // another question has been asked since
      this.rows = cursor === null ? page.rows : [...(this.rows ?? []), ...page.rows];
      this.next = page.next;
    });
  }

  static override styles = [sharedStyles, operatorStyles, listStyles, css`
    .filters { grid-template-columns: minmax(0, 1fr); }
    .found { margin: 12px 0 8px; }
    p > a { display: inline-flex; align-items: center; min-height: 44px; }
    @media (min-width: 640px) { .filters { grid-template-columns: minmax(0, 1fr) 220px; } }
  `];
}

customElements.define("ry-places-view", PlacesView);
