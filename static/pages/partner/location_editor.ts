/**
 * One location: its state, its form in sections, its faults on top with links to the fields, and two buttons that are
 * always at hand. What was typed lives in a LocationDraft; this shows it.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { categories } from "../../src/api/client.js";
import type { CheckAnswer, Content, ContentField, FieldProblem, LocationDocument } from "../../src/api/desk_types.js";
import { check } from "../../src/api/partner_client.js";
import type { Category } from "../../src/api/types.js";
import { isBlank } from "../../src/desk/content.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import type { DraftKeep } from "../../src/desk/draft_keep.js";
import { failureText, faultsOf, isSignedOut } from "../../src/desk/failure.js";
import { isFault, problemsUnder, rootOf } from "../../src/desk/field_problems.js";
import { LocationDraft } from "../../src/desk/location_draft.js";
import { goTo, say, signedOut } from "../../src/desk/say.js";
import { language, Localized, t } from "../../src/i18n/index.js";
import { icons } from "../../src/ui/icons.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";
import "./benefits_section.js";
import "./clash_dialog.js";
import { editorStyles } from "./editor_styles.js";
import { faultSummary, focusField } from "./fault_summary.js";
import "./hours_section.js";
import "./photo_section.js";
import { contactSection, nameSection } from "./plain_sections.js";
import "./position_section.js";
import "./state_panel.js";

const QUIET_MS = 600;
const NOTHING_SAID: CheckAnswer = { problems: [], understood: {} };

class LocationEditor extends LitElement {
  static override properties = {
    account: { attribute: false }, keep: { attribute: false }, locationId: { attribute: false },
    stage: { state: true }, trouble: { state: true }, checked: { state: true }, touched: { state: true }, all: { state: true }, refused: { state: true }, known: { state: true },
  };
  declare account: string;
  declare keep: DraftKeep;
  declare locationId: string | null;
  declare stage: "loading" | "failed" | "ready";
  declare trouble: string;
  declare checked: CheckAnswer;
  declare touched: ReadonlySet<string>;
  /** Every problem is shown, not only those of fields that say something. */
  declare all: boolean;
  /** Faults stand on top: the last try to send was refused. */
  declare refused: boolean;
  declare known: readonly Category[];
  #draft: LocationDraft | null = null;
  #spoken = language();
  #check = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #leaving = new AbortController();

  constructor() {
    super();
    this.stage = "loading";
    this.trouble = "";
    this.checked = NOTHING_SAID;
    this.touched = new Set();
    this.all = false;
    this.refused = false;
    this.known = [];
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("online", this.#online);
    void categories(language(), this.#leaving.signal).then((known) => { this.known = known; }, () => {});
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("online", this.#online);
    this.#leaving.abort();
    this.#check.abort();
    clearTimeout(this.#timer);
    this.#draft?.close();
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("locationId") && this.#draft?.slot !== this.locationId) void this.#open();
  }

  override updated(): void {
    if (this.#spoken !== language()) {
      this.#spoken = language();
      void this.#ask(); // the server's words in the page's language
    }
    this.classList.toggle("existing", (this.#draft?.document ?? null) !== null);
  }

  override render(): TemplateResult {
    const draft = this.#draft;
    if (draft === null || this.stage === "loading") return html`<p role="status">${t("desk.wait")}</p>`;
    if (this.stage === "failed") {
      return html`<div class="panel"><p class="trouble" role="alert">${this.trouble}</p><button type="button" class="button" @click=${() => void this.#open()}>${t("desk.retry")}</button></div>`;
    }
    const { content, document } = draft;
    const problems = this.#problems();
    const edit = (event: CustomEvent<Content>): void => this.#edit(event.detail);
    return html`
      <a class="back" href="/partner" @click=${this.#back}>${icons.back()}${t("place.back")}</a>
      <h1 tabindex="-1">${content.name || t(document === null ? "place.heading_new" : "list.unnamed")}</h1>
      ${draft.restored ? html`<p class="notice" role="status">${t("edit.restored")} <button type="button" class="link" @click=${() => void this.#dropMine()}>${t("edit.restored_drop")}</button></p>` : nothing}
      ${draft.orphaned ? html`<p class="notice" role="status">${t("edit.orphaned")} <button type="button" class="link" @click=${() => void this.#dropOrphan()}>${t("edit.orphaned_drop")}</button></p>` : nothing}
      ${this.refused ? faultSummary(problems, (field) => void focusField(this.renderRoot, field)) : nothing}
      ${document === null ? nothing : html`<ry-state-panel .document=${document} .categories=${this.known} @came=${this.#came} @discarded=${this.#discarded} @gone=${this.#gone}></ry-state-panel>`}
      <form novalidate @submit=${this.#submit}>
        ${nameSection(content, problems, this.known, (patch) => this.#edit(patch))}
        ${this.#section("benefits", html`<ry-benefits-section .content=${content} .problems=${problems} @edit=${edit}></ry-benefits-section>`)}
        ${this.#section("position", html`<ry-position-section .content=${content} .problems=${problems} .understood=${this.checked.understood} @edit=${edit}></ry-position-section>`)}
        ${this.#section("hours", html`<ry-hours-section .content=${content} .problems=${problems} .understood=${this.checked.understood} @edit=${edit}></ry-hours-section>`)}
        ${contactSection(content, problems, this.checked.understood, (patch) => this.#edit(patch))}
        ${this.#section("photo", html`<ry-photo-section .photo=${content.photo ?? null} .exists=${document !== null} .problems=${problemsUnder(problems, "photo")} .prepare=${this.#prepare} @came=${this.#came}></ry-photo-section>`)}
        ${this.#bar(draft)}
      </form>
      ${draft.conflict === null ? nothing : html`<ry-clash-dialog .base=${draft.base} .mine=${content} .theirs=${draft.conflict.content} .categories=${this.known}
        @choose=${this.#choose} @later=${this.#later}></ry-clash-dialog>`}`;
  }

  #section(name: "benefits" | "position" | "hours" | "photo", body: TemplateResult): TemplateResult {
    return html`<section class="panel" aria-labelledby="section-${name}"><h2 id="section-${name}">${t(`place.section_${name}`)}</h2>${body}</section>`;
  }

  #bar({ status, failure, document }: LocationDraft): TemplateResult {
    // Neither button goes out while a draft saves itself: a press at that moment waits its turn and is not lost.
    const words = status === "refused" ? t("edit.status_refused", { detail: failureText(failure) }) : t(`edit.status_${status}`);
    const isPending = document?.revision?.state === "pending" && status === "clean";
    return html`<div class="bar">
      <p class="status ${status}" role="status">${words}</p>
      <div class="row">
        <button type="button" class="button" ?disabled=${status === "clean"} @click=${() => void this.#save()}>${t("edit.save_draft")}</button>
        <button class="button primary" ?disabled=${isPending || (document?.revision === null && status === "clean")}>${t("edit.submit")}</button>
      </div></div>`;
  }

  /** Of fields that say something or were typed in; all of them once somebody tried to send. */
  #problems(): FieldProblem[] {
    if (this.all) return [...this.checked.problems];
    return this.checked.problems.filter(({ field }) => this.touched.has(rootOf(field)));
  }

  async #open(): Promise<void> {
    this.#draft?.close();
    const draft = (this.#draft = new LocationDraft(this.account, this.keep, () => this.requestUpdate()));
    this.stage = "loading";
    try {
      await draft.open(this.locationId);
      this.touched = new Set(Object.keys(draft.content).filter((name) => !isBlank(draft.content[name as ContentField])).map(rootOf));
      this.all = draft.document !== null && draft.document.state !== "draft";
      this.stage = "ready";
      await this.#ask();
    } catch (error) {
      if (this.#leaving.signal.aborted) return;
      if (isSignedOut(error)) signedOut(this);
      this.trouble = failureText(error);
      this.stage = "failed";
    }
  }

  #edit(patch: Content): void {
    this.touched = new Set([...this.touched, ...Object.keys(patch).map(rootOf)]);
    this.#draft?.edit(patch);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), QUIET_MS);
  }

  async #ask(): Promise<void> {
    if (this.#draft === null) return;
    this.#check.abort();
    const request = (this.#check = new AbortController());
    try {
      this.checked = await check({ location: this.#draft.content }, request.signal);
    } catch (error) {
      if (!request.signal.aborted && isSignedOut(error)) signedOut(this);
    }
  }

  async #save(): Promise<boolean> {
    const draft = this.#draft!;
    const isNew = draft.document === null;
    const saved = await draft.save(false);
    if (isSignedOut(draft.failure)) signedOut(this);
    if (saved && isNew) goTo(this, { view: "locations", id: draft.id }, true);
    return saved;
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const draft = this.#draft!;
    this.refused = false;
    // First a draft, so that a refusal leaves everything on the server.
    if (draft.document === null && !(await this.#save())) return;
    if (await draft.save(true)) {
      say(this, t("edit.pending_sent"));
      await this.updateComplete;
      scrollTo(0, 0);
      this.renderRoot.querySelector<LitElement>("ry-state-panel")?.renderRoot.querySelector<HTMLElement>("h2")?.focus();
      return;
    }
    if (isSignedOut(draft.failure)) signedOut(this);
    const faults = faultsOf(draft.failure);
    if (faults.length === 0) return;
    // What is typed is safe on the server all the same; what waits for the operator stays as it was sent.
    if (draft.document?.revision?.state !== "pending") await draft.save(false);
    this.checked = { ...this.checked, problems: [...faults, ...this.checked.problems.filter((problem) => !isFault(problem))] };
    this.all = true;
    this.refused = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".summary")?.focus();
  };

  #prepare = async (): Promise<LocationDocument | null> => ((await this.#save()) ? this.#draft!.document : null);
  #came = (event: CustomEvent<LocationDocument>): void => this.#draft?.came(event.detail);

  #discarded = async (event: CustomEvent<LocationDocument>): Promise<void> => {
    this.#draft?.came(event.detail);
    await this.#dropMine();
  };

  async #dropMine(): Promise<void> {
    await this.#draft?.dropMine();
    await this.#ask();
  }

  async #dropOrphan(): Promise<void> {
    await this.#draft?.dropMine();
    goTo(this, { view: "locations", id: null });
  }

  #gone = async (): Promise<void> => {
    await this.#draft?.dropMine();
    say(this, t("edit.gone"));
    goTo(this, { view: "locations", id: null });
  };

  #choose = async (event: CustomEvent<Parameters<LocationDraft["resolve"]>[0]>): Promise<void> => {
    if ((await this.#draft?.resolve(event.detail)) === true) say(this, t("edit.status_clean"));
    await this.#ask();
  };

  #later = (): void => this.#draft?.decideLater();

  #back = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    goTo(this, { view: "locations", id: null });
  };

  #online = (): void => {
    const draft = this.#draft;
    // What exists, or may exist already, is sent; a location that nobody has saved yet waits for a person's word.
    if (draft?.status === "offline" && (draft.document !== null || draft.isBeingCreated)) void this.#save();
    else void this.#ask();
  };

  static override styles = [sharedStyles, deskStyles, editorStyles];
}

customElements.define("ry-location-editor", LocationEditor);
