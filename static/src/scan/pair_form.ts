/** Pairs this device with a till. Event `paired` carries what the service gave, token and all. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { NoAnswerError, ProblemError } from "../api/client.js";
import { pair } from "../api/verify_client.js";
import { Localized, t } from "../i18n/index.js";
import { sharedStyles } from "../ui/shared_styles.js";
import { readPairingCode } from "./pairing_code.js";

export class PairForm extends LitElement {
  static override properties = { why: {}, busy: { state: true }, trouble: { state: true } };
  /** Why the form stands here again, in words. */
  declare why: string;
  declare busy: boolean;
  declare trouble: string;
  #request = new AbortController();

  constructor() {
    super();
    this.why = "";
    this.busy = false;
    this.trouble = "";
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request.abort();
  }

  override render(): TemplateResult {
    return html`<form @submit=${this.#submit} novalidate>
      <h1>${t("scan.pair.heading")}</h1>
      ${this.why === "" ? nothing : html`<p class="why" role="status">${this.why}</p>`}
      <p>${t("scan.pair.lead")}</p>
      <label for="code">${t("scan.pair.label")}</label>
      <input id="code" name="code" autocomplete="off" autocapitalize="characters" autocorrect="off" spellcheck="false" enterkeyhint="go"
        maxlength="40" required aria-describedby="hint trouble" aria-invalid=${this.trouble === "" ? "false" : "true"}>
      <p id="hint" class="hint">${t("scan.pair.hint")}</p>
      <p id="trouble" class="trouble" role="alert">${this.trouble}</p>
      <button class="button primary" ?disabled=${this.busy}>${t(this.busy ? "scan.pair.busy" : "scan.pair.button")}</button>
    </form>`;
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    const input = this.renderRoot.querySelector("input")!;
    const code = readPairingCode(input.value);
    if (code === null) return this.#refuse(t("scan.pair.malformed"));
    this.#request.abort();
    const request = (this.#request = new AbortController());
    this.busy = true;
    this.trouble = "";
    try {
      const detail = await pair(code, request.signal);
      this.dispatchEvent(new CustomEvent("paired", { detail }));
    } catch (error) {
      if (request.signal.aborted) return;
      this.#refuse(wordsFor(error));
    } finally {
      this.busy = false;
    }
  };

  #refuse(words: string): void {
    this.trouble = words;
    this.renderRoot.querySelector("input")?.focus();
  }

  static override styles = [sharedStyles, css`
    form { display: grid; gap: 10px; max-width: 30rem; margin: 0 auto; padding: 16px; }
    h1 { font-size: 1.75rem; letter-spacing: -0.015em; line-height: 1.2; }
    label { margin-top: 8px; font-weight: 650; }
    input {
      width: 100%; min-height: 64px; padding: 8px 14px; border: 2px solid var(--edge); border-radius: var(--radius-small);
      background: var(--surface); font: 700 1.75rem/1.2 var(--mono); letter-spacing: 0.06em; text-transform: uppercase; text-align: center;
    }
    input[aria-invalid="true"] { border-color: var(--danger); }
    .hint { font-size: 0.9375rem; color: var(--ink-soft); }
    .trouble { color: var(--danger); font-weight: 600; }
    .trouble:empty { display: none; }
    .why { padding: 10px 14px; border-radius: var(--radius-small); background: var(--notice); color: var(--notice-ink); font-weight: 600; }
    .button { min-height: 56px; font-size: 1.125rem; }
  `];
}

function wordsFor(error: unknown): string {
  if (error instanceof NoAnswerError) return t(`error.${error.reason}`);
  if (!(error instanceof ProblemError)) throw error;
  const { status, retry_after_s } = error.problem;
  if (status === 404) return t("scan.pair.none");
  if (status === 429) return retry_after_s === undefined ? t("scan.pair.often_plain") : t("scan.pair.often", { count: retry_after_s });
  return t("scan.pair.failed");
}

customElements.define("ry-pair-form", PairForm);
