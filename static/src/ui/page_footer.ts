import { css, html, LitElement, type TemplateResult } from "lit";
import { Localized, t } from "../i18n/index.js";
import { sharedStyles } from "./shared_styles.js";

/** The foot of every page: the attribution the data's licences ask for, and the way to the other page. */
export class PageFooter extends LitElement {
  static override properties = { other: {} };
  declare other: "docs" | "map";

  constructor() {
    super();
    this.other = "docs";
    new Localized(this);
  }

  override render(): TemplateResult {
    return html`<div>
      <p lang="en">${t("footer.osm")}</p>
      <a href=${this.other === "docs" ? "/docs" : "/"}>${t(`footer.${this.other}`)}</a>
    </div>`;
  }

  static override styles = [sharedStyles, css`
    div {
      display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 24px;
      max-width: var(--page); margin: var(--footer-gap, 24px) auto 0; padding: 12px 16px var(--footer-gap, 24px);
      border-top: 1px solid var(--line); font-size: 0.8125rem; color: var(--ink-soft);
    }
    a { display: inline-flex; align-items: center; min-height: var(--touch); color: var(--ink); }
    @media (min-width: 1024px) { div { padding-left: 32px; padding-right: 32px; } }
  `];
}

customElements.define("ry-page-footer", PageFooter);
