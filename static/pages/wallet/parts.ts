/** Small pieces that several screens of the wallet are made of. */
import { html, nothing, svg, type TemplateResult } from "lit";
import { OAuthError, ProblemError } from "../../src/api/request.js";
import { t, type Key } from "../../src/i18n/index.js";
import { icons } from "../../src/ui/icons.js";
import { isNoConnection } from "../../src/wallet/device.js";

const line = (body: unknown, size_px: number): TemplateResult => html`<svg viewBox="0 0 24 24" width=${size_px} height=${size_px} aria-hidden="true"
  fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body}</svg>`;

export const signs = {
  card: (size = 40) => line(svg`<rect x="3" y="5.5" width="18" height="13" rx="2.5"/><circle cx="8.5" cy="11" r="1.8"/><path d="M5.8 15.6a2.9 2.9 0 0 1 5.4 0M14 10.5h4M14 13.8h3"/>`, size),
  done: (size = 40) => line(svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`, size),
  pause: (size = 40) => line(svg`<circle cx="12" cy="12" r="9"/><path d="M10 9v6M14 9v6"/>`, size),
  stop: (size = 40) => line(svg`<circle cx="12" cy="12" r="9"/><path d="m6 6 12 12"/>`, size),
  calendar: (size = 40) => line(svg`<rect x="4" y="5.5" width="16" height="14.5" rx="2.5"/><path d="M4 10h16M8.5 3.5v4M15.5 3.5v4M10 13.2l4 4M14 13.2l-4 4"/>`, size),
  phones: (size = 40) => line(svg`<rect x="2.5" y="5" width="8" height="14" rx="1.8"/><rect x="13.5" y="5" width="8" height="14" rx="1.8"/><path d="m16 11.8 1.5 1.5 2.3-2.6M5.5 16.3h2"/>`, size),
  clock: (size = 40) => line(svg`<circle cx="12" cy="12" r="9"/><path d="M12 7v5.3l3.4 2"/>`, size),
  offline: (size = 40) => line(svg`<path d="M4 4l16 16M8.8 8.9A10 10 0 0 0 3.5 11.4M20.5 11.4A10.4 10.4 0 0 0 12.3 8M6.8 14.8a6.5 6.5 0 0 1 5.2-2.2M12 18.5h.1"/>`, size),
  warn: (size = 24) => line(svg`<path d="M12 4 2.8 19.5h18.4ZM12 10v4.5M12 17h.1"/>`, size),
  voice: (size = 24) => line(svg`<path d="M4 5.5h16v10H11l-4.5 4v-4H4Z"/><path d="M8.2 10.5h.1M12 10.5h.1M15.8 10.5h.1"/>`, size),
  paper: (size = 24) => line(svg`<path d="M6 3.5h9l3.5 3.5v13.5H6ZM9 11h6.5M9 15h6.5"/>`, size),
  lost: (size = 24) => line(svg`<rect x="7" y="3" width="10" height="18" rx="2.2"/><path d="M10.6 9.3a1.6 1.6 0 1 1 2 1.9c-.5.2-.6.5-.6 1M12 15h.1"/>`, size),
  bin: (size = 24) => line(svg`<path d="M4.5 6.5h15M9.5 6V4h5v2M6.5 6.5l1 13.5h9l1-13.5M10.3 10.5v6M13.7 10.5v6"/>`, size),
  more: (size = 24) => line(svg`<path d="M4.5 7h15M4.5 12h15M4.5 17h15"/>`, size),
  next: (size = 22) => line(svg`<path d="m9.5 5.5 6.5 6.5-6.5 6.5"/>`, size),
} as const;

/** A screen below the first one: the way back, the heading that takes the focus. */
export function under(heading: string, body: unknown, back: Key = "wallet.back"): TemplateResult {
  return html`<div class="stack">
    <button type="button" class="back" @click=${() => history.back()}>${icons.back()}<span>${t(back)}</span></button>
    <h1 tabindex="-1">${heading}</h1>${body}</div>`;
}

/** `id` ties it to the field it speaks of. */
export function trouble(words: string | null, id = "trouble"): TemplateResult {
  return html`<div role="alert" id=${id}>${words === null || words === "" ? nothing : html`<p class="trouble">${signs.warn()}<span>${words}</span></p>`}</div>`;
}

/** What to say of a failure that the screen itself knows no better words for. */
export function troubleText(error: unknown): string {
  if (isNoConnection(error)) return t("wallet.trouble_connection");
  if (error instanceof ProblemError && error.problem.status === 429 && error.problem.retry_after_s !== undefined) {
    return t("wallet.trouble_wait", { count: Math.max(1, Math.ceil(error.problem.retry_after_s / 60)) });
  }
  const status = error instanceof ProblemError ? error.problem.status : error instanceof OAuthError ? error.status : 0;
  return t(status === 429 ? "wallet.trouble_often" : "wallet.trouble_server");
}

export function busy(words: string): TemplateResult {
  return html`<p class="busy" role="status">${words}</p>`;
}

/** What is typed into a field for digits: digits alone, whatever was pasted. */
export function digitsOf(event: Event, most: number): string {
  const input = event.target as HTMLInputElement;
  const digits = input.value.replace(/\D/g, "").slice(0, most);
  if (input.value !== digits) input.value = digits;
  return digits;
}
