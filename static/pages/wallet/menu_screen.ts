import { html, nothing, type TemplateResult } from "lit";
import { locale, t } from "../../src/i18n/index.js";
import type { Use } from "../../src/wallet/keep.js";
import { signs, under } from "./parts.js";

const ROWS = [["recovery", "paper"], ["move", "phones"], ["lost", "lost"], ["history", "clock"], ["forget", "bin"]] as const;
/** What needs a right that is active. */
const ACTIVE: readonly string[] = ["recovery", "move"];

export function menuScreen(go: (screen: string) => void, active: boolean): TemplateResult {
  const rows = ROWS.filter(([name]) => active || !ACTIVE.includes(name));
  return under(t("wallet.menu_heading"), html`<ul class="rows">${rows.map(([name, sign]) => html`
    <li><button type="button" data-screen=${name} @click=${() => go(name)}>${signs[sign](28)}
      <span><strong>${t(`wallet.menu_${name}`)}</strong><span class="soft small">${t(`wallet.menu_${name}_what`)}</span></span>${signs.next()}</button></li>`)}</ul>`,
  "wallet.back");
}

export function historyScreen(uses: readonly Use[]): TemplateResult {
  const when = new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeStyle: "short" });
  return under(t("wallet.history_heading"), html`<p class="soft">${t("wallet.history_lead")}</p>
    ${uses.length === 0 ? html`<p>${t("wallet.history_none")}</p>` : nothing}
    <ul class="uses">${uses.map(({ at_ms }) => html`<li><span>${t("wallet.history_row")}</span><time datetime=${new Date(at_ms).toISOString()}>${when.format(at_ms)}</time></li>`)}</ul>`);
}
