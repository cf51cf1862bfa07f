/**
 * A verdict as a cashier sees it: picture, word and colour first, then what to give. The same for `/scan` and `/q`; the
 * words come from verdict.ts. Attribute `strip`: one line of it, which stays under the next customer's code.
 *
 * The colours are signals, so they are the same in the light and in the dark.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Verdict } from "../api/verify_client.js";
import { language, locale, Localized, t } from "../i18n/index.js";
import { benefitWords } from "../ui/benefit_line.js";
import { sharedStyles } from "../ui/shared_styles.js";
import type { Outcome } from "./check.js";
import { screenOf } from "./verdict.js";
import { verdictIcons } from "./verdict_icons.js";

export class VerdictView extends LitElement {
  static override properties = { outcome: { attribute: false }, strip: { type: Boolean, reflect: true }, bare: { type: Boolean, reflect: true }, tone: { reflect: true } };
  declare outcome: Outcome | null;
  declare strip: boolean;
  /** The word and the advice alone: somebody who is no till. */
  declare bare: boolean;
  declare tone: string;

  constructor() {
    super();
    this.outcome = null;
    this.strip = false;
    this.bare = false;
    this.tone = "";
    new Localized(this);
  }

  override willUpdate(): void {
    this.tone = this.outcome === null ? "" : screenOf(this.outcome.said).tone;
    if (this.outcome === null) return;
    // The largest letters that keep the longest word in one piece: «приостановлено» is no «действует».
    const longest = Math.max(...t(screenOf(this.outcome.said).word).split(" ").map(({ length }) => length));
    this.style.setProperty("--longest", String(longest));
  }

  override render(): TemplateResult | typeof nothing {
    if (this.outcome === null) return nothing;
    const { said, picture, word } = screenOf(this.outcome.said);
    const { verdict } = this.outcome;
    const advice = adviceOf(this.outcome);
    const head = html`<div class="head">${verdictIcons[picture]()}<p class="word">${t(word)}</p></div>`;
    const till = said === "valid" && !this.bare && verdict !== null;
    if (this.strip) {
      const benefits = till ? (verdict.benefits ?? []).map((one) => benefitWords(one.kind, one.value, one.title).main) : [];
      return html`${head}<p class="line">${benefits.length > 0 ? benefits.map((main, index) => html`${index > 0 ? " · " : ""}${main}`) : advice[0] ?? ""}</p>
        ${till && verdict.receipt !== undefined ? html`<p class="line small">${t("scan.receipt")}: ${verdict.receipt}</p>` : nothing}`;
    }
    return html`${head}
      ${advice.length === 0 ? nothing : html`<div class="advice">${advice.map((text) => html`<p>${text}</p>`)}</div>`}
      ${till ? this.#give(verdict) : nothing}
      <slot></slot>`;
  }

  #give(verdict: Verdict): TemplateResult {
    const benefits = verdict.benefits ?? [];
    const signs = benefits.reduce((sum, { title }) => sum + (title ?? "").length, 0);
    return html`
      <section class="give ${benefits.length > 2 || signs > 70 ? "much" : ""}" aria-label=${t("scan.give")}>
        ${benefits.length === 0 ? html`<p class="terms">${t("scan.give_none")}</p>` : html`<ul>${benefits.map(({ kind, value, title, terms }) => {
          const { main, original } = benefitWords(kind, value, title);
          return html`<li><p class="benefit">${main}</p>
            ${original === null ? nothing : html`<p class="terms">${original}</p>`}
            ${terms ? html`<p class="terms" lang=${language() === "ru" ? nothing : "ru"}>${terms}</p>` : nothing}</li>`;
        })}</ul>`}
      </section>
      <dl>
        ${verdict.shift_mark === undefined ? nothing : html`<div class="mark"><dt>${t("scan.mark")}</dt><dd>${verdict.shift_mark}</dd></div>`}
        ${verdict.receipt === undefined ? nothing : html`<div><dt>${t("scan.receipt")}</dt><dd class="receipt">${verdict.receipt}</dd></div>`}
        <div><dt>${t("scan.category")}</dt><dd>${until(verdict)}</dd></div>
        ${this.#age(verdict)}
      </dl>`;
  }

  /** Said only when the state of the right is older than the check itself. */
  #age({ mode, status_as_of }: Verdict): TemplateResult | typeof nothing {
    if (mode === undefined || mode === "online" || status_as_of === undefined) return nothing;
    return html`<div><dt></dt><dd>${t("scan.as_of", { time: clock(status_as_of) })}</dd></div>`;
  }

  static override styles = [sharedStyles, css`
    :host { --on: #ffffff; --field: #4a5450; background: var(--field); color: var(--on); }
    :host([tone="yes"]) { --field: #0b6b2e; }
    :host([tone="no"]) { --field: #ad1220; }
    :host([tone="again"]) { --field: #ffb81c; --on: #241a00; }
    :host([tone="unsure"]) { --field: #ffd98a; --on: #241a00; }
    .head { display: flex; flex-direction: column; align-items: center; gap: clamp(6px, 1.6vh, 20px); text-align: center; }
    .head svg { width: clamp(84px, 21vh, 210px); height: auto; }
    .word { font-size: clamp(1.5rem, min(13vw, (100vw - 36px) / (0.68 * var(--longest, 9)), 11vh), 7rem); font-weight: 850; line-height: 1; letter-spacing: -0.02em; overflow-wrap: break-word; hyphens: manual; max-width: 100%; }
    .advice { display: grid; gap: 6px; max-width: 44rem; text-align: center; font-size: clamp(1.25rem, 3vh, 2rem); line-height: 1.3; font-weight: 550; }
    .give { width: 100%; max-width: 46rem; padding: clamp(10px, 2vh, 20px) 16px; border-radius: var(--radius); background: #ffffff; color: #14201a; text-align: center; }
    .give ul { display: grid; gap: 12px; }
    .benefit { font-size: clamp(1.75rem, min(8.5vw, 6vh), 3.75rem); font-weight: 800; line-height: 1.1; letter-spacing: -0.01em; overflow-wrap: anywhere; }
    .much .benefit { font-size: clamp(1.25rem, min(5.6vw, 3.6vh), 2.25rem); }
    .much ul { gap: 6px; }
    .terms { margin-top: 4px; font-size: clamp(1rem, 2.2vh, 1.25rem); line-height: 1.3; }
    dl { display: flex; flex-wrap: wrap; justify-content: center; gap: 6px 28px; text-align: center; }
    dt { font-size: 0.875rem; font-weight: 500; }
    dd { font-size: 1.125rem; font-weight: 700; }
    .mark dd { font-size: clamp(1.75rem, 4.5vh, 2.5rem); line-height: 1.1; white-space: nowrap; }
    .receipt { font-family: var(--mono); letter-spacing: 0.03em; white-space: nowrap; }

    :host([strip]) { padding: 10px 14px; border-radius: var(--radius); }
    :host([strip]) .head { flex-direction: row; gap: 10px; justify-content: flex-start; text-align: left; }
    :host([strip]) .head svg { width: 28px; stroke-width: 5; }
    :host([strip]) .word { font-size: 1.25rem; letter-spacing: 0; font-weight: 750; }
    .line { margin-top: 4px; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
    .line.small { font-size: 0.875rem; font-weight: 500; }
    :host([tone="yes"]:not([strip], [bare])) .head svg { width: clamp(72px, 15vh, 150px); }
    /* A phone on its side. */
    @media (max-height: 480px) {
      :host(:not([strip])) .head { flex-direction: row; }
      :host(:not([strip])) .head svg { width: 56px; }
    }
    @media (forced-colors: active) { :host { border: 8px double CanvasText; } }
  `];
}

function adviceOf({ said, wait_s }: Outcome): readonly string[] {
  if (said === "rate_limited" && wait_s !== null) return [t("verdict.rate_limited.wait", { count: wait_s })];
  return screenOf(said).advice.map((key) => t(key));
}

/** Everything a screen reader should say at once, in the order in which it matters. */
export function aloud(outcome: Outcome, bare: boolean): string {
  const benefits = bare ? [] : (outcome.verdict?.benefits ?? []).map(({ title }) => title ?? "");
  return [t(screenOf(outcome.said).word), ...benefits, ...adviceOf(outcome)].filter((part) => part !== "").map((part) => part.replace(/[.!?]?$/, ".")).join(" ");
}

function until({ valid_until }: Verdict): string {
  const month = /^(\d{4})-(\d{2})/.exec(valid_until ?? "");
  if (month === null) return "";
  const first = new Date(Date.UTC(Number(month[1]), Number(month[2]) - 1, 1));
  return t("scan.until", { month: new Intl.DateTimeFormat(locale(), { month: "long", year: "numeric", timeZone: "UTC" }).format(first) });
}

/** Hours and minutes by the device's clock. */
export function clock(time: string | number): string {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(new Date(time));
}

customElements.define("ry-verdict", VerdictView);
