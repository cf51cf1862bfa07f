/**
 * /w.js: the one line on somebody else's page.
 *
 *     <script async src="https://HOST/w.js" data-center="41.9642,45.0344" data-zoom="12"></script>
 *
 * puts a `<ryadom-map>` where it stands; the element may as well be written by hand. Attributes, without `data-` on the
 * element: options.ts. Changing one changes what is shown.
 *
 * Events, all bubbling: `ryadom-list` ({ count }) when the list stands or stands anew, `ryadom-select` ({ id, name, url })
 * when a place is chosen (cancel it to keep the place's page from opening), `ryadom-filter` ({ category, open, benefit })
 * when a visitor has narrowed what is shown, `ryadom-map` ({ state: "ready" | "failed" }), `ryadom-move` ({ lon, lat, zoom })
 * when the map has come to rest.
 *
 * CSS: `--ryadom-font`, `--ryadom-radius`, `--ryadom-height` (two columns), `--ryadom-map-height` (one column).
 *
 * This file stays small and stands alone; the list is a second file, fetched when the element comes near the screen,
 * together with its first answer. The map is a frame of `/embed`, because a map's worker may not run under a stranger's
 * policy; it is fetched when it is in sight. Nothing is kept on the device. Where the list does not come, or cannot run,
 * the bare rows of this file are the list.
 */
import { expectKey, NEAREST_PATH, nearestBody } from "../api/nearest_body.js";
import { STAVROPOL } from "../geo/stavropol.js";
import type { List, mount as Mount } from "./list.js";
import { readMessage, type ToFrame } from "./messages.js";
import { embedPath, filterTexts, NAMES, readOptions, startOf, type FilterTexts, type Name, type WidgetOptions } from "./options.js";

/** The list's file, from the root; the build puts its hashed name in. */
declare const LIST_FILE: string;

/** What the bare rows read of an answer. */
interface Answer {
  readonly features: readonly {
    readonly properties: { readonly id: string; readonly name: string; readonly benefit: string | null };
    readonly geometry: { readonly coordinates: readonly [number, number] };
  }[];
}

/** Attributes that leave the map's frame where it is. */
const FILTERS: readonly Name[] = ["category", "open", "benefit", "filters"];
const ROWS = 10;
const SHEET = `
:host{display:block;min-width:0}:host([hidden]),[hidden]{display:none!important}
.root{position:relative;container-type:inline-size;font:medium/1.45 var(--ryadom-font,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif);
text-align:start;letter-spacing:normal;color-scheme:light;padding:12px;border-radius:var(--ryadom-radius,14px);
background:var(--ryadom-background,var(--paper,Canvas));color:var(--ink,CanvasText)}
.root[data-theme=dark]{color-scheme:dark}
@media (prefers-color-scheme:dark){.root[data-theme=auto]{color-scheme:dark}}
.parts{display:grid;gap:12px}
.map{height:var(--ryadom-map-height,300px);border-radius:var(--ryadom-radius,14px);overflow:hidden;background:var(--sunken,#8882)}
iframe{display:block;width:100%;height:100%;border:0}
.foot{margin:8px 0 -8px;font-size:14px}
.skip{position:absolute;clip-path:inset(50%)}.skip:focus{position:static;clip-path:none;display:block;padding:12px 0}
.first{margin:0;padding:0;list-style:none}.first li{padding:12px;border-top:1px solid #8885}.first a{display:block;color:inherit}.first div{font-weight:700}
.foot a,.skip{display:inline-block;padding:12px 0;color:var(--brand,LinkText)}
@container (min-width:720px){
.both{grid-template-columns:minmax(0,1fr) minmax(320px,380px)}
.both>div{height:var(--ryadom-height,560px)}
.list{overflow-y:auto;overscroll-behavior:contain}}`;

const WORDS = {
  ru: { loading: "Загружаем места…", failed: "Список не загрузился.", none: "Ничего не нашлось.", map: "Карта мест со льготами", all: "Все места на карте «Рядом»", skip: "Сразу к списку мест", ask: "Льготу уточните на месте" },
  en: { loading: "Loading places…", failed: "The list did not load.", none: "Nothing was found.", map: "Map of places with benefits", all: "All places on the Ryadom map", skip: "Straight to the list", ask: "Ask about the benefit on the spot" },
};

const script = document.currentScript as HTMLScriptElement | null;
/** A page that loads this as a module, or by a loader of its own, is looked through for the line. */
const source = script?.src ?? document.querySelector<HTMLScriptElement>('script[src*="/w.js"]')?.src ?? location.href;
const host = new URL(source).origin;
/** Without constructed sheets (Safari before 16.4) neither the list nor, under its policy, the frame has a look. */
const modern = "adoptedStyleSheets" in document;

class RyadomMap extends HTMLElement {
  static observedAttributes = NAMES;
  #root: HTMLElement | null = null;
  #list: List | null = null;
  #frame: HTMLIFrameElement | null = null;
  #inSight = false;
  /** The frame has come, and hears. */
  #hears = false;
  /** What a visitor has chosen, in the words of the attributes. It is written nowhere. */
  #picked: Partial<Record<Name, string>> = {};
  /** The question that was asked last. */
  #asked = "";
  readonly #changed = new Set<Name>();
  #sight: IntersectionObserver | null = null;

