/** A field's value in words, for comparing two versions side by side. */
import type { ContentBenefit, ContentField } from "../api/desk_types.js";
import type { Category } from "../api/types.js";
import { language, t, type Key } from "../i18n/index.js";
import { isBlank } from "./content.js";

export function fieldName(field: string): string {
  return t(`field.${field}` as Key);
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
