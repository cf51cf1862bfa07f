/** A content's or a profile's fields in words: codes become names, benefits sentences, a position two numbers. */
import type { Content, DeskBenefit } from "../api/operator_types.js";
import type { Category } from "../api/types.js";
import type { LonLat } from "../geo/lon_lat.js";
import { language, t, type Key } from "../i18n/index.js";
import { benefitSentence } from "./benefit_sentence.js";
import { hoursWords } from "../i18n/hours_words.js";

/** In the order of reading. `position` stands for lon and lat, `phone` for the number with its extension. */
export const FIELDS = [
  "name", "category", "categories_more", "benefits", "address", "address_note", "position", "opening_hours", "hours_unknown",
  "special_hours", "phone", "website", "wheelchair", "photo", "legal_name", "inn", "ogrn", "kpp", "contact_person", "contact_email",
  "contact_phone", "fias_id", "external_id",
] as const;

const WITHIN: readonly string[] = ["lon", "lat", "phone_ext"];

/** Every field either content has: the known ones in order, then the others by name. */
export function fieldsOf(...contents: readonly (Content | null)[]): string[] {
  const known: readonly string[] = FIELDS;
  const given = new Set(contents.flatMap((content) => Object.keys(content ?? {})));
  const others = [...given].filter((field) => !known.includes(field) && !WITHIN.includes(field)).sort();
  return [...known.filter((field) => (field === "position" ? given.has("lon") : given.has(field))), ...others];
}

/** The name of a field, or of the row that shows it. */
export function fieldName(path: string): string {
  const name = path.split(/[.[]/)[0] ?? path;
  const field = name === "lon" || name === "lat" ? "position" : name === "phone_ext" ? "phone" : name;
  const key = `op.field_${field}` as Key;
  const words = t(key);
  return words === key ? field : words;
}

/** One field's value; "" where there is none. Lines are parted by line breaks. */
export function fieldWords(field: string, content: Content | null, known: readonly Category[]): string {
  const value = content?.[field];
  switch (field) {
    case "position": {
      const at = positionOf(content);
      return at === null ? "" : `${at.lat.toFixed(5)}, ${at.lon.toFixed(5)}`;
    }
    case "category":
      return typeof value === "string" ? categoryName(value, known) : "";
    case "categories_more":
      return Array.isArray(value) ? value.map((code) => categoryName(String(code), known)).join(", ") : "";
    case "benefits":
      return Array.isArray(value) ? (value as DeskBenefit[]).map(benefitSentence).join("\n") : "";
    case "opening_hours":
    case "special_hours":
      return typeof value === "string" ? hoursWords(value) : "";
    case "hours_unknown":
      return value === true ? t("op.hours_unknown") : "";
    case "phone": {
      const ext = content?.["phone_ext"];
      return plain(value) + (ext ? ` ${t("card.phone_ext", { ext: String(ext) })}` : "");
    }
    case "wheelchair":
      return value === "yes" || value === "limited" || value === "no" ? t(`card.wheelchair_${value}`) : plain(value);
    default:
      return plain(value);
  }
}

/** The value as it is stored, where its words are our rendering. */
export function fieldCode(field: string, content: Content | null): string {
  const value = content?.[field];
  return (field === "opening_hours" || field === "special_hours") && typeof value === "string" ? value : "";
}

export function positionOf(content: Content | null): LonLat | null {
  const [lon, lat] = [content?.["lon"], content?.["lat"]];
  return typeof lon === "number" && typeof lat === "number" ? { lon, lat } : null;
}

export function categoryName(code: string, known: readonly Category[]): string {
  return known.find((category) => category.code === code)?.[language()] ?? code;
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return t(value ? "op.yes" : "op.no");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