  connectedCallback(): void {
    addEventListener("message", this.#heard);
    if (this.#root === null) this.#build();
  }

  disconnectedCallback(): void {
    removeEventListener("message", this.#heard);
    // The same task may only have moved it: what was built is taken down when it is really gone.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#sight?.disconnect();
      this.#root?.remove();
      this.#root = this.#list = this.#frame = null;
      this.#inSight = this.#hears = false;
    });
  }

  /** Several at once are one change. What the page says last of a filter takes the place of what a visitor has chosen. */
  attributeChangedCallback(name: Name, before: string | null, after: string | null): void {
    if (this.#root === null || (before === after && !(name in this.#picked))) return;
    delete this.#picked[name];
    if (this.#changed.size === 0) queueMicrotask(() => this.#change());
    this.#changed.add(name);
  }

  #change(): void {
    const onlyFilters = [...this.#changed].every((name) => FILTERS.includes(name));
    this.#changed.clear();
    if (this.#root === null) return;
    const options = this.#options;
    this.#dress(options);
    this.#part("list").hidden = this.#part("skip").hidden = !options.list;
    this.#part("parts").classList.toggle("both", !this.#part("map").hidden && options.list);
    if (this.#list === null) void this.#loadList();
    this.#list?.update(options);
    if (this.#frame === null) return this.#loadMap();
    // The map stays where a hand has put it; and a new address is not a step of the page's history.
    if (onlyFilters) this.#tellFilters();
    else this.#frame.contentWindow?.location.replace(this.#address(options));
  }

  /** Marks a place in the list and on the map; null: none. */
  choose(id: string | null): void {
    this.#list?.choose(id);
    this.#tell({ ryadom: "choose", id });
  }

  get #options(): WidgetOptions {
    return readOptions((name) => this.#picked[name] ?? this.getAttribute(name), document.documentElement.lang);
  }

  #filter(texts: FilterTexts): void {
    this.#picked = { ...texts };
    this.#tellFilters();
    this.#say("filter", texts);
  }

  #build(): void {
    const options = this.#options;
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    if (modern) {
      const sheet = new CSSStyleSheet(); // a <style> the page's policy would refuse
      sheet.replaceSync(SHEET);
      shadow.adoptedStyleSheets = [sheet];
    }
    const part = (tag: string, className: string, ...inside: (Node | string)[]): HTMLElement => {
      const element = document.createElement(tag);
      element.className = className;
      element.append(...inside);
      return element;
    };
    const link = document.createElement("a");
    Object.assign(link, { target: "_blank", rel: "noopener" });
    const waiting = part("p", "waiting", WORDS[options.lang].loading);
    waiting.setAttribute("role", "status");
    const list = part("div", "list", waiting);
    list.hidden = !options.list;
    const map = part("div", "map");
    const skip = document.createElement("a");
    Object.assign(skip, { href: "#list", className: "skip", hidden: !options.list });
    skip.addEventListener("click", (event) => {
      event.preventDefault();
      this.#part("list").querySelector<HTMLElement>("a,ry-widget-list")?.focus();
    });
    const parts = part("div", options.list ? "parts both" : "parts", map, list);
    this.#root = part("div", "root", skip, parts, part("p", "foot", link));
    this.#dress(options);
    if (!modern) {
      const style = document.createElement("style");
      style.textContent = SHEET;
      this.#root.prepend(style);
    }
    shadow.append(this.#root);
    this.#sight = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) {
        if (!isIntersecting) continue;
        this.#sight!.unobserve(target);
        if (target === this) void this.#loadList();
        else this.#inSight = true;
      }
      this.#loadMap();
    }, { rootMargin: "200px" });
    this.#sight.observe(this);
    this.#sight.observe(map);
  }

  #part(name: "list" | "map" | "parts" | "skip"): HTMLElement {
    return this.#root!.querySelector<HTMLElement>(`.${name}`)!;
  }

  #dress({ theme, lang }: WidgetOptions): void {
    const words = WORDS[lang];
    this.#root!.dataset["theme"] = theme;
    this.#root!.lang = lang;
    this.#part("skip").textContent = words.skip;
    Object.assign(this.#root!.querySelector(".foot a")!, { href: `${host}/?lang=${lang}`, textContent: words.all });
    if (this.#frame !== null) this.#frame.title = words.map;
  }

  async #loadList(): Promise<void> {
    const options = this.#options;
    const root = this.#root;
    if (!options.list || root === null || this.#list !== null) return;
    const json = JSON.stringify(nearestBody(startOf(options) ?? STAVROPOL, ROWS, options, options.lang));
    const key = (this.#asked = expectKey(NEAREST_PATH, json));
    const response = fetch(host + NEAREST_PATH, { method: "POST", body: json, credentials: "omit" });
    const rows = response.then((answer) => answer.clone().json()).then((answer: Answer) => {
      if (this.#root === root && this.#asked === key) this.#firstRows(answer.features, options);
      return true;
    }).catch(() => false); // the list says what is wrong
    try {
      if (!modern) throw new Error("no constructed style sheets");
      const { mount } = (await import(/* @vite-ignore */ host + LIST_FILE)) as { mount: typeof Mount };
      if (this.#root !== root || this.#list !== null) return;
      this.#list = mount(this.#part("list"), {
        host, rows: ROWS, options: this.#options, first: { key, response }, say: (name, detail) => this.#say(name, detail),
        filter: (filters) => this.#filter(filterTexts(filters)),
      });
    } catch (error) {
      // The browser is too old for it, our host is away, or the page's policy does not name it.
      console.warn("ryadom-map:", error);
      if (!(await rows) && this.#root === root) this.#instead(WORDS[options.lang].failed);
    }
  }

  /** The bare rows, which the answer brings while the list's file is still on its way. */
  #firstRows(features: Answer["features"], { bbox, lang }: WidgetOptions): void {
    const rows = document.createElement("ul");
    rows.className = "first";
    for (const { properties: { id, name, benefit }, geometry: { coordinates: [lon, lat] } } of features) {
      if (bbox !== null && !(lat >= bbox[1] && lat <= bbox[3] && (bbox[0] <= bbox[2] ? lon >= bbox[0] && lon <= bbox[2] : lon >= bbox[0] || lon <= bbox[2]))) continue;
      const row = document.createElement("li");
      const link = document.createElement("a");
      Object.assign(link, { href: `${host}/place/${encodeURIComponent(id)}?lang=${lang}`, target: "_blank", rel: "noopener", textContent: name });
      link.dataset["id"] = id;
      const words = document.createElement("div"); // a line of its own where a policy has refused our style, too
      words.textContent = benefit ?? WORDS[lang].ask;
      row.append(link, words);
      rows.append(row);
    }
    const count = rows.childElementCount;
    if (count === 0 ? this.#instead(WORDS[lang].none) : this.#instead("", rows)) this.#say("list", { count });
  }

  /** Words and rows where the list is waited for; false: the list is there. */
  #instead(words: string, ...rows: HTMLElement[]): boolean {
    const list = this.#part("list");
    const waiting = list.querySelector<HTMLElement>(".waiting");
    if (waiting === null) return false;
    waiting.hidden = words === ""; // shown first, so that a screen reader hears what it says
    waiting.textContent = words;
    list.querySelector(".first")?.remove();
    waiting.after(...rows);
    return true;
  }

  #loadMap(): void {
    if (this.#root === null || this.#frame !== null || !this.#inSight) return;
    const options = this.#options;
    if (!modern && options.list) {
      this.#inSight = false; // once said is enough
      return this.#mapIs({ state: "failed" });
    }
    const frame = document.createElement("iframe");
    frame.src = this.#address(options);
    frame.title = WORDS[options.lang].map;
    frame.referrerPolicy = "no-referrer";
    frame.addEventListener("load", () => {
      this.#hears = true;
      this.#tell({ ryadom: "hello" });
      this.#tellFilters(); // they may have changed since the address was made
    });
    this.#frame = frame;
    this.#part("map").append(frame);
  }

  #address(options: WidgetOptions): string {
    return host + embedPath({ ...options, list: false });
  }

  #tell(message: ToFrame): void {
    if (this.#hears) this.#frame?.contentWindow?.postMessage(message, host);
  }

  #tellFilters(): void {
    this.#tell({ ryadom: "filter", ...filterTexts(this.#options) });
  }

  #heard = ({ origin, source, data }: MessageEvent): void => {
    if (origin !== host || source === null || source !== this.#frame?.contentWindow) return;
    const said = readMessage(data);
    if (said === null) return;
    const { ryadom, ...detail } = said;
    if (ryadom === "map") this.#mapIs(detail);
    else if (ryadom === "view") this.#say("move", detail);
    else if (ryadom === "select") this.#list?.choose(typeof detail["id"] === "string" ? detail["id"] : null);
  };

  #mapIs(detail: { readonly state?: unknown }): void {
    this.#part("map").hidden = detail.state === "failed" && this.#options.list;
    this.#part("parts").classList.toggle("both", !this.#part("map").hidden && this.#options.list);
    this.#say("map", detail);
  }

  /** false: somebody has cancelled it. */
  #say(name: string, detail: unknown): boolean {
    return this.dispatchEvent(new CustomEvent(`ryadom-${name}`, { detail, bubbles: true, composed: true, cancelable: name === "select" }));
  }
}

// Twice the same line on a page, or one of another version: the first defines it.
if (customElements.get("ryadom-map") === undefined) customElements.define("ryadom-map", RyadomMap);

if (script !== null && !("manual" in script.dataset)) {
  const element = document.createElement("ryadom-map");
  for (const name of NAMES) {
    const text = script.dataset[name];
    if (text !== undefined) element.setAttribute(name, text);
  }
  script.after(element);
}
