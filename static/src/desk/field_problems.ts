/** Problems and the fields they belong to. The server may write `benefits[0].value`, `benefits.0.value` or `location.name`. */
import type { FieldProblem } from "../api/desk_types.js";

/** One spelling: `benefits.0.value`, without the name of the whole. */
export function fieldPath(field: string): string {
  return field.replaceAll(/\[(\d+)\]/g, ".$1").replace(/^(content|location|partner|profile)\.(?=.)/, "");
}

/** The field at the root: `benefits` of `benefits.0.value`; a position is one thing. */
export function rootOf(field: string): string {
  const root = fieldPath(field).split(".")[0] ?? "";
  return root === "lat" || root === "position" ? "lon" : root === "hours" || root === "hours_unknown" ? "opening_hours" : root;
}

/** Problems of exactly this field. */
export function problemsOf(problems: readonly FieldProblem[], ...fields: string[]): FieldProblem[] {
  return problems.filter((problem) => fields.includes(fieldPath(problem.field)));
}

/** Problems of this field and everything in it. */
export function problemsUnder(problems: readonly FieldProblem[], root: string): FieldProblem[] {
  return problems.filter((problem) => rootOf(problem.field) === root);
}

export const isFault = ({ severity }: FieldProblem): boolean => severity === "reject";

/** Ours where the server has said nothing of the field yet: its words win. */
export function serverWins(ours: readonly FieldProblem[], server: readonly FieldProblem[]): FieldProblem[] {
  const said = new Set(server.map(({ field }) => fieldPath(field)));
  return [...server, ...ours.filter(({ field }) => !said.has(fieldPath(field)))];
}
