/** A field's value in words, for comparing two versions side by side. */
import type { ContentBenefit, ContentField, LocationRow } from "../api/desk_types.js";
import type { Category } from "../api/types.js";
import { benefitText } from "../i18n/benefit_text.js";
import { hoursWords } from "../i18n/hours_words.js";
import { language, t, type Key } from "../i18n/index.js";
import { isBlank } from "./content.js";
import { rootOf } from "./field_problems.js";

export function fieldName(field: string): string {
  const key = `field.${field}`;
  const words = t(key as Key);
  return words === key ? field : words; // a field younger than this page
}

/** What a problem speaks of: both numbers of a position are one thing. */
export function problemName(field: string): string {
  const root = rootOf(field);
  return fieldName(root === "lon" ? "position" : root);
}

export function valueText(field: ContentField, value: unknown, categories: readonly Category[] = []): string {
  if (isBlank(value)) return t("clash.nothing");
  if (typeof value === "boolean") return t("desk.yes");
  if (field === "wheelchair") return t(`card.wheelchair_${value as "yes"}`);
  if ((field === "opening_hours" || field === "special_hours") && typeof value === "string") return hoursWords(value);
  const called = (code: string): string => categories.find((each) => each.code === code)?.[language()] ?? code;
  if (field === "category") return called(String(value));
  if (field === "benefits") return (value as ContentBenefit[]).map(benefitLine).join("; ");
  if (Array.isArray(value)) return value.map((each) => called(String(each))).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** In a choice among many, where the name alone does not tell the shops of a chain apart. */
export function rowName({ name, address }: Pick<LocationRow, "name" | "address">): string {
  return [name || t("list.unnamed"), address].filter(Boolean).join(" — ");
}

function benefitLine({ title, kind, value, terms, from, to, hours }: ContentBenefit): string {
  const label = benefitText(kind ?? null, value ?? null);
  const spaced = (text: string): string => text.replaceAll(/\s/g, " "); // ours are written with unbreakable ones
  const isSaid = label !== null && spaced(title ?? "").includes(spaced(label));
  return [isSaid ? null : label, title, terms, from && `${t("benefit.from")} ${from}`, to && `${t("benefit.to")} ${to}`, hours && hoursWords(hours)].filter(Boolean).join(", ");
}
