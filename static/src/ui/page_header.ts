import { css, html, LitElement, type TemplateResult } from "lit";
import { isLanguage, language, Localized, setLanguage, t } from "../i18n/index.js";
import { rememberedTheme, rememberLanguage } from "../state/remembered.js";
import { icons } from "./icons.js";
import { sharedStyles } from "./shared_styles.js";
import { nextTheme } from "./theme.js";

/**
 * The top of every page: the product's name, the language, the theme, and the calm line that says when the data is
 * invented. Attribute `demo` shows that line. Event `language` after the language was changed by hand.
 */
export class PageHeader extends LitElement {
  static override properties = { demo: { type: Boolean } };
  declare demo: boolean;

  constructor() {
    super();
    this.demo = false;
    new Localized(this);
  }

  override render(): TemplateResult {
    const theme = rememberedTheme();
    return html`
      <div class="bar">
        <a class="brand" href="/">${icons.mark()}<span>${t("product")}</span></a>
        <div class="languages" role="group" aria-label=${t("language.label")}>${(["ru", "en"] as const).map((lang) => html`
          <button type="button" lang=${lang} data-lang=${lang} aria-pressed=${language() === lang ? "true" : "false"}
            aria-label="${lang.toUpperCase()}, ${t(`language.${lang}`)}" @click=${this.#choose}>${lang.toUpperCase()}</button>`)}
        </div>
        <button type="button" class="quiet theme" aria-label=${t(`theme.${theme}`)} title=${t(`theme.${theme}`)}
          @click=${this.#theme}>${icons[theme]()}</button>
      </div>
      ${this.demo ? html`<p class="demo"><span>${t("banner.demo")}</span></p>` : null}`;
  }

  #choose(event: Event): void {
    const chosen = (event.currentTarget as HTMLElement).dataset["lang"] ?? null;
    if (!isLanguage(chosen) || chosen === language()) return;
    rememberLanguage(chosen);
    setLanguage(chosen);
    this.dispatchEvent(new CustomEvent("language", { bubbles: true, composed: true }));
  }

  #theme(): void {
    nextTheme();
    this.requestUpdate();
  }

  static override styles = [sharedStyles, css`
    .bar {
      display: flex; align-items: center; gap: 4px;
      max-width: var(--page); margin: 0 auto; padding: 8px 8px 8px 16px;
    }
    .brand {
      display: flex; align-items: center; gap: 10px; margin-right: auto; min-height: var(--touch);
      font-size: 1.375rem; font-weight: 750; letter-spacing: -0.02em; color: var(--ink); text-decoration: none;
    }
    .languages { display: flex; }
    .languages button {
      min-width: var(--touch); min-height: var(--touch); padding: 0; border: 0; background: none;
      font-size: 0.875rem; font-weight: 600; color: var(--ink-soft); border-radius: var(--radius-small);
    }
    .languages button:hover { background: var(--sunken); }
    .languages [aria-pressed="true"] {
      color: var(--brand-deep); text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 6px;
    }
    .demo { background: var(--notice); color: var(--notice-ink); font-size: 0.875rem; line-height: 1.3; }
    .demo span { display: block; max-width: var(--page); margin: 0 auto; padding: 7px 16px; }
    @media (min-width: 1024px) {
      .bar, .demo span { padding-left: 32px; padding-right: 32px; }
    }
  `];
}

customElements.define("ry-page-header", PageHeader);
