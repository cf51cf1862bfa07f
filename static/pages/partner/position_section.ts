/** Where it is: the address in words, and a pin set by a tap, by dragging, by the keyboard or in numbers. Event `edit` (Content). */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { search } from "../../src/api/client.js";
import type { Content, FieldProblem, Understood } from "../../src/api/desk_types.js";
import type { SearchResult } from "../../src/api/types.js";
import { readNumber, readPair } from "../../src/desk/benefit_title.js";
import { deskStyles } from "../../src/desk/desk_styles.js";
import { failureText } from "../../src/desk/failure.js";
import { problemsOf } from "../../src/desk/field_problems.js";
import { field, problemList } from "../../src/desk/fields.js";
import "../../src/desk/pin_box.js";
import type { LonLat } from "../../src/geo/lon_lat.js";
import { language, Localized, t } from "../../src/i18n/index.js";
import type { View } from "../../src/map/view.js";
import { sharedStyles } from "../../src/ui/shared_styles.js";

const START: View = { lon: 41.9642, lat: 45.0344, zoom: 11 };

class PositionSection extends LitElement {
  static override properties = {
    content: { attribute: false }, problems: { attribute: false }, understood: { attribute: false },
    target: { state: true }, found: { state: true }, more: { state: true }, trouble: { state: true }, failed: { state: true }, q: { state: true },
  };
  declare content: Content;
  declare problems: readonly FieldProblem[];
  declare understood: Understood | null;
  declare target: View;
  declare found: readonly SearchResult[];
  declare trouble: string;
  /** The rarer fields have been unfolded: by a person, or because there is something wrong in them. */
  declare more: boolean;
  declare failed: boolean;
  /** null: not typed by hand, so that it follows the address. */
  declare q: string | null;
  #request = new AbortController();

  constructor() {
    super();
    this.content = {};
    this.problems = [];
    this.understood = null;
    this.target = START;
    this.found = [];
    this.trouble = "";
    this.more = false;
    this.failed = false;
    this.q = null;
    new Localized(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request.abort();
  }

  get #pin(): LonLat | null {
    const { lon, lat } = this.content;
    return lon == null || lat == null ? null : { lon, lat };
  }

  override willUpdate(changed: PropertyValues): void {
    const pin = this.#pin;
    if (changed.has("content") && pin !== null && this.target === START) this.target = { ...pin, zoom: 16 };
    if (changed.has("problems") && problemsOf(this.problems, "fias_id").length > 0) this.more = true;
  }

  override render(): TemplateResult {
    const { content, problems } = this;
    const settlement = this.understood?.settlement ?? null;
    return html`
      ${field({ name: "address", label: t("position.address"), value: content.address, hint: t("position.address_hint"), problems: problemsOf(problems, "address"), autocomplete: "street-address", input: (address) => this.#edit({ address }) })}
      ${field({ name: "address_note", label: t("position.note"), value: content.address_note, hint: t("position.note_hint"), problems: problemsOf(problems, "address_note"), optional: true, input: (address_note) => this.#edit({ address_note }) })}
      <details ?open=${live(this.more)} @toggle=${(event: Event) => { this.more = (event.target as HTMLDetailsElement).open; }}>
        <summary>${t("position.more")}</summary>
        ${field({ name: "fias_id", label: t("position.fias_id"), value: content.fias_id, hint: t("position.fias_id_hint"), problems: problemsOf(problems, "fias_id"), optional: true, maxlength: 60, input: (fias_id) => this.#edit({ fias_id }) })}
      </details>
      ${this.#search()}
      <p class="hint" id="map-hint">${t("position.map")} <span>${t("position.map_keys")}</span></p>
      <ry-pin-box role="group" aria-label=${t("position.pin")} aria-describedby="map-hint" .pin=${this.#pin} .target=${this.target}
        @placed=${(event: CustomEvent<LonLat>) => this.#edit(event.detail)} @failed=${() => { this.failed = true; }}></ry-pin-box>
      <p class=${this.#pin === null ? "soft" : "good"} role="status">${this.#pin === null ? t("position.unset") : settlement === null ? t("position.pin") : t("position.set", { name: settlement.name })}</p>
      ${problemList(problemsOf(problems, "lon", "lat", "position"), "pin-problems")}
      <details ?open=${this.failed}>
        <summary>${t("position.numbers")}</summary>
        <p class="hint">${t("position.paste_hint")}</p>
        <div class="pair">
          ${field({ name: "lat", label: t("position.lat"), value: content.lat, inputmode: "decimal", when_left: true, maxlength: 40, input: (text) => this.#number("lat", text) })}
          ${field({ name: "lon", label: t("position.lon"), value: content.lon, inputmode: "decimal", when_left: true, maxlength: 40, input: (text) => this.#number("lon", text) })}
        </div>
      </details>`;
  }

  #search(): TemplateResult {
    const typed = this.q ?? (this.content.address ?? "").split(",")[0]?.trim() ?? "";
    return html`<div class="find" role="search">
      <div class="field"><label for="settlement">${t("position.settlement")}</label>
        <input id="settlement" type="search" autocomplete="off" aria-describedby="settlement-hint" .value=${typed}
          @input=${(event: Event) => { this.q = (event.target as HTMLInputElement).value; }} @keydown=${this.#key}></div>
      <button type="button" class="button" @click=${() => void this.#find(typed)}>${t("position.find")}</button>
      <p class="hint" id="settlement-hint">${t("position.settlement_hint")}</p>
      <p class=${this.trouble === "" ? "unseen" : "trouble"} role="status">${this.trouble}</p>
      ${this.found.length < 2 ? nothing : html`<ul class="chips" aria-label=${t("position.choose")}>${this.found.map((one) => html`<li><button type="button" class="button" @click=${() => this.#show(one)}>${one.title}${one.detail === null ? nothing : html` <small>${one.detail}</small>`}</button></li>`)}</ul>`}
    </div>`;
  }

  #key = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    void this.#find((event.target as HTMLInputElement).value);
  };

  async #find(q: string): Promise<void> {
    if (q.trim() === "") return;
    this.#request.abort();
    const request = (this.#request = new AbortController());
    this.trouble = "";
    try {
      const results = await search(q.trim(), this.#pin ?? START, language(), request.signal);
      this.found = results.filter(({ kind, lon, lat }) => kind === "settlement" && lon != null && lat != null);
      const [first] = this.found;
      if (first === undefined) this.trouble = t("position.none");
      else this.#show(first, this.found.length < 2);
    } catch (error) {
      if (!request.signal.aborted) this.trouble = failureText(error);
    }
  }

  #show({ lon, lat }: SearchResult, isChoice = true): void {
    if (isChoice) this.found = [];
    if (lon != null && lat != null) this.target = { lon, lat, zoom: 13 };
  }

  #number(name: "lon" | "lat", text: string): void {
    const pair = readPair(text);
    if (pair === null) this.#edit({ [name]: readNumber(text) });
    else this.#edit(pair);
    const pin = pair ?? this.#pin;
    if (pin !== null) this.target = { ...pin, zoom: 16 };
  }

  #edit(detail: Content): void {
    this.dispatchEvent(new CustomEvent<Content>("edit", { detail }));
  }

  static override styles = [sharedStyles, deskStyles, css`
    :host { display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); }
    .find { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 6px 8px; align-items: end; }
    .find > p, .find > ul { grid-column: 1 / -1; }
    ry-pin-box { scroll-margin: 80px; }
    details .pair { margin-top: 10px; }
    #map-hint span { display: none; }
    @media (hover: hover) { #map-hint span { display: inline; } }
  `];
}

customElements.define("ry-position-section", PositionSection);
