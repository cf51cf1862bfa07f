import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { Localized, t } from "../i18n/index.js";
import { sharedStyles } from "./shared_styles.js";

/** The quiet way to say that a place refused. Its dialog is fetched when somebody wants it. */
export class RefusalButton extends LitElement {
  static override properties = { of: {}, opened: { state: true }, failed: { state: true } };
  /** The id of the location. */
  declare of: string;
  declare opened: boolean;
  declare failed: boolean;

  constructor() {
    super();
    this.of = "";
    this.opened = false;
    this.failed = false;
    new Localized(this);
  }

  override render(): TemplateResult {
    return html`<button type="button" aria-haspopup="dialog" @click=${this.#open}>${t("refusal.button")}</button>
      ${this.failed ? html`<p role="alert">${t("error.unreachable")}</p>` : nothing}
      ${this.opened ? html`<ry-refusal-dialog .of=${this.of} @close=${() => { this.opened = false; }}></ry-refusal-dialog>` : nothing}`;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("of")) this.opened = false; // another place is shown
  }

  #open = async (): Promise<void> => {
    try {
      await import("./refusal_dialog.js");
      this.failed = false;
      this.opened = true;
    } catch {
      this.failed = true;
    }
  };

  static override styles = [sharedStyles, css`
    button { min-height: var(--touch); padding: 4px 0; border: 0; background: none; color: var(--ink-soft); text-decoration: underline; text-underline-offset: 0.2em; }
    button:hover { color: var(--ink); }
  `];
}

customElements.define("ry-refusal-button", RefusalButton);
