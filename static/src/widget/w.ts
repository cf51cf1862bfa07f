/**
 * /w.js: the one line on somebody else's page.
 *
 *     <script async src="https://HOST/w.js" data-center="41.9642,45.0344" data-zoom="12"></script>
 *
 * puts a `<ryadom-map>` where it stands; the element may as well be written by hand. Attributes, without `data-` on the
 * element: options.ts. Changing one changes what is shown.
 *
 * Events, all bubbling: `ryadom-list` ({ count }) when the list stands or stands anew, `ryadom-select` ({ id, name, url })
 * when a place is chosen (cancel it to keep the place's page from opening), `ryadom-map` ({ state: "ready" | "failed" }),
 * `ryadom-move` ({ lon, lat, zoom }) when the map has come to rest.
 *
 * CSS: `--ryadom-font`, `--ryadom-radius`, `--ryadom-height` (two columns), `--ryadom-map-height` (one column).
 *
 * This file stays small and stands alone; the list is a second file, fetched when the element comes near the screen,
 * together with its first answer. The map is a frame of `/embed`, because a map's worker may not run under a stranger's
 * policy; it is fetched when it is in sight. Nothing is kept on the device.
 */
import { expectKey, NEAREST_PATH, nearestBody } from "../api/nearest_body.js";
import { STAVROPOL } from "../geo/stavropol.js";
import type { List, mount as Mount } from "./list.js";
import { readMessage, type ToFrame } from "./messages.js";
import { embedPath, NAMES, readOptions, startOf, type Name, type WidgetOptions } from "./options.js";

/** The list's file, from the root; the build puts its hashed name in. */
declare const LIST_FILE: string;

/** What the bare rows read of an answer. */
interface Answer {
  readonly features: readonly { readonly properties: { readonly id: string; readonly name: string; readonly benefit: string | null } }[];
}

