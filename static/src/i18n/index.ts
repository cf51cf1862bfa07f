/**
 * The language of the page and its words. One language at a time for the whole page; elements follow it through
 * `Localized` and never keep a copy of their own. The widgets of a stranger's page may each speak another: what stands
 * in a `Speaker` is drawn in the speaker's language.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { builderRu } from "./builder_ru.js";
import type { cabinetRu } from "./cabinet_ru.js";
import type { deskRu } from "./desk_ru.js";
import type { embedRu } from "./embed_ru.js";
import { en } from "./en.js";
import type { locationRu } from "./location_ru.js";
import type { operatorRu } from "./operator_ru.js";
import { ru, type Dictionary } from "./ru.js";
import type { scanRu } from "./scan_ru.js";
import type { walletRu } from "./wallet_ru.js";

export type Language = "ru" | "en";
export type Key = keyof typeof ru | keyof typeof operatorRu | keyof typeof deskRu | keyof typeof locationRu | keyof typeof cabinetRu | keyof typeof embedRu | keyof typeof builderRu | keyof typeof scanRu | keyof typeof walletRu;

const DICTIONARIES: Record<Language, Dictionary> = { ru, en };
const listeners = new Set<() => void>();
let current: Language = "ru";

export function language(): Language {
  return current;
}

export function setLanguage(next: Language): void {
  current = next;
  for (const listener of listeners) listener();
}

/** An element that has a language of its own, with all that its shadow tree holds. */
export interface Speaker {
  speaks?: Language;
}

/** The language of the nearest speaker around `host`, itself first, else the page's. */
export function languageOf(host: object): Language {
  let at: (Speaker & Partial<Node>) | undefined = host;
  while (at !== undefined && at.speaks === undefined) at = (at.getRootNode?.() as Partial<ShadowRoot> | undefined)?.host;
  return at?.speaks ?? current;
}

/** Does `work`, which awaits nothing, in the language of `host`. */
export function speakingAs<T>(host: object, work: () => T): T {
  const outer = current;
  current = languageOf(host);
  try {
    return work();
  } finally {
    current = outer;
  }
}

export function isLanguage(text: string | null): text is Language {
  return text === "ru" || text === "en";
}

/** Words of one page alone, which the others need not fetch. */
export function addWords(more: Readonly<Record<Language, Dictionary>>): void {
  for (const lang of ["ru", "en"] as const) DICTIONARIES[lang] = { ...DICTIONARIES[lang], ...more[lang] };
}

/** The words of `key`. A `count` among the values picks the plural form and is written as the language writes numbers. */
export function t(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  const entry = DICTIONARIES[current][key] ?? key;
  const text = typeof entry === "string" ? entry : (entry[plurals(current).select(Number(values["count"]))] ?? key);
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    return value === undefined ? hole : typeof value === "number" ? formatNumber(value) : value;
  });
}

export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(locale(), options).format(value);
}

export function locale(): string {
  return current === "ru" ? "ru-RU" : "en-GB";
}

/** Redraws its element when the language changes, and always in the element's own. */
export class Localized implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #redraw: () => void;
  #outer: Language = current;
  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    this.#redraw = () => host.requestUpdate();
    host.addController(this);
  }
  hostUpdate(): void {
    this.#outer = current;
    current = languageOf(this.#host);
  }
  hostUpdated(): void {
    current = this.#outer;
  }
  hostConnected(): void {
    listeners.add(this.#redraw);
  }
  hostDisconnected(): void {
    listeners.delete(this.#redraw);
  }
}

const rules = new Map<Language, Intl.PluralRules>();

function plurals(of: Language): Intl.PluralRules {
  let found = rules.get(of);
  if (found === undefined) rules.set(of, (found = new Intl.PluralRules(of)));
  return found;
}
