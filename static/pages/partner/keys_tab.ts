/** Keys for the partner's own programs: made with what they may do, shown once, revoked. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { createKey, listKeys, revokeKey } from "../../src/api/cabinet_client.js";
import { SCOPES, type ApiKey, type LocationRow, type Scope } from "../../src/api/desk_types.js";
import { listAllLocations } from "../../src/api/partner_client.js";
import { ask } from "../../src/desk/ask_dialog.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { choice, field, tick } from "../../src/desk/fields.js";
import { Loader } from "../../src/desk/loader.js";
import { say } from "../../src/desk/say.js";
import { tabStyles } from "../../src/desk/tab_styles.js";
import { rowName } from "../../src/desk/value_text.js";
import { dateText } from "../../src/i18n/hours_text.js";
import { Localized, t } from "../../src/i18n/index.js";
import { focusRow, nextAfter } from "../../src/ui/row_focus.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

class KeysTab extends LitElement {
  static override properties = { name: { state: true }, scopes: { state: true }, where: { state: true }, made: { state: true }, fault: { state: true } };
  declare name: string;
  declare scopes: readonly Scope[];
  /** The location that a key for checks belongs to. */
  declare where: string | null;
  /** The key that was just made: kept nowhere else. */
  declare made: string | null;
  declare fault: string;
  readonly #keys = new Loader<readonly ApiKey[]>(this, listKeys);
  readonly #locations = new Loader<readonly LocationRow[]>(this, listAllLocations);

  constructor() {
    super();
    this.name = "";
    this.scopes = ["locations:read"];
    this.where = null;
    this.made = null;
    this.fault = "";
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#keys.load();
    void this.#locations.load();
  }

  override render(): TemplateResult {
    const { value, trouble, busy } = this.#keys;
    const [before = "", after = ""] = t("key.lead", { docs: "\u0000" }).split("\u0000");
    return html`<h1 tabindex="-1">${t("key.heading")}</h1>
      <p>${before}<a href="/docs">${t("key.docs")}</a>${after}</p>
      <p class="trouble" role="alert">${trouble || this.#locations.trouble}</p>
      ${this.made === null ? nothing : html`<section class="panel made" aria-labelledby="made"><h2 id="made" tabindex="-1">${t("key.shown_once")}</h2>
        <code>${this.made}</code>
        <div class="row"><button type="button" class="button primary" @click=${this.#copy}>${t("key.copy")}</button>
          <button type="button" class="button" @click=${() => { this.made = null; void focusRow(this, null, "#list"); }}>${t("key.done")}</button></div></section>`}
      <section class="panel" aria-labelledby="new"><h2 id="new">${t("key.make")}</h2>
        <form novalidate @submit=${this.#make}>
          ${field({ name: "key", label: t("key.name"), value: this.name, hint: t("key.name_hint"), maxlength: 60, input: (name) => { this.name = name; } })}
          <fieldset><legend>${t("key.scopes")}</legend>${SCOPES.map((scope) => html`<div>${tick(t(`key.scope_${scope}`), this.scopes.includes(scope), (on) => {
            this.scopes = SCOPES.filter((each) => (each === scope ? on : this.scopes.includes(each)));
          })}</div>`)}</fieldset>
          ${!this.scopes.includes("checks:verify") ? nothing : choice({
            name: "where", label: t("key.location"), value: this.where ?? "", options: [["", t("place.category_none")], ...(this.#locations.value ?? []).map((row) => [row.id, rowName(row)] as const)],
            pick: (id) => { this.where = id === "" ? null : id; },
          })}
          <p class="trouble" role="alert">${this.fault}</p>
          <button class="button" ?disabled=${busy}>${t("key.make")}</button>
        </form></section>
      <h2 id="list" tabindex="-1">${t("key.list")}</h2>
      ${value === null ? html`<p role="status">${trouble === "" ? t("desk.wait") : ""}</p>` : value.length === 0 ? html`<p class="soft">${t("key.none")}</p>` : nothing}
      <ul class="items">${(value ?? []).map((key) => this.#key(key))}</ul>`;
  }

  #key({ id, name, scopes, created_at, last_used_at }: ApiKey): TemplateResult {
    return html`<li data-id=${id} tabindex="-1"><h3>${name}</h3><p>${scopes.map((scope) => t(`key.scope_${scope}`)).join(", ")}</p>
      <p class="soft">${t("key.created", { date: dateText(created_at) })}, ${last_used_at === null ? t("key.used_never") : t("key.used", { date: dateText(last_used_at) })}</p>
      <div class="row"><button type="button" class="link" @click=${() => void this.#revoke(id, name)}>${t("key.revoke")}<span class="unseen"> ${name}</span></button></div></li>`;
  }

  #make = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.fault = this.scopes.length === 0 ? t("key.no_scope") : "";
    if (this.name.trim() === "") return this.renderRoot.querySelector<HTMLElement>('[data-field="key"]')?.focus();
    if (this.fault !== "") return;
    const where = this.scopes.includes("checks:verify") ? this.where : null;
    const done = await this.#keys.act(async (signal) => {
      this.made = await createKey(this.name.trim(), this.scopes, where, signal);
      this.name = "";
    });
    if (!done) return;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#made")?.focus();
  };

  #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.made ?? "");
      say(this, t("key.copied"));
    } catch {
      say(this, t("key.copy_failed"));
    }
  };

  async #revoke(id: string, name: string): Promise<void> {
    if (!(await ask(t("key.revoke_sure", { name }), t("key.revoke")))) return;
    const next = nextAfter(this.#keys.value ?? [], id);
    if (!(await this.#keys.act((signal) => revokeKey(id, signal)))) return;
    say(this, t("key.revoked", { name }));
    await focusRow(this, next, "#list");
  }

  static override styles = [sharedStyles, deskStyles, tabStyles, css`
    .made { border: 2px solid var(--brand); }
    code { padding: 12px; border-radius: 8px; background: var(--sunken); font: 600 1rem/1.5 var(--mono); overflow-wrap: anywhere; user-select: all; }
  `];
}

customElements.define("ry-keys-tab", KeysTab);
