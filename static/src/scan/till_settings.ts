/** The cashier's few settings. Event `settings` with the new ones, event `leave` when the till is to be unpaired. */
import { css, html, LitElement, type TemplateResult } from "lit";
import { Localized, t, type Key } from "../i18n/index.js";
import { sharedStyles } from "../ui/shared_styles.js";
import type { Settings } from "./kept_terminal.js";
import { allowSound, sound } from "./sounds.js";
import { screenOf, type Said } from "./verdict.js";

/** One of each sound, by the words a cashier will see with it. */
const SAMPLES: readonly Said[] = ["valid", "code_expired", "right_ended", "no_connection"];

export class TillSettings extends LitElement {
  static override properties = { settings: { attribute: false }, sure: { state: true } };
  declare settings: Settings;
  declare sure: boolean;

  constructor() {
    super();
    this.settings = { hold: false, sound: true, camera: false };
    this.sure = false;
    new Localized(this);
  }

  override render(): TemplateResult {
    return html`<details>
      <summary>${t("scan.settings")}</summary>
      ${this.#flag("hold", "scan.settings.hold")}
      ${this.#flag("sound", "scan.settings.sound")}
      <div class="samples" role="group" aria-label=${t("scan.settings.listen")}>${SAMPLES.map((said) => html`
        <button type="button" class="button" @click=${() => { allowSound(); sound(screenOf(said).tone); }}>♪ ${t(screenOf(said).word)}</button>`)}</div>
      <button type="button" class="button leave" @click=${this.#leave} @blur=${() => { this.sure = false; }}>${t(this.sure ? "scan.settings.leave_sure" : "scan.settings.leave")}</button>
    </details>`;
  }

  #flag(name: "hold" | "sound", label: Key): TemplateResult {
    return html`<label><input type="checkbox" .checked=${this.settings[name]} @change=${(event: Event) => {
      const detail: Settings = { ...this.settings, [name]: (event.currentTarget as HTMLInputElement).checked };
      this.dispatchEvent(new CustomEvent("settings", { detail }));
    }}><span>${t(label)}</span></label>`;
  }

  #leave = (): void => {
    if (this.sure) this.dispatchEvent(new CustomEvent("leave"));
    this.sure = !this.sure;
  };

  static override styles = [sharedStyles, css`
    details { border-top: 1px solid var(--line); }
    summary { display: flex; align-items: center; gap: 10px; min-height: var(--touch); cursor: pointer; font-weight: 600; }
    summary::before { content: ""; flex: none; width: 7px; height: 7px; margin: 0 2px 0 4px; border: solid var(--ink-soft); border-width: 0 2px 2px 0; transform: rotate(-45deg); }
    details[open] > summary::before { transform: rotate(45deg); }
    label { display: flex; align-items: center; gap: 12px; min-height: var(--touch); cursor: pointer; }
    input { flex: none; width: 24px; height: 24px; margin: 0; accent-color: var(--brand); }
    .samples { display: flex; flex-wrap: wrap; gap: 8px; margin: 4px 0 16px; }
    .samples .button { padding: 6px 12px; font-size: 0.9375rem; }
    .leave { color: var(--danger); }
  `];
}

customElements.define("ry-till-settings", TillSettings);
