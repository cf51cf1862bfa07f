import { html, type TemplateResult } from "lit";
import { benefitText } from "../i18n/benefit_text.js";
import { language, t } from "../i18n/index.js";
import type { BenefitKind } from "../api/types.js";

export interface BenefitWords {
  /** What to show first and large. */
  readonly main: TemplateResult;
  /** The partner's own Russian words, when `main` is our rendering of the kind. */
  readonly original: TemplateResult | null;
}

/**
 * A benefit for the reader's language. Partners write theirs in Russian; a reader of English gets kind and value in
 * English first and the partner's words, marked as Russian, after them.
 */
export function benefitWords(kind: BenefitKind | null, value: number | null, words: string | null): BenefitWords {
  const label = benefitText(kind, value);
  if (language() === "ru") {
    const main = words ?? label;
    return { main: html`${main ?? t("benefit.none")}`, original: null };
  }
  if (label === null) return { main: words === null ? html`${t("benefit.none")}` : html`<span lang="ru">${words}</span>`, original: null };
  return { main: html`${label}`, original: words === null ? null : html`<span lang="ru">${words}</span>` };
}
