/** The content of a location as values: comparing, the patch between two, and a merge of two people's work. Pure. */
import type { Content, ContentBenefit, ContentField } from "../api/desk_types.js";

/** Every field, in the order of the form. */
export const FIELDS: readonly ContentField[] = [
  "name", "category", "categories_more", "benefits", "opening_hours", "hours_unknown", "special_hours", "address", "address_note", "fias_id",
  "lon", "lat", "phone", "phone_ext", "website", "wheelchair", "photo", "external_id",
];

/** Nothing said: absent, null, an empty text, an empty list, false. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0);
}

export function same(a: unknown, b: unknown): boolean {
  if (isBlank(a) && isBlank(b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, index) => same(each, b[index]));
  if (isRecord(a) && isRecord(b)) return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same(a[key], b[key]));
  return a === b;
}

/** Fields in which two contents differ. */
export function differing(a: Content, b: Content): ContentField[] {
  return FIELDS.filter((field) => !same(a[field], b[field]));
}

/** RFC 7396: what makes `after` of `before`; null removes. */
export function patchOf(before: Content, after: Content): Content {
  return Object.fromEntries(differing(before, after).map((field) => [field, isBlank(after[field]) ? null : after[field]]));
}

/** The content without what says nothing, for a first creation. */
export function tidied(content: Content): Content {
  return Object.fromEntries(FIELDS.filter((field) => !isBlank(content[field])).map((field) => [field, content[field]]));
}

export interface Clash {
  readonly field: ContentField;
  readonly mine: unknown;
  readonly theirs: unknown;
  /** Both changed it since `base`: a person has to choose. */
  readonly both: boolean;
  /** What is taken unless somebody says otherwise. */
  readonly take: "mine" | "theirs";
}

/** Where my work and theirs part, from the `base` both began with. A field that only one changed is that one's. */
export function clashes(base: Content, mine: Content, theirs: Content): Clash[] {
  return differing(mine, theirs).map((field) => {
    const iChanged = !same(base[field], mine[field]);
    const theyChanged = !same(base[field], theirs[field]);
    return { field, mine: mine[field], theirs: theirs[field], both: iChanged && theyChanged, take: iChanged ? "mine" : "theirs" };
  });
}

export function resolved(mine: Content, theirs: Content, takes: Readonly<Partial<Record<ContentField, "mine" | "theirs">>>): Content {
  return { ...mine, ...Object.fromEntries(Object.entries(takes).map(([field, take]) => [field, (take === "mine" ? mine : theirs)[field as ContentField] ?? null])) };
}

/** The codes of a list. Another program may have written them as one text, as in a table's cell. */
export function codesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === "string" ? value.split(/[;|,]/).map((code) => code.trim()).filter((code) => code !== "") : [];
}

export function isEmptyBenefit(benefit: ContentBenefit): boolean {
  return Object.values(benefit).every(isBlank);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
