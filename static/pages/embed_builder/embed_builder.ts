/**
 * `/embed/builder`: a site owner sets the widget up by looking at it and copies the line. The preview is the widget itself,
 * and where its map comes to rest is what the line says.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { SearchResult } from "../../src/api/types.js";
import { STAVROPOL } from "../../src/geo/stavropol.js";
import { builderEn } from "../../src/i18n/builder_en.js";
import { builderRu } from "../../src/i18n/builder_ru.js";
import { embedEn } from "../../src/i18n/embed_en.js";
import { embedRu } from "../../src/i18n/embed_ru.js";
import { addWords, language, Localized, t } from "../../src/i18n/index.js";
import type { Bbox, View } from "../../src/map/view.js";
import { bboxOf } from "../../src/map/view.js";
import { Known } from "../../src/map_list/known.js";
import { readConfig } from "../../src/state/config.js";
import type { Filters } from "../../src/ui/filter_bar.js";
import "../../src/ui/filter_bar.js";
import "../../src/ui/page_footer.js";
import "../../src/ui/page_header.js";
import "../../src/ui/search_box.js";
import { readOptions, textsOf, type FilterTexts, type WidgetOptions } from "../../src/widget/options.js";
import { frameLine, policyLine, scriptLine } from "../../src/widget/snippet.js";
import { builderStyles } from "./builder_styles.js";

const START_ZOOM = 12;
const THEMES = ["auto", "light", "dark"] as const;
const BRAND = "#0d6e5f";

addWords({ ru: { ...embedRu, ...builderRu }, en: { ...embedEn, ...builderEn } });

class EmbedBuilder extends LitElement {
  static override properties = {
    filters: { state: true }, view: { state: true }, area: { state: true }, lang: { state: true }, theme: { state: true },
    accent: { state: true }, list: { state: true }, chips: { state: true }, narrow: { state: true }, copied: { state: true },
  };
  declare filters: Filters;
  /** Where the preview's map stands. */
  declare view: View;
  /** What is in sight there, when only that is to be listed. */
  declare area: Bbox | null;
  declare lang: "" | "ru" | "en";
  declare theme: WidgetOptions["theme"];
  declare accent: string | null;
  declare list: boolean;
  /** Visitors may narrow the list by themselves. */
  declare chips: boolean;
  declare narrow: boolean;
  /** The line that was copied last, or could not be. */
  declare copied: { readonly line: string; readonly done: boolean } | null;

  readonly #config = readConfig();
  readonly #known = new Known(this);
  #widget: HTMLElement | null = null;

  constructor() {
    super();
    this.filters = { categories: [], openNow: false, free: false };
    this.view = { ...STAVROPOL, zoom: START_ZOOM };
    this.area = null;
    this.lang = "";
    this.theme = "auto";
    this.accent = null;
    this.list = true;
    this.chips = true;
    this.narrow = false;
    this.copied = null;
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#titled();
  }

  override render(): TemplateResult {
    const options = this.#options;
    return html`
      <header><ry-page-header ?demo=${this.#config.demo} @language=${this.#titled}></ry-page-header></header>
      <main>
        <h1>${t("builder.heading")}</h1>
        <p class="lead">${t("builder.lead")}</p>
        <div class="columns">
          <form @submit=${(event: Event) => event.preventDefault()}>
            <fieldset>
              <legend>${t("builder.where")}</legend>
              <ry-search-box .near=${this.view} @pick=${this.#picked}></ry-search-box>
              <p class="hint">${t("builder.where_hint")}</p>
              ${this.#check(t("builder.only_area"), this.area !== null, (on) => (this.area = on ? this.#inSight() : null))}
            </fieldset>
            <fieldset>
              <legend>${t("builder.what")}</legend>
              <ry-filter-bar .known=${this.#known.categories} .filters=${this.filters} @filters=${(event: CustomEvent<Filters>) => (this.filters = event.detail)}></ry-filter-bar>
            </fieldset>
            <fieldset>
              <legend>${t("builder.look")}</legend>
              ${this.#check(t("builder.list"), this.list, (on) => (this.list = on))}
              ${this.list ? this.#check(t("builder.chips"), this.chips, (on) => (this.chips = on)) : nothing}
              <label class="field"><span>${t("builder.language")}</span>
                <select @change=${(event: Event) => (this.lang = valueOf(event) as "" | "ru" | "en")}>
                  <option value="">${t("builder.language_auto")}</option>
                  <option value="ru" lang="ru">Русский</option><option value="en" lang="en">English</option>
                </select></label>
              <label class="field"><span>${t("builder.theme")}</span>
                <select @change=${(event: Event) => (this.theme = valueOf(event) as WidgetOptions["theme"])}>
                  ${THEMES.map((theme) => html`<option value=${theme}>${t(`builder.theme_${theme}`)}</option>`)}
                </select></label>
              ${this.#check(t("builder.accent"), this.accent !== null, (on) => (this.accent = on ? BRAND : null))}
              ${this.accent === null ? nothing : html`<label class="field"><span>${t("builder.accent_pick")}</span>
                <input type="color" .value=${this.accent} @change=${(event: Event) => (this.accent = valueOf(event))}></label>`}
            </fieldset>
          </form>
          <section class="preview" aria-labelledby="preview">
            <div class="bar"><h2 id="preview">${t("builder.preview")}</h2>
              <div role="group" aria-label=${t("builder.width")}>${([true, false] as const).map((narrow) => html`
                <button type="button" class="button" aria-pressed=${this.narrow === narrow ? "true" : "false"} @click=${() => (this.narrow = narrow)}>${
                  t(narrow ? "builder.width_phone" : "builder.width_page")}</button>`)}</div></div>
            <div class=${this.narrow ? "stage phone" : "stage"} @ryadom-move=${this.#moved} @ryadom-filter=${this.#narrowed} @ryadom-select=${(event: Event) => event.preventDefault()}></div>
          </section>
          <section class="code" aria-labelledby="code">
            <h2 id="code">${t("builder.code")}</h2>
            ${this.#line("script", t("builder.code_script"), scriptLine(location.origin, options))}
            ${this.#line("frame", t("builder.code_frame"), frameLine(location.origin, { ...options, lang: options.lang ?? language() }, t("embed.heading")))}
            <p>${t("builder.policy")}</p>
            ${this.#line("policy", "Content-Security-Policy", policyLine(location.origin))}
          </section>
        </div>
      </main>
      <footer><ry-page-footer other="map"></ry-page-footer></footer>`;
  }

  #check(words: string, on: boolean, set: (on: boolean) => void): TemplateResult {
    return html`<label class="check"><input type="checkbox" .checked=${on}
      @change=${(event: Event) => set((event.currentTarget as HTMLInputElement).checked)}><span>${words}</span></label>`;
  }

  #line(name: string, words: string, line: string): TemplateResult {
    const copied = this.copied?.line === line ? this.copied : null;
    return html`<div class="line" data-line=${name}>
      <h3 id="line-${name}">${words}</h3>
      <pre tabindex="0" role="group" aria-labelledby="line-${name}"><code>${line}</code></pre>
      <button type="button" class=${name === "script" ? "button primary" : "button"} @click=${() => void this.#copy(line)}>${
        t(copied?.done === true ? "builder.copied" : "builder.copy")}<span class="unseen">: ${words}</span></button>
      <p role="status">${copied?.done === false ? t("builder.copy_failed") : ""}</p>
    </div>`;
  }

  override firstUpdated(): void {
    this.#widget = document.createElement("ryadom-map");
    this.renderRoot.querySelector(".stage")!.append(this.#widget);
    this.#show({ ...this.#options, lang: language() });
    const script = document.createElement("script");
    script.src = "/w.js";
    script.dataset["manual"] = ""; // it has its element
    document.head.append(script);
  }

  override updated(changed: PropertyValues): void {
    // Where the map stands it knows: to be told would set it anew under the hand.
    const others = [...changed.keys()].filter((name) => name !== "view" && name !== "copied" && name !== "narrow");
    if (this.#widget !== null && others.length > 0) this.#show({ ...this.#options, lang: this.lang || language() });
  }

  #show(options: Partial<WidgetOptions>): void {
    const texts = new Map<string, string>(textsOf(options));
    for (const name of this.#widget!.getAttributeNames()) if (!texts.has(name)) this.#widget!.removeAttribute(name);
    for (const [name, text] of texts) if (this.#widget!.getAttribute(name) !== text) this.#widget!.setAttribute(name, text);
  }

  get #options(): Partial<WidgetOptions> {
    const { categories, openNow, free } = this.filters;
    const { lon, lat, zoom } = this.view;
    return {
      ...(this.area === null ? { center: { lon, lat }, zoom } : { bbox: this.area }),
      categories, openNow, free, theme: this.theme, accent: this.accent, list: this.list, filters: this.chips || !this.list,
      ...(this.lang === "" ? {} : { lang: this.lang }),
    };
  }

  #inSight(): Bbox {
    const map = this.#widget?.shadowRoot?.querySelector(".map")?.getBoundingClientRect();
    return bboxOf(this.view, { width_px: map?.width ?? 640, height_px: map?.height ?? 400 });
  }

  #picked = (event: CustomEvent<SearchResult>): void => {
    const { kind, id, category, lon, lat } = event.detail;
    if (kind === "category") this.filters = { ...this.filters, categories: [category ?? id] };
    else if (lon != null && lat != null) {
      this.view = { lon, lat, zoom: START_ZOOM };
      this.area = null;
      this.#show({ ...this.#options, lang: this.lang || language() });
    }
  };

  #moved = (event: CustomEvent<View>): void => {
    this.view = event.detail;
  };

  /** Who tries the preview's chips sees the line follow. */
  #narrowed = ({ detail }: CustomEvent<FilterTexts>): void => {
    const { categories, openNow, free } = readOptions((name) => (detail as Partial<Record<string, string>>)[name] ?? null);
    this.filters = { categories, openNow, free };
  };

  async #copy(line: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(line);
      this.copied = { line, done: true };
    } catch {
      this.copied = { line, done: false };
    }
  }

  #titled = (): void => {
    document.documentElement.lang = language();
    document.title = t("builder.title");
    if (this.#widget !== null) this.#show({ ...this.#options, lang: this.lang || language() });
  };

  static override styles = builderStyles;
}

function valueOf(event: Event): string {
  return (event.currentTarget as HTMLInputElement | HTMLSelectElement).value;
}

customElements.define("ry-embed-builder", EmbedBuilder);
