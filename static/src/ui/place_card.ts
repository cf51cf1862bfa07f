import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Benefit, Category, Feature, LocationDetail } from "../api/types.js";
import { routeLinks } from "../geo/route_links.js";
import { distanceText } from "../i18n/distance_text.js";
import { dateText, dayHoursText, dayName } from "../i18n/hours_text.js";
import { hoursWords } from "../i18n/hours_words.js";
import { language, Localized, t, type Key } from "../i18n/index.js";
import { benefitWords } from "./benefit_line.js";
import { categoryIcon, icons } from "./icons.js";
import { openState, openStateStyles } from "./open_state.js";
import "./refusal_button.js";
import { sharedStyles } from "./shared_styles.js";

/**
 * Everything about one place, the benefit first, then the way there. Says only what is known. The page decides
 * whether it stands in a sheet or in a column. Event `close` from its button; event `retry` from a failed load; event
 * `share` when the place is to be handed on.
 */
export class PlaceCard extends LitElement {
  static override properties = {
    feature: { attribute: false }, known: { attribute: false }, distance_m: { attribute: false }, problem: {}, guest: { type: Boolean },
  };
  declare feature: Feature<LocationDetail> | null;
  declare known: readonly Category[];
  declare distance_m: number | null;
  /** Why there is no card, in words; null while it loads or stands. */
  declare problem: string | null;
  /** On somebody else's page: there is nothing to hand on from here, and a complaint has its place on ours. */
  declare guest: boolean;
  #reading = false;

  constructor() {
    super();
    this.feature = null;
    this.known = [];
    this.distance_m = null;
    this.problem = null;
    this.guest = false;
    new Localized(this);
  }

