import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { operatorEn } from "../i18n/operator_en.js";
import { operatorRu } from "../i18n/operator_ru.js";

/** The server, which writes the log. */
const SERVER = new URL("../../../src/", import.meta.url);
const STATES_OF_RIGHTS = ["applied", "confirmed", "refused", "suspended", "revoked", "ended"];
/** Not an act, but who did it. */
const ACTORS = ["agency"];

/** The acts of one file, by the ways in which the server names them: a member, a call that notes it, a choice of two. */
function actsOf(source: string): string[] {
  const named = [...source.matchAll(/\bact: "([a-z-]+)"/g), ...source.matchAll(/\b(?:note|note_key|submitted|write_down)\([^";]*"([a-z-]+)"/g)].map(([, act = ""]) => act);
  const chosen = [...source.matchAll(/let act = (?:[^;\n]*;|[^]*?\n\s*\};)/g)].flatMap(([text]) => [...text.matchAll(/"([a-z-]+)"/g)].map(([, act = ""]) => act));
  return [...named, ...chosen].filter((act) => !ACTORS.includes(act));
}

it("every act that the server writes into the log has words in both languages", () => {
  const files = readdirSync(SERVER, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".rs"));
  const sources = files.map((name) => readFileSync(new URL(name, SERVER), "utf8").split("#[cfg(test)]")[0]!).filter((source) => /audit::|\.write_down\(/.test(source));
  const acts = new Set([...sources.flatMap(actsOf), ...STATES_OF_RIGHTS.map((state) => `right-${state}`)]);
  expect(acts.size).toBeGreaterThan(30);
  for (const words of [operatorRu, operatorEn]) {
    const told = Object.keys(words).filter((key) => key.startsWith("op.act_")).map((key) => key.slice("op.act_".length));
    expect([...acts].filter((act) => !told.includes(act))).toEqual([]); // an act that is no more still stands in old logs
  }
});
