import { css, html, LitElement, type TemplateResult } from "lit";
import { Localized, t, type Key } from "../../src/i18n/index.js";
import { operatorStyles } from "../../src/operator/operator_styles.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

const KEYS: readonly [string, Key][] = [
  ["J ↓", "op.key_next"], ["K ↑", "op.key_previous"], ["A", "op.key_approve"], ["R", "op.key_reject"], ["X", "op.key_mark"], ["?", "op.key_help"],
];

/** What each key of the queue does. */
export class KeysHelp extends LitElement {
  constructor() {
    super();
    new Localized(this);
  }

  show(): void {
    const dialog = this.#dialog();
    if (!dialog.open) dialog.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading">
      <h2 id="heading">${t("op.keys")}</h2>
      <dl>${KEYS.map(([keys, key]) => html`<div><dt>${keys.split(" ").map((name) => html`<kbd>${name}</kbd> `)}</dt><dd>${t(key)}</dd></div>`)}</dl>
      <p class="soft">${t("op.keys_note")}</p>
      <p class="soft">${t("op.no_undo")}</p>
      <div class="row"><button type="button" class="button" @click=${() => this.#dialog().close()}>${t("op.close")}</button></div>
    </dialog>`;
  }

  #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector("dialog")!;
  }

  static override styles = [sharedStyles, operatorStyles, css`
    dl { margin: 12px 0; }
    dl div { display: grid; grid-template-columns: 72px 1fr; padding: 5px 0; }
    kbd { display: inline-block; min-width: 26px; padding: 1px 6px; border: 1px solid var(--edge); border-radius: 6px; font: 600 0.875rem/1.4 var(--mono); text-align: center; }
    p { margin-top: 8px; }
  `];
}

customElements.define("ry-keys-help", KeysHelp);