  /** Puts the focus where reading begins. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
  }

  // The heading that waits and the heading that stands are two elements: reading goes on from one to the other.
  override willUpdate(): void {
    this.#reading = (this.shadowRoot?.activeElement ?? null) !== null;
  }

  override updated(): void {
    if (this.#reading && this.shadowRoot?.activeElement === null) this.focus();
  }

  override render(): TemplateResult {
    return html`<article aria-labelledby="name">
      <button type="button" class="quiet close" aria-label=${t("card.close")}
        @click=${() => this.dispatchEvent(new CustomEvent("close"))}>${icons.close()}</button>
      ${this.feature === null ? this.#absent() : this.#present(this.feature)}
    </article>`;
  }

  #absent(): TemplateResult {
    if (this.problem === null) return html`<h2 id="name" tabindex="-1" class="soft">${t("card.loading")}</h2>`;
    return html`<h2 id="name" tabindex="-1">${t("card.error")}</h2>
      <p role="alert">${this.problem}</p>
      <p class="row"><button type="button" class="button" @click=${() => this.dispatchEvent(new CustomEvent("retry"))}>${t("list.retry")}</button></p>`;
  }

  #present({ geometry, properties: place }: Feature<LocationDetail>): TemplateResult {
    const [lon, lat] = geometry.coordinates;
    const ru = language() === "ru" ? nothing : "ru"; // the language of the partner's words, marked where it differs
    const codes = [place.category, ...(place.categories_more ?? [])];
    const kinds = codes.map((code) => this.known.find((category) => category.code === code)?.[language()]).filter(Boolean);
    return html`
      <p class="kind">${categoryIcon(place.category, 16)}<span>${kinds.join(", ")}</span></p>
      <h2 id="name" tabindex="-1" lang=${ru}>${place.name}</h2>
      <p class="facts">${openState(place, new Date())}${this.distance_m === null ? nothing
        : html`<span class="distance">${distanceText(this.distance_m)}</span>`}</p>
      ${place.photo?.startsWith("/photos/") ? html`<img class="photo" src=${place.photo} width="640" height="400" loading="lazy" alt=${place.name}>` : nothing}

      <section class="offer" aria-label=${t("card.benefits")}>
        ${benefitsOf(place).map((benefit) => benefitBlock(benefit))}
        <p class="show">${t("card.show_card")}</p>
      </section>

      <section>
        <h3>${t("card.route")}</h3>
        <div class="routes">${routeLinks({ lon, lat }).map(({ id, href }) => html`
          <a class="button" data-route=${id} href=${href} target="_blank" rel="noopener noreferrer"
            aria-label=${t("card.route_to", { service: t(`route.${id}`) })}>${t(`route.${id}`)}</a>`)}</div>
        ${place.address === null && !place.address_note ? nothing : html`
          <p class="address" lang=${ru}>${place.address}${place.address_note ? html`<br><span class="soft">${place.address_note}</span>` : nothing}</p>`}
      </section>

      ${this.#contacts(place)}

      <section>
        <h3>${t("card.hours")}</h3>
        ${hoursBlock(place)}
      </section>

      ${this.#about(place)}

      ${this.guest ? nothing : html`<section><button type="button" class="button share" @click=${() => this.dispatchEvent(new CustomEvent("share"))}>
        ${icons.share()}<span>${t("share.place")}</span></button></section>

      <section><ry-refusal-button .of=${place.id}></ry-refusal-button></section>`}`;
  }

  #contacts(place: LocationDetail): TemplateResult | typeof nothing {
    const { phone, site } = place;
    const safeSite = site !== undefined && site !== null && /^https?:\/\//i.test(site) ? site : null;
    if (!phone && safeSite === null) return nothing;
    const ext = place.phone_ext ? ` ${t("card.phone_ext", { ext: place.phone_ext })}` : "";
    return html`<section class="contacts">
      ${!phone ? nothing : html`<a class="button primary" href="tel:${phone}"
        aria-label="${t("card.call")}: ${place.phone_display ?? phone}${ext}">${icons.phone()}<span>${place.phone_display ?? phone}${ext}</span></a>`}
      ${safeSite === null ? nothing : html`<a class="button" href=${safeSite} target="_blank" rel="noopener noreferrer"
        aria-label="${t("card.site")}: ${hostOf(safeSite)} ${t("card.new_tab")}">${icons.site()}<span>${hostOf(safeSite)}</span></a>`}
    </section>`;
  }

  #about(place: LocationDetail): TemplateResult | typeof nothing {
    const ru = language() === "ru" ? nothing : "ru";
    const facts: [Key, unknown][] = [];
    if (place.partner) facts.push(["card.partner", html`<span lang=${ru}>${place.partner.name}</span>`]);
    if (place.wheelchair) facts.push(["card.wheelchair", t(`card.wheelchair_${place.wheelchair}`)]);
    if (place.last_confirmed) facts.push(["card.confirmed", dateText(place.last_confirmed)]);
    if (facts.length === 0) return nothing;
    return html`<section><h3>${t("card.about")}</h3>
      <dl>${facts.map(([key, value]) => html`<div><dt>${t(key)}</dt><dd>${value}</dd></div>`)}</dl></section>`;
  }

  static override styles = [sharedStyles, openStateStyles, css`
    article { position: relative; padding: 16px 16px calc(24px + env(safe-area-inset-bottom)); overflow-wrap: anywhere; }
    .close { position: sticky; z-index: 2; top: 8px; float: right; margin: -6px -6px 0 8px; background: var(--surface); border-radius: 50%; }
    .close:hover { background: var(--sunken); }
    .kind { display: flex; align-items: center; gap: 8px; min-height: 32px; color: var(--brand-deep); font-size: 0.875rem; font-weight: 600; }
    .kind svg { flex: none; }
    h2 { font-size: 1.375rem; line-height: 1.2; letter-spacing: -0.01em; font-weight: 700; }
    h2:focus-visible { outline-offset: 4px; border-radius: 2px; }
    h3 { margin-bottom: 8px; font-size: 0.9375rem; font-weight: 650; color: var(--ink); }
    section { clear: right; padding-top: 20px; }
    .soft { color: var(--ink-soft); font-weight: 500; }
    .row { margin-top: 16px; }
    .facts { display: flex; justify-content: space-between; align-items: baseline; gap: 12px; margin-top: 8px; }
    .facts .state { font-size: 1rem; }
    .distance { flex: none; color: var(--ink-soft); white-space: nowrap; }
    .photo { display: block; width: 100%; height: auto; aspect-ratio: 16 / 10; margin-top: 12px; object-fit: cover; border-radius: var(--radius); background: var(--sunken); }
    .offer { margin-top: 16px; padding: 16px; border-radius: var(--radius); background: var(--benefit-soft); display: grid; gap: 14px; }
    .offer strong { display: block; font-size: 1.25rem; line-height: 1.25; color: var(--benefit); }
    .offer p { font-size: 0.9375rem; }
    .show { padding-top: 12px; border-top: 1px solid color-mix(in srgb, var(--benefit) 25%, transparent); color: var(--ink); }
    .routes { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
    .routes .button { padding: 8px; font-size: 0.9375rem; text-align: center; }
    .address { margin-top: 12px; }
    .contacts { display: flex; flex-wrap: wrap; gap: 8px; }
    .contacts .button { flex: 1 1 auto; }
    table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th { font-weight: 400; text-align: left; }
    th, td { padding: 7px 0; border-top: 1px solid var(--line); vertical-align: baseline; }
    tr:first-child > * { border-top: 0; }
    td { text-align: right; padding-left: 12px; }
    td span { white-space: nowrap; }
    th small { color: var(--ink-soft); font-size: 0.8125rem; }
    .today > * { font-weight: 700; }
    .today { color: var(--brand-deep); }
    .off td { color: var(--ink-soft); }
    .note { margin-top: 8px; font-size: 0.9375rem; color: var(--ink-soft); }
    dl { display: grid; gap: 8px; }
    dl div { display: flex; justify-content: space-between; gap: 16px; }
    dt { color: var(--ink-soft); }
    dd { text-align: right; }
    @media (min-width: 1024px) {
      article { padding: 20px 22px 24px; }
    }
  `];
}

/** The card's benefits; a place that lists none still has the one its row shows. */
function benefitsOf(place: LocationDetail): readonly Benefit[] {
  if (place.benefits !== undefined && place.benefits.length > 0) return place.benefits;
  return [{ kind: place.benefit_kind, value: place.benefit_value, title: place.benefit }];
}

function benefitBlock({ kind, value, title, terms = null, from = null, to = null, hours = null }: Benefit): TemplateResult {
  const { main, original } = benefitWords(kind, value, title);
  const dates = from !== null && to !== null ? t("card.valid_range", { from: dateText(from), to: dateText(to) })
    : from !== null ? t("card.valid_from", { from: dateText(from) })
    : to !== null ? t("card.valid_to", { to: dateText(to) })
    : null;
  return html`<div>
    <strong>${main}</strong>
    ${original === null ? nothing : html`<p>${original}</p>`}
    ${terms === null ? nothing : html`<p lang=${language() === "ru" ? nothing : "ru"}>${terms}</p>`}
    ${hours === null ? nothing : html`<p>${t("card.benefit_hours", { hours: hoursWords(hours) })}</p>`}
    ${dates === null ? nothing : html`<p class="soft">${t("card.valid", { dates })}</p>`}
  </div>`;
}

function hoursBlock(place: LocationDetail): TemplateResult {
  const week = place.hours_week ?? null;
  const ru = language() === "ru" ? nothing : "ru";
  if (week === null) {
    const unknown = place.phone ? t("card.hours_unknown") : t("card.hours_unknown_no_phone");
    // A rule we could not read is still worth more to a person than nothing.
    return html`<p>${unknown}</p>${place.hours ? html`<p class="note">${t("card.hours_raw", { hours: place.hours })}</p>` : nothing}`;
  }
  return html`<table>
    <tbody>${week.map((day, index) => {
      const { weekday, date } = dayName(day);
      const remarks = [index === 0 ? t("card.hours_today") : date, ...(day.holiday ? [t("card.hours_holiday")] : [])];
      const kind = `${index === 0 ? "today" : ""} ${day.intervals.length === 0 ? "off" : ""}`;
      return html`<tr class=${kind} aria-current=${index === 0 ? "date" : nothing}>
        <th scope="row">${weekday} <small>${remarks.join(", ")}</small></th>
        <td><span>${dayHoursText(day)}</span>${day.comment === undefined ? nothing
          : html` <small lang=${ru}>${day.comment}</small>`}</td></tr>`;
    })}</tbody></table>`;
}

function hostOf(url: string): string {
  try {
    return new URL(url).host.replace(/^www\./, "");
  } catch {
    return url;
  }
}

customElements.define("ry-place-card", PlaceCard);
