import { html, nothing, type TemplateResult } from "lit";
import { nearest } from "../../src/api/client.js";
import { ageText } from "../../src/i18n/age_text.js";
import { language, t } from "../../src/i18n/index.js";
import { keepList, keptList } from "../../src/state/kept_list.js";
import { rememberedSettlement } from "../../src/state/remembered.js";
import { benefitWords } from "../../src/ui/benefit_line.js";
import { under } from "./parts.js";

const ALL = { categories: [], openNow: false, free: false } as const;
const DAY_MS = 86_400_000;

/** The list of places as it was kept, for a shop without internet. */
export function nearScreen(): TemplateResult {
  const kept = keptList(ALL);
  if (kept === null || kept.features.length === 0) return under(t("wallet.near_heading"), html`<p>${t("wallet.near_none")}</p>`, "wallet.back_to_code");
  return under(t("wallet.near_heading"), html`<p class="soft">${t("near.kept_age", { age: ageText(Date.now() - kept.at_ms) })}</p>
    <ul class="places">${kept.features.map(({ properties: { name, address, benefit, benefit_kind, benefit_value } }) => html`
      <li><strong lang="ru">${name}</strong><span class="offer">${benefitWords(benefit_kind, benefit_value, benefit).main}</span>
        ${address === null ? nothing : html`<span class="soft small" lang="ru">${address}</span>`}</li>`)}</ul>`, "wallet.back_to_code");
}

/** Keeps a list around the town that was chosen on the map, once a day; without a town there is nothing to go by. */
export function keepNearbyList(): void {
  const town = rememberedSettlement();
  const kept = keptList(ALL);
  if (town === null || !navigator.onLine || (kept !== null && Date.now() - kept.at_ms < DAY_MS)) return;
  nearest({ from: town, limit: 50, categories: [], openNow: false, free: false }, language(), new AbortController().signal)
    .then(({ features, seq }) => keepList(features, seq, Date.now()), () => {}); // the next visit tries again
}
