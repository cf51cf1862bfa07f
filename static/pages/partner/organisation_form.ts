/**
 * The organisation: numbers checked while typing, first by our own arithmetic, then by the server whose words win.
 * Attribute `first`: it is the beginning of the cabinet. Event `saved` (PartnerDocument).
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { FieldProblem, PartnerDocument, Profile } from "../../src/api/desk_types.js";
import { check, readPartner, writePartner } from "../../src/api/partner_client.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { faultsOf, failureText, isSignedOut } from "../../src/desk/failure.js";
import { isFault, problemsOf, rootOf, serverWins } from "../../src/desk/field_problems.js";
import { field } from "../../src/desk/fields.js";
import { say, signedOut } from "../../src/desk/say.js";
import { bare, taxFaults, type TaxFault } from "../../src/desk/tax_number.js";
import { ProblemError } from "../../src/api/request.js";
import { language, Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

const QUIET_MS = 500;
const ORDER = ["inn", "ogrn", "kpp", "legal_name", "name", "contact_person", "contact_email", "contact_phone"] as const;

class OrganisationForm extends LitElement {
  static override properties = {
    first: { type: Boolean }, partner: { attribute: false }, profile: { state: true }, server: { state: true }, touched: { state: true }, all: { state: true }, busy: { state: true }, trouble: { state: true },
  };
  declare first: boolean;
  declare partner: PartnerDocument | null;
  declare profile: Profile;
  declare server: readonly FieldProblem[];
  declare touched: ReadonlySet<string>;
  /** Every problem is shown, not only those of fields that were typed in. */
  declare all: boolean;
  declare busy: boolean;
  declare trouble: string;
  #spoken = language();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #check = new AbortController();
  readonly #leaving = new AbortController();

  constructor() {
    super();
    this.first = false;
    this.partner = null;
    this.profile = {};
    this.server = [];
    this.touched = new Set();
    this.all = false;
    this.busy = false;
    this.trouble = "";
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.partner !== null) {
      this.profile = this.partner.profile;
      this.server = this.partner.problems;
      this.all = true;
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#check.abort();
    this.#leaving.abort();
  }

  override updated(): void {
    if (this.#spoken === language()) return;
    this.#spoken = language();
    if (this.touched.size > 0 || this.all) void this.#ask(); // the server's words in the page's language
  }

  override render(): TemplateResult {
    const isPerson = bare(this.profile.inn).length === 12;
    return html`<form novalidate @submit=${this.#submit}>
      ${this.first ? html`<h1 tabindex="-1">${t("org.heading_new")}</h1><p class="soft">${t("org.lead_new")}</p>` : nothing}
      <p class="trouble" role="alert">${this.trouble}</p>
      <div class="panel">
        ${this.#field("inn", { inputmode: "numeric", maxlength: 20, hint: t("org.inn_hint") })}
        <div class="two">
          ${this.#field("ogrn", { inputmode: "numeric", maxlength: 24, hint: t("org.ogrn_hint") })}
          ${isPerson && !this.profile.kpp ? nothing : this.#field("kpp", { maxlength: 16, hint: t("org.kpp_hint") })}
        </div>
        <div class="two">
          ${this.#field("legal_name", { hint: t("org.legal_name_hint"), autocomplete: "organization" })}
          ${this.#field("name", { hint: t("org.name_hint") })}
        </div>
      </div>
      <fieldset class="panel">
        <legend><h2>${t("org.contact")}</h2></legend>
        <p class="hint">${t("org.contact_hint")}</p>
        ${this.#field("contact_person", { autocomplete: "name" })}
        <div class="two">
          ${this.#field("contact_phone", { type: "tel", inputmode: "tel", autocomplete: "tel" })}
          ${this.#field("contact_email", { type: "email", inputmode: "email", autocomplete: "email" })}
        </div>
      </fieldset>
      <button class="button primary" ?disabled=${this.busy}>${t(this.busy ? "desk.saving" : this.first ? "org.next" : "desk.save")}</button>
    </form>`;
  }

  #field(name: (typeof ORDER)[number], more: Partial<Parameters<typeof field>[0]>): TemplateResult {
    return field({ name, label: t(`org.${name}`), value: this.profile[name], input: (text) => this.#typed(name, text), problems: problemsOf(this.#problems(), name), ...more });
  }

  #problems(): FieldProblem[] {
    return serverWins(this.#ours(), this.server).filter(({ field: of }) => this.all || this.touched.has(rootOf(of)));
  }

  /** Ours at once; of a field typed in since the server spoke, its words are older. */
  #ours(): FieldProblem[] {
    return Object.entries(taxFaults(this.profile)).map(([name, fault]) => ({ field: name, severity: "reject", code: `tax-${fault}`, detail: taxWords(name as "inn", fault, this.profile) }));
  }

  #typed(name: (typeof ORDER)[number], text: string): void {
    this.profile = { ...this.profile, [name]: text };
    this.server = this.server.filter(({ field: of }) => rootOf(of) !== name);
    this.touched = new Set([...this.touched, name]);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), QUIET_MS);
  }

  async #ask(): Promise<void> {
    this.#check.abort();
    const request = (this.#check = new AbortController());
    try {
      this.server = (await check({ partner: this.profile }, request.signal)).problems;
    } catch (error) {
      if (!request.signal.aborted && isSignedOut(error)) signedOut(this);
    }
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.trouble = "";
    this.#check.abort();
    clearTimeout(this.#timer);
    try {
      const saved = await writePartner(this.profile, this.partner?.etag ?? null, this.#leaving.signal);
      this.partner = saved;
      this.profile = saved.profile;
      this.server = saved.problems;
      say(this, t("org.saved"));
      this.dispatchEvent(new CustomEvent("saved", { detail: saved }));
    } catch (error) {
      if (!this.#leaving.signal.aborted) await this.#refused(error);
    } finally {
      this.busy = false;
    }
  };

  async #refused(error: unknown): Promise<void> {
    if (isSignedOut(error)) signedOut(this);
    if (error instanceof ProblemError && error.problem.status === 412) {
      this.partner = await readPartner(this.#leaving.signal).catch(() => this.partner);
      this.trouble = t("org.changed_elsewhere");
      return;
    }
    const faults = faultsOf(error);
    this.trouble = failureText(error);
    if (faults.length === 0) return;
    this.server = faults;
    this.all = true;
    await this.updateComplete;
    const wrong = ORDER.find((name) => problemsOf(this.#problems(), name).some(isFault));
    if (wrong !== undefined) this.renderRoot.querySelector<HTMLElement>(`[data-field="${wrong}"]`)?.focus();
  }

  static override styles = [sharedStyles, deskStyles, css`
    form { display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); max-width: 44rem; }
    fieldset.panel { border: 1px solid var(--line); padding: 16px; }
    legend { float: left; width: 100%; }
    legend + * { clear: both; }
    .two { display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); align-items: start; }
    .trouble:empty { display: none; }
    @media (min-width: 620px) { .two { grid-template-columns: 1fr 1fr; } .button { justify-self: start; } }
  `];
}

function taxWords(name: "inn" | "ogrn" | "kpp", fault: TaxFault, profile: Profile): string {
  switch (fault) {
    case "digits":
      return t(name === "kpp" ? "tax.kpp_digits" : "tax.digits");
    case "length":
      return t(`tax.${name}_length`, { count: bare(profile[name]).length });
    default:
      return t(`tax.${fault}`);
  }
}

customElements.define("ry-organisation-form", OrganisationForm);
