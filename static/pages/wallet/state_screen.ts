import { html, nothing, type TemplateResult } from "lit";
import { t } from "../../src/i18n/index.js";
import type { RightState } from "../../src/api/wallet_client.js";
import type { Session } from "../../src/wallet/session.js";
import { signs } from "./parts.js";

const SIGNS = { suspended: signs.pause, revoked: signs.stop, ended: signs.calendar, replaced: signs.phones, unknown: signs.lost } as const;

/** Why there is no code, and what to do about it. */
export function stateScreen(session: Session, go: (screen: string) => void): TemplateResult {
  const state = session.state as Exclude<RightState, "active">;
  const button = (kind: string, words: string, pressed: () => void): TemplateResult =>
    html`<button type="button" class="button ${kind}" @click=${pressed}>${words}</button>`;
  return html`<div class="stack" data-state=${state}>
    <span class="sign bad">${SIGNS[state](40)}</span>
    <div role="status" class="stack"><h1 tabindex="-1">${t(`wallet.${state}_heading`)}</h1>
      <p>${t(`wallet.${state}`)}</p><p>${t(`wallet.${state}_then`)}</p></div>
    <div class="actions">
      ${state === "suspended"
        ? button("primary", t("wallet.check_now"), () => void session.check())
        : button("primary", t("wallet.again"), () => go("get"))}
      ${state === "replaced" ? button("", t("wallet.menu_lost"), () => go("lost")) : nothing}
      ${button("plain", t("wallet.menu_forget"), () => go("forget"))}
    </div></div>`;
}
