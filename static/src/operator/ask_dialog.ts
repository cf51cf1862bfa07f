import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { Localized, t } from "../i18n/index.js";
import { sharedStyles } from "../ui/shared_styles.js";
import { operatorStyles } from "./operator_styles.js";

export interface Question {
  readonly title: string;
  /** What the button says that does it. */
  readonly act: string;
  /** "needed": not without words; "maybe": with or without; "none": yes or no. */
  readonly words: "needed" | "maybe" | "none";
}

/** Asks before something is done, for a reason where there must be one. */
export class AskDialog extends LitElement {
  static override properties = { question: { state: true }, lacking: { state: true } };
  declare question: Question | null;
  declare lacking: boolean;
  #answer: ((words: string | null) => void) | null = null;

  constructor() {
    super();
    this.question = null;
    this.lacking = false;
    new Localized(this);
  }

  /** null: rather not. */
  async ask(question: Question): Promise<string | null> {
    this.#answer?.(null);
    this.question = question;
    this.lacking = false;
    await this.updateComplete;
    const field = this.renderRoot.querySelector("textarea");
    if (field !== null) field.value = "";
    const dialog = this.renderRoot.querySelector("dialog")!;
    if (!dialog.open) dialog.showModal();
    return new Promise((resolve) => { this.#answer = resolve; });
  }

  override render(): TemplateResult {
    const { question } = this;
    return html`<dialog aria-labelledby="title" @close=${() => this.#end(null)}>${question === null ? nothing : html`
      <form @submit=${this.#send}>
        <h2 id="title">${question.title}</h2>
        ${question.words === "none" ? nothing : html`<div class="field"><label for="words">${t("op.reason")}</label>
          <textarea id="words" rows="3" maxlength="1000" aria-invalid=${this.lacking ? "true" : "false"} @keydown=${this.#key}></textarea>
          ${this.lacking ? html`<p class="lacking" role="alert">${t("op.reason_needed")}</p>` : nothing}</div>`}
        <div class="row"><button type="submit" class="button primary">${question.act}</button>
          <button type="button" class="button" @click=${() => this.#end(null)}>${t("op.cancel")}</button></div>
      </form>`}</dialog>`;
  }

  #key = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send(event);
  };

  #send = (event: Event): void => {
    event.preventDefault();
    const words = (this.renderRoot.querySelector("textarea")?.value ?? "").trim();
    this.lacking = this.question?.words === "needed" && words === "";
    if (this.lacking) this.renderRoot.querySelector("textarea")?.focus();
    else this.#end(words);
  };

  #end(words: string | null): void {
    const answer = this.#answer;
    this.#answer = null;
    this.renderRoot.querySelector("dialog")?.close();
    answer?.(words);
  }

  static override styles = [sharedStyles, operatorStyles, css`
    h2 { margin-bottom: 12px; }
    .lacking { color: var(--danger); font-weight: 600; }
  `];
}

customElements.define("ry-ask-dialog", AskDialog);
