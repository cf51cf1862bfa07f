/**
 * Expressions of 2GIS' style specification 1.1, as far as a layer here may need them. One that is not known is an error,
 * as are arguments of a shape that the specification does not give.
 */
import type { Expression } from "@2gis/mapgl/types/types/styles.js";

export interface Scope {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly zoom: number;
}

/** A plain value is itself. */
export function evaluate(value: Expression | string | number | boolean, scope: Scope): unknown {
  if (!Array.isArray(value)) return value;
  const [name, ...given] = value;
  const each = (): unknown[] => given.map((one) => evaluate(one as Expression, scope));
  switch (name) {
    case "literal": return given[0];
    case "get": return scope.properties[key(given)] ?? null;
    case "source-attr": case "sourceAttr": return scope.attributes[key(given)] ?? null;
    case "to-boolean": case "toBoolean": return truth(each()[0]);
    case "!": return !truth(each()[0]);
    case "all": return each().every(boolean);
    case "any": return each().some(boolean);
    case "==": case "!=": { const [a, b] = each(); return (a === b) === (name === "=="); }
    case "match": return match(given, scope);
    default: throw new Error(`the specification has no expression ${String(name)}, or this fake does not know it`);
  }
}

/** Pairs of a list of values and what it gives, then what is given else. */
function match([actual, ...given]: readonly unknown[], scope: Scope): unknown {
  const value = evaluate(actual as Expression, scope);
  const fallback = given.at(-1);
  if (given.length % 2 === 0) throw new Error("match has no fallback");
  for (let at = 0; at + 1 < given.length; at += 2) {
    const expected = given[at];
    if (!Array.isArray(expected)) throw new Error("match wants arrays of values");
    if (expected.includes(value)) return evaluate(given[at + 1] as Expression, scope);
  }
  return evaluate(fallback as Expression, scope);
}

function key([name]: readonly unknown[]): string {
  if (typeof name !== "string") throw new Error("the name of an attribute is a string");
  return name;
}

function boolean(value: unknown): boolean {
  if (typeof value !== "boolean") throw new Error(`${JSON.stringify(value)} is no boolean`);
  return value;
}

function truth(value: unknown): boolean {
  return !["", false, 0, null].includes(value as never) && !Number.isNaN(value);
}
