/** The line a benefit begins with, out of its kind and value; a person's own words are never replaced. */
import type { ContentBenefit } from "../api/desk_types.js";
import { benefitText } from "../i18n/benefit_text.js";

/** `benefit` after `patch`, its title following kind and value as long as nobody wrote another. */
export function withTitle(benefit: ContentBenefit, patch: ContentBenefit): ContentBenefit {
  const after = { ...benefit, ...patch };
  if ("title" in patch) return after;
  const before = benefitText(benefit.kind ?? null, benefit.value ?? null);
  const isOurs = !benefit.title || benefit.title === before;
  return isOurs ? { ...after, title: benefitText(after.kind ?? null, after.value ?? null) } : after;
}

/** «12,5» and «1 000»; null: no number. */
export function readNumber(text: string): number | null {
  const plain = text.trim().replaceAll(/[\s\u00a0]/g, "").replace(",", ".").replace(/[%₽]$/, "");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

/** «45.0362, 41.9634» as map apps show it, latitude first; null: not a pair. */
export function readPair(text: string): { readonly lon: number; readonly lat: number } | null {
  const parts = /^\s*(-?\d{1,3}[.,]\d+)[\s,;]+(-?\d{1,3}[.,]\d+)\s*$/.exec(text);
  const [lat, lon] = parts === null ? [null, null] : [readNumber(parts[1] ?? ""), readNumber(parts[2] ?? "")];
  return lat === null || lon === null || Math.abs(lat) > 90 || Math.abs(lon) > 180 ? null : { lon, lat };
}
