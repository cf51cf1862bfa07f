import { css, html, nothing, type TemplateResult } from "lit";
import { listPartners } from "../../src/api/operator_client.js";
import type { PartnerRow } from "../../src/api/operator_types.js";
import { filledPage } from "../../src/api/pages.js";
import { language, t } from "../../src/i18n/index.js";
import { listStyles } from "../../src/operator/list_styles.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { OperatorView } from "../../src/operator/operator_view.js";
import { wordOr } from "../../src/operator/word_or.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

const PAUSE_MS = 300;

/** «Партнёры»: who they are, who may act for them, how many places they have. */
class PartnersView extends OperatorView {
  static override properties = { rows: { state: true }, next: { state: true } };
  declare rows: readonly PartnerRow[] | null;
  declare next: string | null;
  #q = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

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
      <form role="search" @submit=${(event: Event) => { event.preventDefault(); void this.#read(null); }}><div class="field">
        <label for="q">${t("op.partners_search")}</label><input id="q" type="search" autocomplete="off" @input=${this.#typed}></div></form>
      ${this.trouble === null ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
      <p class="soft status" role="status">${this.rows === null && this.trouble === null ? t("op.loading") : this.rows?.length === 0 ? t("op.partners_none") : ""}</p>
      <ul class="rows">${(this.rows ?? []).map((row) => this.#row(row))}</ul>
      ${this.next === null ? nothing : html`<p class="more"><button type="button" class="button" @click=${() => void this.#read(this.next)}>${t("op.more")}</button></p>`}`;
  }

  #row({ id, profile, state, locations, managers }: PartnerRow): TemplateResult {
    const ru = language() === "ru" ? nothing : "ru";
    const facts = (["legal_name", "inn", "ogrn", "kpp", "contact_person", "contact_phone", "contact_email"] as const).filter((field) => profile[field]);
    return html`<li><div class="row spread"><h2 lang=${ru}>${profile.name}</h2>
        <p class="row"><span class="tag ${state === "published" ? "good" : "warn"}">${wordOr(`op.partner_state_${state}`, state)}</span>
          <span class="tag">${t("op.partner_places", { count: locations })}</span></p></div>
      <div class="halves">
        <dl class="facts">${facts.map((field) => html`<dt>${t(`op.field_${field}`)}</dt><dd lang=${ru}>${profile[field]}</dd>`)}</dl>
        <div><h3>${t("op.managers")}</h3>${managers.length === 0 ? html`<p class="soft">${t("op.managers_none")}</p>`
          : html`<ul>${managers.map(({ email }) => html`<li>${email}</li>`)}</ul>`}
          <p><a href="/operator?view=accounts&id=${encodeURIComponent(id)}" @click=${this.follow}>${t("op.invite_manager")}</a></p></div>
      </div></li>`;
  }

  #typed = (event: Event): void => {
    this.#q = (event.target as HTMLInputElement).value;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(null), PAUSE_MS);
  };

  async #read(cursor: string | null): Promise<void> {
    const q = this.#q.trim();
    await this.run(async (signal) => {
      const page = await filledPage((at) => listPartners(q, at, signal), cursor, ({ rows }) => rows);
      if (q !== this.#q.trim()) return;
      this.rows = cursor === null ? page.rows : [...(this.rows ?? []), ...page.rows];
      this.next = page.next;
    });
  }

  static override styles = [sharedStyles, operatorStyles, listStyles, css`
    h2 { font-size: 1.0625rem; }
    h3 { font-size: 0.9375rem; }
    .status { margin: 10px 0; }
    .halves { display: grid; gap: 12px 32px; grid-template-columns: minmax(0, 1fr); }
    .halves a { display: inline-flex; align-items: center; min-height: 36px; }
    @media (min-width: 800px) { .halves { grid-template-columns: 3fr 2fr; } }
  `];
}

customElements.define("ry-partners-view", PartnersView);
