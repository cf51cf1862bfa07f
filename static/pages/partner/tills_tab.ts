/** The tills of a location: connect one by a code, rename, disconnect. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { createTerminal, listTerminals, renameTerminal, revokeTerminal, type PairingCode } from "../../src/api/cabinet_client.js";
import type { DeskTerminal, LocationRow } from "../../src/api/desk_types.js";
import { listAllLocations } from "../../src/api/partner_client.js";
import { ask } from "../../src/desk/ask_dialog.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { choice, field } from "../../src/desk/fields.js";
import { Loader } from "../../src/desk/loader.js";
import { goTo, say } from "../../src/desk/say.js";
import { tabStyles } from "../../src/desk/tab_styles.js";
import { rowName } from "../../src/desk/value_text.js";
import { dateText } from "../../src/i18n/hours_text.js";
import { Localized, t } from "../../src/i18n/index.js";
import { focusRow, nextAfter } from "../../src/ui/row_focus.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

class TillsTab extends LitElement {
  static override properties = { locationId: { attribute: false }, name: { state: true }, code: { state: true }, renaming: { state: true }, newName: { state: true } };
  declare locationId: string | null;
  declare name: string;
  declare code: PairingCode | null;
  /** The till whose name is being changed. */
  declare renaming: string | null;
  declare newName: string;
  readonly #locations = new Loader<readonly LocationRow[]>(this, listAllLocations);
  readonly #tills = new Loader<readonly DeskTerminal[]>(this, (signal) => (this.#location === null ? Promise.resolve([]) : listTerminals(this.#location, signal)));

  constructor() {
    super();
    this.locationId = null;
    this.name = "";
    this.code = null;
    this.renaming = null;
    this.newName = "";
    new Localized(this);
  }

  get #location(): string | null {
    return this.locationId ?? this.#locations.value?.[0]?.id ?? null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#locations.load().then(() => this.#tills.load());
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("locationId") || changed.get("locationId") === undefined) return;
    this.code = null;
    void this.#tills.load();
  }

  override render(): TemplateResult {
    const locations = this.#locations.value;
    const address = `${location.host}/scan`;
    return html`<h1 tabindex="-1">${t("till.heading")}</h1>
      <p>${t("till.lead", { address })}</p>
      <p class="trouble" role="alert">${this.#locations.trouble || this.#tills.trouble}</p>
      ${locations === null ? html`<p role="status">${t("desk.wait")}</p>` : locations.length === 0 ? html`<p class="panel">${t("till.no_locations")}</p>` : html`
        ${choice({
          name: "location", label: t("till.location"), value: this.#location ?? "", options: locations.map((row) => [row.id, rowName(row)]),
          pick: (id) => goTo(this, { view: "tills", id }, true),
        })}
        ${this.code === null ? nothing : this.#paired(this.code, address)}
        <section class="panel" aria-labelledby="new"><h2 id="new">${t("till.pair")}</h2>
          <form novalidate @submit=${this.#pair}>
            ${field({ name: "till", label: t("till.name"), value: this.name, hint: t("till.name_hint"), maxlength: 60, input: (name) => { this.name = name; } })}
            <button class="button primary" ?disabled=${this.#tills.busy}>${t("till.pair")}</button>
          </form></section>
        <h2 id="list" tabindex="-1">${t("till.list")}</h2>
        ${this.#tills.value?.length === 0 ? html`<p class="soft">${t("till.none")}</p>` : nothing}
        <ul class="items">${(this.#tills.value ?? []).map((till) => this.#till(till))}</ul>`}`;
  }

  #paired({ code, expires_in_s }: PairingCode, address: string): TemplateResult {
    return html`<section class="panel code" aria-labelledby="code-heading"><h2 id="code-heading" tabindex="-1">${t("till.code_heading")}</h2>
      <p class="big">${code}</p><p>${t("till.code_lead", { address })}</p>
      <p class="soft">${t("till.code_time", { count: Math.round(expires_in_s / 3600) })}</p>
      <button type="button" class="button" @click=${() => void this.#closeCode()}>${t("desk.close")}</button></section>`;
  }

  #till({ id, name, number, paired_at, last_seen_at }: DeskTerminal): TemplateResult {
    return html`<li data-id=${id} tabindex="-1"><h3>${name} <small class="soft">${t("till.number", { number })}</small></h3>
      <p class="soft">${t("till.paired", { date: dateText(paired_at) })}, ${last_seen_at === null ? t("till.seen_never") : t("till.seen", { date: dateText(last_seen_at) })}</p>
      ${this.renaming === id ? html`<form novalidate @submit=${(event: Event) => void this.#rename(event, id)}>
        ${field({ name: "new-name", label: t("till.new_name"), value: this.newName, maxlength: 60, input: (text) => { this.newName = text; } })}
        <div class="row"><button class="button primary">${t("desk.save")}</button><button type="button" class="button" @click=${() => void this.#stopRename(id)}>${t("desk.cancel")}</button></div></form>`
      : html`<div class="row"><button type="button" class="link" @click=${() => void this.#startRename(id, name)}>${t("till.rename")}<span class="unseen"> ${name}</span></button>
        <button type="button" class="link" @click=${() => void this.#revoke(id, name)}>${t("till.revoke")}<span class="unseen"> ${name}</span></button></div>`}</li>`;
  }

  #pair = async (event: Event): Promise<void> => {
    event.preventDefault();
    const where = this.#location;
    if (this.name.trim() === "" || where === null) return this.#focus('[data-field="till"]');
    await this.#tills.act(async (signal) => {
      this.code = await createTerminal(where, this.name.trim(), signal);
      this.name = "";
    });
    await this.updateComplete;
    this.#focus("#code-heading");
  };

  async #startRename(id: string, name: string): Promise<void> {
    this.renaming = id;
    this.newName = name;
    await this.updateComplete;
    this.#focus('[data-field="new-name"]');
  }

  async #rename(event: Event, id: string): Promise<void> {
    event.preventDefault();
    const name = this.newName.trim();
    if (name === "") return this.#focus('[data-field="new-name"]');
    if (!(await this.#tills.act((signal) => renameTerminal(id, name, signal)))) return;
    say(this, t("till.renamed", { name }));
    await this.#stopRename(id);
  }

  async #stopRename(id: string): Promise<void> {
    this.renaming = null;
    await focusRow(this, id, "#list");
  }

  async #closeCode(): Promise<void> {
    this.code = null;
    void this.#tills.load();
    await focusRow(this, null, "#list");
  }

  async #revoke(id: string, name: string): Promise<void> {
    if (!(await ask(t("till.revoke_sure", { name }), t("till.revoke")))) return;
    const next = nextAfter(this.#tills.value ?? [], id);
    if (!(await this.#tills.act((signal) => revokeTerminal(id, signal)))) return;
    say(this, t("till.revoked", { name }));
    await focusRow(this, next, "#list");
  }

  #focus(selector: string): void {
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }

  static override styles = [sharedStyles, deskStyles, tabStyles, css`
    .code { text-align: center; border: 2px solid var(--brand); justify-items: center; }
    .big { font: 750 clamp(2.25rem, 11vw, 3.5rem)/1.2 var(--mono); letter-spacing: 0.04em; user-select: all; }
    h3 small { font-weight: 500; }
  `];
}

customElements.define("ry-tills-tab", TillsTab);
