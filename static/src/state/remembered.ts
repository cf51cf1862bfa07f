/**
 * What the device remembers between visits: language, theme, the last settlement that was typed. A position that the
 * device measured has no key here. Storage may be forbidden or full: then nothing is remembered and nothing breaks.
 */
import type { Settlement } from "../api/types.js";
import { isLanguage, type Language } from "../i18n/index.js";

export type Theme = "auto" | "light" | "dark";

export function rememberedLanguage(): Language | null {
  const text = read("ryadom.language");
  return isLanguage(text) ? text : null;
}

export function rememberLanguage(language: Language): void {
  write("ryadom.language", language);
}

export function rememberedTheme(): Theme {
  const text = read("ryadom.theme");
  return text === "light" || text === "dark" ? text : "auto";
}

export function rememberTheme(theme: Theme): void {
  write("ryadom.theme", theme);
}

export function rememberedSettlement(): Settlement | null {
  try {
    const kept = JSON.parse(read("ryadom.settlement") ?? "null") as Partial<Settlement> | null;
    if (kept === null || typeof kept.id !== "string" || typeof kept.name !== "string") return null;
    if (!within(kept.lon, 180) || !within(kept.lat, 90)) return null;
    return {
      id: kept.id, name: kept.name, lon: kept.lon, lat: kept.lat,
      district: kept.district ?? null, region: kept.region ?? null,
    };
  } catch {
    return null;
  }
}

export function rememberSettlement(settlement: Settlement): void {
  write("ryadom.settlement", JSON.stringify(settlement));
}

function within(value: unknown, bound: number): value is number {
  return typeof value === "number" && Math.abs(value) <= bound;
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // private window or full: see above
  }
}
