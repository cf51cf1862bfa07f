/** What a partner reads before signing in. */
import { css, html, type TemplateResult } from "lit";
import "../../src/desk/sign_in_form.js";
import { t } from "../../src/i18n/index.js";

export function welcome(): TemplateResult {
  return html`<div class="welcome">
    <div class="words">
      <h1 tabindex="-1">${t("welcome.heading")}</h1>
      <p class="lead">${t("welcome.lead")}</p>
      <h2>${t("welcome.how")}</h2>
      <ol class="steps">${([1, 2, 3] as const).map((step) => html`<li><span aria-hidden="true">${step}</span><p>${t(`welcome.step_${step}`)}</p></li>`)}</ol>
    </div>
    <section aria-label=${t("welcome.start")}><ry-sign-in-form to="/partner"></ry-sign-in-form></section>
  </div>`;
}

export const welcomeStyles = css`
  .welcome { display: grid; gap: 24px; padding: 12px 0 24px; grid-template-columns: minmax(0, 1fr); }
  .words { display: grid; gap: 14px; align-content: start; }
  .lead { font-size: 1.0625rem; }
  .steps { display: grid; gap: 12px; }
  .steps li { display: flex; gap: 12px; align-items: flex-start; }
  .steps span { flex: none; display: grid; place-items: center; width: 32px; height: 32px; border-radius: 50%; background: var(--brand-soft); color: var(--brand-deep); font-weight: 700; }
  .steps p { padding-top: 4px; }
  @media (min-width: 860px) {
    .welcome { grid-template-columns: minmax(0, 1.2fr) minmax(320px, 1fr); gap: 56px; padding-top: 48px; align-items: start; }
    .welcome h1 { font-size: 2.25rem; }
  }
`;
