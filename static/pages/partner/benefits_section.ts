/** What a family gets: several benefits, each with its kind, value, words, dates and hours. Event `edit` (Content). */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Content, ContentBenefit, FieldProblem } from "../../src/api/desk_types.js";
import type { BenefitKind } from "../../src/api/types.js";
import { readNumber, withTitle } from "../../src/desk/benefit_title.js";
import { isEmptyBenefit } from "../../src/desk/content.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { problemsOf } from "../../src/desk/field_problems.js";
import { choice, field, problemList } from "../../src/desk/fields.js";
import { Localized, t } from "../../src/i18n/index.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

const KINDS = ["percent", "fixed", "free", "gift", "price"] as const;
const WITH_VALUE = ["percent", "fixed", "price"] as const;
type WithValue = (typeof WITH_VALUE)[number];

class BenefitsSection extends LitElement {
  static override properties = { content: { attribute: false }, problems: { attribute: false } };
  declare content: Content;
  declare problems: readonly FieldProblem[];

  constructor() {
    super();
    this.content = {};
    this.problems = [];
    new Localized(this);
  }

  /** An empty one stands ready from the beginning. */
  get #benefits(): readonly ContentBenefit[] {
    const { benefits } = this.content;
    return benefits != null && benefits.length > 0 ? benefits : [{}];
  }

  override render(): TemplateResult {
    const benefits = this.#benefits;
    return html`<div data-field="benefits" tabindex="-1">
      ${problemList(problemsOf(this.problems, "benefits"), "all-problems")}
      ${benefits.map((benefit, index) => this.#benefit(benefit, index, benefits.length))}
      <button type="button" class="button" @click=${this.#add}>${t("benefit.another")}</button>
    </div>`;
  }

  #benefit(benefit: ContentBenefit, index: number, count: number): TemplateResult {
    const path = (name: string): string => `benefits.${index}.${name}`;
    const of = (...names: string[]): FieldProblem[] => problemsOf(this.problems, ...names.map(path));
    const put = (patch: ContentBenefit): void => this.#put(index, patch);
    const kind = benefit.kind ?? null;
    const valued = WITH_VALUE.find((each) => each === kind) as WithValue | undefined;
    return html`<fieldset>
      <legend class=${count === 1 ? "unseen" : ""}>${t("benefit.heading", { number: index + 1 })}</legend>
      ${problemList(problemsOf(this.problems, `benefits.${index}`), `problems-${index}`)}
      <div class=${valued === undefined ? "" : "two"}>
        ${choice({
          name: path("kind"), label: t("benefit.kind"), value: kind ?? "", problems: of("kind"),
          options: [["", t("benefit.kind_none")], ...KINDS.map((code) => [code, t(`benefit.kind_${code}`)] as const)],
          pick: (code) => put({ kind: code === "" ? null : (code as BenefitKind), ...(WITH_VALUE.some((each) => each === code) ? {} : { value: null }) }),
        })}
        ${valued === undefined ? nothing : field({
          name: path("value"), label: t(`benefit.value_${valued}`), value: benefit.value, inputmode: "decimal", maxlength: 12, problems: of("value"),
          when_left: true, input: (text) => put({ value: readNumber(text) }),
        })}
      </div>
      ${field({ name: path("title"), label: t("benefit.title"), value: benefit.title, hint: t("benefit.title_hint"), problems: of("title"), maxlength: 200, input: (title) => put({ title }) })}
      ${field({ name: path("terms"), label: t("benefit.terms"), value: benefit.terms, hint: t("benefit.terms_hint"), problems: of("terms"), area: true, optional: true, input: (terms) => put({ terms }) })}
      <details ?open=${Boolean(benefit.from || benefit.to || benefit.hours) || of("from", "to", "hours").length > 0}>
        <summary>${t("benefit.when")}</summary>
        <div class="when">
          <div class="pair">
            ${field({ name: path("from"), label: t("benefit.from"), value: benefit.from, type: "date", problems: of("from"), input: (from) => put({ from: from || null }) })}
            ${field({ name: path("to"), label: t("benefit.to"), value: benefit.to, type: "date", problems: of("to"), input: (to) => put({ to: to || null }) })}
          </div>
          ${field({ name: path("hours"), label: t("benefit.hours"), value: benefit.hours, hint: t("benefit.hours_hint"), problems: of("hours"), input: (hours) => put({ hours }) })}
        </div>
      </details>
      ${count === 1 && isEmptyBenefit(benefit) ? nothing : html`<button type="button" class="link" @click=${() => this.#remove(index)}>${t("desk.remove")}<span class="unseen"> ${t("benefit.heading", { number: index + 1 })}</span></button>`}
    </fieldset>`;
  }

  #put(index: number, patch: ContentBenefit): void {
    this.#say(this.#benefits.map((benefit, at) => (at === index ? withTitle(benefit, patch) : benefit)));
  }

  #remove(index: number): void {
    this.#say(this.#benefits.filter((_, at) => at !== index));
    void this.#focus(Math.max(0, index - 1));
  }

  #add(): void {
    const at = this.#benefits.length;
    this.#say([...this.#benefits, {}]);
    void this.#focus(at);
  }

  async #focus(index: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve)); // the new content comes down from the editor
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-field="benefits.${index}.kind"]`)?.focus();
  }

  #say(benefits: readonly ContentBenefit[]): void {
    this.dispatchEvent(new CustomEvent<Content>("edit", { detail: { benefits } }));
  }

  static override styles = [sharedStyles, deskStyles, css`
    div[data-field], fieldset, .when { display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); }
    fieldset + fieldset { padding-top: 14px; border-top: 1px solid var(--line); }
    legend:not(.unseen) { float: left; font-size: 1.0625rem; }
    .two { display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); align-items: start; }
    .link { justify-self: start; }
    .button { justify-self: start; }
    @media (min-width: 620px) { .two { grid-template-columns: 1fr 1fr; } }
  `];
}

customElements.define("ry-benefits-section", BenefitsSection);
