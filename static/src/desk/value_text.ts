/** A field's value in words, for comparing two versions side by side. */
import type { ContentBenefit, ContentField } from "../api/desk_types.js";
import type { Category } from "../api/types.js";
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
  const called = (code: string): string => categories.find((each) => each.code === code)?.[language()] ?? code;
  if (field === "category") return called(String(value));
  if (field === "benefits") return (value as ContentBenefit[]).map(benefitLine).join("; ");
  if (Array.isArray(value)) return value.map((each) => called(String(each))).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function benefitLine({ title, terms, from, to, hours }: ContentBenefit): string {
  return [title, terms, from && `${t("benefit.from")} ${from}`, to && `${t("benefit.to")} ${to}`, hours].filter(Boolean).join(", ");
}
