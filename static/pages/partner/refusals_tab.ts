/** What families write when they were refused, and the partner's answers. Their words are text, never markup. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { answerRefusal, listRefusals } from "../../src/api/cabinet_client.js";
import type { Refusal } from "../../src/api/desk_types.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { field } from "../../src/desk/fields.js";
import { Loader } from "../../src/desk/loader.js";
import { say } from "../../src/desk/say.js";
import { tabStyles } from "../../src/desk/tab_styles.js";
import { dateText } from "../../src/i18n/hours_text.js";
import { Localized, t } from "../../src/i18n/index.js";
import { focusRow } from "../../src/ui/row_focus.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

class RefusalsTab extends LitElement {
  static override properties = { answers: { state: true }, cursors: { state: true } };
  declare answers: Readonly<Record<string, string>>;
  /** How many pages are shown. */
  declare cursors: number;
  readonly #list = new Loader<{ refusals: Refusal[]; next: string | null }>(this, async (signal) => {
    const refusals: Refusal[] = [];
    let next: string | null = null;
    for (let page = 0; page < this.cursors; page += 1) {
      const answer = await listRefusals(next, signal);
      refusals.push(...answer.refusals);
      next = answer.next;
      if (next === null) break;
    }
    return { refusals, next };
  });

  constructor() {
    super();
    this.answers = {};
    this.cursors = 1;
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#list.load();
  }

  override render(): TemplateResult {
    const { value, trouble, busy } = this.#list;
    return html`<h1 tabindex="-1">${t("refused.heading")}</h1>
      <p class="soft">${t("refused.lead")}</p>
      <p class="trouble" role="alert">${trouble}</p>
      ${value === null ? html`<p role="status">${trouble === "" ? t("desk.wait") : ""}</p>` : value.refusals.length === 0 ? html`<p class="panel">${t("refused.none")}</p>` : nothing}
      <ul class="items">${(value?.refusals ?? []).map((refusal) => this.#refusal(refusal, busy))}</ul>
      ${value?.next == null ? nothing : html`<button type="button" class="button" ?disabled=${busy} @click=${() => { this.cursors += 1; void this.#list.load(); }}>${t("desk.more")}</button>`}`;
  }

  #refusal({ id, location_name, day, reason, text, answer, state }: Refusal, busy: boolean): TemplateResult {
    return html`<li data-id=${id} tabindex="-1">
      <div class="row"><h2>${t(`refused.${reason}`)}</h2><span class="badge ${state === "open" ? "rejected" : "draft"}">${t(`refused.state_${state}`)}</span></div>
      <p class="soft">${location_name}, ${dateText(day)}</p>
      ${text === null ? nothing : html`<blockquote>${text}</blockquote>`}
      ${answer === null ? nothing : html`<p><b>${t("refused.answer")}:</b> ${answer}</p>`}
      ${state !== "open" ? nothing : html`<form novalidate @submit=${(event: Event) => void this.#send(event, id)}>
        ${field({ name: `answer-${id}`, label: t("refused.answer"), value: this.answers[id], area: true, maxlength: 1000, input: (words) => { this.answers = { ...this.answers, [id]: words }; } })}
        <button class="button" ?disabled=${busy}>${t("refused.send")}</button></form>`}
    </li>`;
  }

  async #send(event: Event, id: string): Promise<void> {
    event.preventDefault();
    const text = this.answers[id]?.trim() ?? "";
    const field = `[data-field="${CSS.escape(`answer-${id}`)}"]`;
    if (text === "") return this.renderRoot.querySelector<HTMLElement>(field)?.focus();
    // The button is out of use while the answer is on its way and takes the focus with it.
    if (!(await this.#list.act((signal) => answerRefusal(id, text, signal)))) return focusRow(this, null, field);
    say(this, t("edit.answer_sent"));
    await focusRow(this, id, "h1");
  }

  static override styles = [sharedStyles, deskStyles, tabStyles, css`
    .items > li { gap: 8px; }
    h2 { font-size: 1.0625rem; }
    blockquote { margin: 0; padding: 8px 12px; border-left: 4px solid var(--line); background: var(--sunken); white-space: pre-line; }
  `];
}

customElements.define("ry-refusals-tab", RefusalsTab);
