/** What an edit changes, field by field, in words. */
import type { Content } from "../api/operator_types.js";
import type { Category } from "../api/types.js";
import { distanceM } from "../geo/distance.js";
import { fieldCode, fieldsOf, fieldWords, positionOf } from "./content_words.js";

export interface FieldChange {
  readonly field: string;
  /** "": there was, or will be, nothing. */
  readonly before: string;
  readonly after: string;
  /** As stored, where the words are our rendering. */
  readonly code_before: string;
  readonly code_after: string;
  readonly changed: boolean;
  /** How far the place moves, for the position. */
  readonly moved_m: number | null;
}

/**
 * Every field that either side has, in the order of reading.
 *
 * # Shape
 * Without `before` (something new) every field counts as changed.
 */
export function contentDiff(before: Content | null, after: Content, known: readonly Category[]): readonly FieldChange[] {
  return fieldsOf(before, after).map((field) => {
    const [old, next] = [positionOf(before), positionOf(after)];
    const sides = { before: fieldWords(field, before, known), after: fieldWords(field, after, known) };
    const codes = { code_before: fieldCode(field, before), code_after: fieldCode(field, after) };
    const changed = sides.before !== sides.after || codes.code_before !== codes.code_after;
    return { field, ...sides, ...codes, changed, moved_m: field === "position" && changed && old !== null && next !== null ? distanceM(old, next) : null };
  }).filter(({ before: b, after: a }) => b !== "" || a !== "");
}

/** What is to be looked at: the changes of an edit, or all of something new. */
export function changedFields(rows: readonly FieldChange[]): readonly FieldChange[] {
  return rows.filter(({ changed }) => changed);
}
