/** A question before something that is hard to take back. `await ask(...)` is true for yes. */
import { html, LitElement, type TemplateResult } from "lit";
import { t } from "../i18n/index.js";
import { sharedStyles } from "../ui/shared_styles.js";
import { deskStyles } from "./desk_styles.js";

class AskDialog extends LitElement {
  static override properties = { words: {}, yes: {}, danger: { type: Boolean } };
  declare words: string;
  declare yes: string;
  declare danger: boolean;
  answered: (yes: boolean) => void = () => {};

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")!.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="words" @close=${() => this.answered(false)}>
      <h2 id="words">${this.words}</h2>
      <div class="row">
        <button type="button" class="button ${this.danger ? "danger" : "primary"}" @click=${() => this.answered(true)}>${this.yes}</button>
        <button type="button" class="button" autofocus @click=${() => this.answered(false)}>${t("desk.cancel")}</button>
      </div>
    </dialog>`;
  }

  static override styles = [sharedStyles, deskStyles];
}

customElements.define("ry-ask-dialog", AskDialog);

export function ask(words: string, yes: string, danger = true): Promise<boolean> {
  const focused = deepFocus();
  const dialog = document.createElement("ry-ask-dialog") as AskDialog;
  Object.assign(dialog, { words, yes, danger });
  return new Promise((resolve) => {
    dialog.answered = (answer) => {
      dialog.answered = () => {};
      dialog.remove();
      focused?.focus();
      resolve(answer);
    };
    document.body.append(dialog);
  });
}

function deepFocus(): HTMLElement | null {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found instanceof HTMLElement ? found : null;
}