const FILTERS: readonly Name[] = ["category", "open", "benefit"];
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
.first{margin:0;padding:0;list-style:none}.first li{padding:12px;border-top:1px solid #8885}.first a,.first b,.first i{display:block;color:inherit;font-style:normal}
.foot a,.skip{display:inline-block;padding:12px 0;color:var(--brand,LinkText)}
@container (min-width:720px){
.both{grid-template-columns:minmax(0,1fr) minmax(320px,380px)}
.both>div{height:var(--ryadom-height,560px)}
.list{overflow-y:auto;overscroll-behavior:contain}}`;

const WORDS = {
  ru: { loading: "Загружаем места…", failed: "Список не загрузился.", map: "Карта мест со льготами", all: "Все места на карте «Рядом»", skip: "Сразу к списку мест", ask: "Льготу уточните на месте" },
  en: { loading: "Loading places…", failed: "The list did not load.", map: "Map of places with benefits", all: "All places on the Ryadom map", skip: "Straight to the list", ask: "Ask about the benefit on the spot" },
};

const script = document.currentScript as HTMLScriptElement | null;
/** A page that loads this as a module, or by a loader of its own, is looked through for the line. */
const source = script?.src ?? document.querySelector<HTMLScriptElement>('script[src*="/w.js"]')?.src ?? location.href;
const host = new URL(source).origin;

class RyadomMap extends HTMLElement {
  static observedAttributes = NAMES;
  #root: HTMLElement | null = null;
  #list: List | null = null;
  #frame: HTMLIFrameElement | null = null;
  #inSight = false;
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
      this.#inSight = false;
    });
  }

  /** Several at once are one change. */
  attributeChangedCallback(name: Name, before: string | null, after: string | null): void {
    if (this.#root === null || before === after) return;
    if (this.#changed.size === 0) queueMicrotask(() => this.#change());
    this.#changed.add(name);
  }

  #change(): void {
    const onlyFilters = [...this.#changed].every((name) => FILTERS.includes(name));
    this.#changed.clear();
    if (this.#root === null) return;
    const options = this.#options;
    this.#theme(options);
    this.#part("list").hidden = this.#part("skip").hidden = !options.list;
    this.#part("parts").classList.toggle("both", options.list);
    if (this.#list === null) void this.#loadList();
    this.#list?.update(options);
    if (this.#frame === null) return this.#loadMap();
    // The map stays where a hand has put it; and a new address is not a step of the page's history.
    if (onlyFilters) this.#tell({ ryadom: "filter", category: options.categories.join(), open: options.openNow ? "now" : null, benefit: options.free ? "free" : null });
    else this.#frame.contentWindow?.location.replace(this.#address(options));
  }

  /** Marks a place in the list and on the map; null: none. */
  choose(id: string | null): void {
    this.#list?.choose(id);
    this.#tell({ ryadom: "choose", id });
  }

  get #options(): WidgetOptions {
    return readOptions((name) => this.getAttribute(name), document.documentElement.lang);
  }

  #build(): void {
    const options = this.#options;
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // a <style> the page's policy would refuse
    sheet.replaceSync(SHEET);
    shadow.adoptedStyleSheets = [sheet];
    const words = WORDS[options.lang];
    const part = (tag: string, className: string, ...inside: (Node | string)[]): HTMLElement => {
      const element = document.createElement(tag);
      element.className = className;
      element.append(...inside);
      return element;
    };
    const link = document.createElement("a");
    Object.assign(link, { href: `${host}/?lang=${options.lang}`, target: "_blank", rel: "noopener", textContent: words.all });
    const waiting = part("p", "waiting", words.loading);
    waiting.setAttribute("role", "status");
    const list = part("div", "list", waiting);
    list.hidden = !options.list;
    const map = part("div", "map");
    const skip = document.createElement("a");
    Object.assign(skip, { href: "#list", className: "skip", textContent: words.skip, hidden: !options.list });
    skip.addEventListener("click", (event) => {
      event.preventDefault();
      this.#part("list").querySelector<HTMLElement>("a,ry-widget-list")?.focus();
    });
    const parts = part("div", options.list ? "parts both" : "parts", map, list);
    this.#root = part("div", "root", skip, parts, part("p", "foot", link));
    this.#theme(options);
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

  #theme({ theme, lang }: WidgetOptions): void {
    this.#root!.dataset["theme"] = theme;
    this.#root!.lang = lang;
  }

  async #loadList(): Promise<void> {
    const options = this.#options;
    const root = this.#root;
    if (!options.list || root === null || this.#list !== null) return;
    try {
      const asked = nearestBody(startOf(options) ?? STAVROPOL, ROWS, options, options.lang);
      const json = JSON.stringify(asked);
      const first = { key: expectKey(NEAREST_PATH, json), response: fetch(host + NEAREST_PATH, { method: "POST", body: json, credentials: "omit" }) };
      first.response.then((answer) => answer.clone().json()).then((answer: Answer) => {
        if (this.#root === root && this.#list === null) this.#firstRows(answer.features, options);
      }).catch(() => {}); // the list says what is wrong
      const { mount } = (await import(/* @vite-ignore */ host + LIST_FILE)) as { mount: typeof Mount };
      if (this.#root !== root || this.#list !== null) return;
      this.#list = mount(this.#part("list"), { host, rows: ROWS, options: this.#options, first, say: (name, detail) => this.#say(name, detail) });
    } catch {
      // Our host is away, or the page's policy does not name it: a link is what is left.
      if (this.#root !== root) return;
      const waiting = root.querySelector(".waiting");
      if (waiting !== null) waiting.textContent = WORDS[options.lang].failed;
    }
  }

  /** The bare rows, which the answer brings while the list's file is still on its way. */
  #firstRows(features: Answer["features"], options: WidgetOptions): void {
    const rows = document.createElement("ul");
    rows.className = "first";
    for (const { properties: { id, name, benefit } } of features) {
      const row = document.createElement("li");
      const link = document.createElement("a");
      Object.assign(link, { href: `${host}/place/${encodeURIComponent(id)}?lang=${options.lang}`, target: "_blank", rel: "noopener", textContent: name });
      link.dataset["id"] = id;
      const words = document.createElement("b");
      words.textContent = benefit ?? WORDS[options.lang].ask;
      row.append(link, words);
      rows.append(row);
    }
    this.#part("list").replaceChildren(rows);
    this.#say("list", { count: features.length });
  }

  #loadMap(): void {
    if (this.#root === null || this.#frame !== null || !this.#inSight) return;
    const options = this.#options;
    const frame = document.createElement("iframe");
    frame.src = this.#address(options);
    frame.title = WORDS[options.lang].map;
    frame.referrerPolicy = "no-referrer";
    frame.addEventListener("load", () => this.#tell({ ryadom: "hello" }));
    this.#frame = frame;
    this.#part("map").append(frame);
  }

  #address(options: WidgetOptions): string {
    return host + embedPath({ ...options, list: false });
  }

  #tell(message: ToFrame): void {
    this.#frame?.contentWindow?.postMessage(message, host);
  }

  #heard = ({ origin, source, data }: MessageEvent): void => {
    if (origin !== host || source === null || source !== this.#frame?.contentWindow) return;
    const said = readMessage(data);
    if (said === null) return;
    const { ryadom, ...detail } = said;
    if (ryadom === "map") {
      this.#part("map").hidden = detail["state"] === "failed" && this.#options.list;
      this.#part("parts").classList.toggle("both", !this.#part("map").hidden && this.#options.list);
      this.#say("map", detail);
    } else if (ryadom === "view") this.#say("move", detail);
    else if (ryadom === "select") this.#list?.choose(typeof detail["id"] === "string" ? detail["id"] : null);
  };

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
