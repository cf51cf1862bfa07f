/**
 * The language of the page and its words. One language at a time for the whole page; elements follow it through
 * `Localized` and never keep a copy of their own.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { cabinetRu } from "./cabinet_ru.js";
import type { deskRu } from "./desk_ru.js";
import type { embedRu } from "./embed_ru.js";
import { en } from "./en.js";
import type { locationRu } from "./location_ru.js";
import type { operatorRu } from "./operator_ru.js";
import { ru, type Dictionary } from "./ru.js";

export type Language = "ru" | "en";
export type Key = keyof typeof ru | keyof typeof operatorRu | keyof typeof deskRu | keyof typeof locationRu | keyof typeof cabinetRu | keyof typeof embedRu;

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

/** Redraws its element when the language changes. */
export class Localized implements ReactiveController {
  readonly #redraw: () => void;
  constructor(host: ReactiveControllerHost) {
    this.#redraw = () => host.requestUpdate();
    host.addController(this);
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
