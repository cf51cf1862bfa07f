/** The basemap's style as this page needs it. */
import type { StyleSpecification } from "maplibre-gl";
import { basemapStyle } from "../api/client.js";
import type { Language } from "../i18n/index.js";

export type MapTheme = "light" | "dark";

/** Shown until the style has come, and instead of one that does not: pins on plain ground are still a map. */
export function plainStyle(theme: MapTheme): StyleSpecification {
  const ground = theme === "light" ? "#eeebe4" : "#1b211e";
  return { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": ground } }] };
}

export async function loadStyle(theme: MapTheme, lang: Language, signal: AbortSignal): Promise<StyleSpecification> {
  return absolute(await basemapStyle(theme, lang, signal), location.origin) as StyleSpecification;
}

/** The map's worker has no address of its own to resolve `/…` against, so every address gets the page's host. */
export function absolute(style: unknown, origin: string): unknown {
  const { sprite, glyphs, sources, ...rest } = style as Record<string, unknown>;
  const given = Object.entries({ sprite, glyphs, sources }).filter(([, value]) => value !== undefined);
  return { ...rest, ...Object.fromEntries(given.map(([name, value]) => [name, hosted(value, origin)])) };
}

function hosted(value: unknown, origin: string): unknown {
  if (typeof value === "string") return /^\/(?!\/)/.test(value) ? origin + value : value;
  if (Array.isArray(value)) return value.map((item) => hosted(item, origin));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, hosted(member, origin)]));
}

/** What the theme switch and the system say together. */
export function currentTheme(): MapTheme {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Calls back when the theme may have changed; returns the way to stop. */
export function watchTheme(changed: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const page = new MutationObserver(changed);
  page.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  system.addEventListener("change", changed);
  return () => {
    page.disconnect();
    system.removeEventListener("change", changed);
  };
}
