/** The partner's locations: what each is up to, found by name, and one button to add another. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { LocationRow, LocationState } from "../../src/api/desk_types.js";
import { filledPage } from "../../src/api/pages.js";
import { listLocations } from "../../src/api/partner_client.js";
import { writeAddress } from "../../src/desk/cabinet_address.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import type { DraftKeep, KeptDraft } from "../../src/desk/draft_keep.js";
import { failureText, isSignedOut } from "../../src/desk/failure.js";
import { goTo, signedOut } from "../../src/desk/say.js";
import { Localized, t } from "../../src/i18n/index.js";
import { icons } from "../../src/ui/icons.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

const QUIET_MS = 300;
const STATES: readonly LocationState[] = ["draft", "pending", "rejected", "published", "suspended"];

class LocationList extends LitElement {
  static override properties = {
    account: { attribute: false }, keep: { attribute: false }, rows: { state: true }, next: { state: true },
    busy: { state: true }, trouble: { state: true }, kept: { state: true }, q: { state: true }, state: { state: true },
  };
  declare account: string;
  declare keep: DraftKeep;
  declare rows: readonly LocationRow[] | null;
  declare next: string | null;
  declare busy: boolean;
  declare trouble: string;
  /** Unsaved work on this device. */
  declare kept: readonly KeptDraft[];
  declare q: string;
  declare state: string;
  #request = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.rows = null;
    this.next = null;
    this.busy = false;
    this.trouble = "";
    this.kept = [];
    this.q = "";
    this.state = "";
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load(null);
    void this.keep.list(this.account).then((kept) => { this.kept = kept; });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#request.abort();
  }

  override render(): TemplateResult {
    const rows = this.rows ?? [];
    const isEmpty = this.rows !== null && rows.length === 0 && this.q === "" && this.state === "";
    return html`
      <div class="head"><h1 tabindex="-1">${t("list.heading_desk")}</h1>
        <a class="button primary" href=${writeAddress({ view: "locations", id: "new" })} @click=${this.#open}>${icons.plus()}${t("list.add")}</a></div>
      ${this.kept.map((draft) => html`<p class="notice kept">${t("list.kept", { name: draft.content.name || t("list.unnamed") })}
        <a href=${writeAddress({ view: "locations", id: draft.id ?? "new" })} @click=${this.#open}>${t("list.continue")}</a></p>`)}
      ${isEmpty ? html`<p class="panel none">${t("list.none_yet")}</p>` : html`<form class="tools" role="search" @submit=${(event: Event) => event.preventDefault()}>
        <div class="field"><label for="q">${t("list.search")}</label><input id="q" type="search" autocomplete="off" .value=${this.q} @input=${this.#typed}></div>
        <div class="field"><label for="state">${t("list.filter")}</label><select id="state" @change=${this.#filtered}>
          <option value="">${t("list.all")}</option>${STATES.map((state) => html`<option value=${state}>${t(`state.${state}`)}</option>`)}</select></div>
      </form>`}
      <p class="trouble" role="alert">${this.trouble}</p>
      <p class=${rows.length > 1 ? "soft" : "unseen"} role="status">${this.rows === null ? t("desk.wait") : isEmpty ? "" : rows.length === 0 ? "" : this.next === null ? t("list.total", { count: rows.length }) : ""}</p>
      ${this.rows !== null && rows.length === 0 && !isEmpty ? html`<p class="panel none">${t("list.none_found")}</p>` : nothing}
      <ul class="rows">${rows.map((row) => this.#row(row))}</ul>
      ${this.next === null ? nothing : html`<button type="button" class="button" ?disabled=${this.busy} @click=${() => void this.#load(this.next)}>${t("desk.more")}</button>`}`;
  }

  #row(row: LocationRow): TemplateResult {
    return html`<li><a href=${writeAddress({ view: "locations", id: row.id })} data-id=${row.id} @click=${this.#open}>
      <span class="name">${row.name || t("list.unnamed")}</span>
      <span class="badges"><span class="badge ${row.state}">${t(`state.${row.state}`)}</span>${row.waiting && row.state !== "pending" ? html`<span class="badge pending">${t("state.waiting")}</span>` : nothing}</span>
      <span class="address">${row.address ?? ""}</span>
      ${row.reason && (row.state === "rejected" || row.reason !== "") ? html`<span class="reason">${row.reason}</span>` : nothing}
    </a></li>`;
  }

  #open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const id = new URL((event.currentTarget as HTMLAnchorElement).href).searchParams.get("id");
    goTo(this, { view: "locations", id });
  };

  #typed = (event: Event): void => {
    this.q = (event.target as HTMLInputElement).value;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(null), QUIET_MS);
  };

  #filtered = (event: Event): void => {
    this.state = (event.target as HTMLSelectElement).value;
    void this.#load(null);
  };

  async #load(cursor: string | null): Promise<void> {
    this.#request.abort();
    const request = (this.#request = new AbortController());
    this.busy = true;
    try {
      const asked = { q: this.q.trim(), state: this.state };
      const { locations, next } = await filledPage((at) => listLocations({ ...asked, cursor: at }, request.signal), cursor, (page) => page.locations);
      this.rows = cursor === null ? locations : [...(this.rows ?? []), ...locations];
      this.next = next;
      this.trouble = "";
    } catch (error) {
      if (request.signal.aborted) return;
      if (isSignedOut(error)) signedOut(this);
      this.trouble = failureText(error);
    }
    this.busy = false;
  }

  static override styles = [sharedStyles, deskStyles, css`
    .head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 10px; margin-bottom: 12px; }
    .kept { margin-bottom: 10px; }
    .kept a { color: inherit; font-weight: 650; margin-left: 6px; }
    .none { padding: 24px 16px; color: var(--ink-soft); }
    .tools { display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); align-items: end; margin-bottom: 10px; }
    .tools label { font-size: 0.875rem; font-weight: 500; color: var(--ink-soft); }
    .trouble:empty { display: none; }
    .rows { display: grid; gap: 8px; margin: 8px 0 14px; grid-template-columns: minmax(0, 1fr); }
    .rows a { display: grid; gap: 2px 12px; padding: 12px 14px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: var(--ink); text-decoration: none; grid-template-columns: minmax(0, 1fr); }
    .rows a:hover { border-color: var(--brand); }
    .name { font-weight: 650; overflow-wrap: anywhere; }
    .badges { display: flex; flex-wrap: wrap; gap: 6px; }
    .address { color: var(--ink-soft); font-size: 0.9375rem; }
    .reason { padding: 6px 10px; border-radius: 8px; background: var(--benefit-soft); color: var(--benefit); font-size: 0.9375rem; }
    @media (min-width: 620px) {
      .tools { grid-template-columns: minmax(0, 1fr) auto; }
      .rows a { grid-template-columns: minmax(0, 1fr) auto; align-items: center; }
      .badges { grid-column: 2; grid-row: 1; }
      .address, .reason { grid-column: 1 / -1; }
    }
  `];
}

customElements.define("ry-location-list", LocationList);
