/**
 * The example pages in English: each phrase of examples/english.json in the place of the Russian one, so that both
 * languages are one page. A phrase without a translation, or one that no page says any more, ends the build.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Language } from "../i18n/index.js";

export const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));

export function exampleNames(): string[] {
  return readdirSync(EXAMPLES).flatMap((file) => (file.endsWith(".html") ? [file.slice(0, -".html".length)] : [])).sort();
}

export function exampleOf(name: string, lang: Language): string {
  const russian = readFileSync(join(EXAMPLES, `${name}.html`), "utf8");
  return lang === "ru" ? russian : english(name, russian);
}

/** Phrases with their translations, the longest first: a shorter one may be a part of it. */
function phrases(): [string, string][] {
  const table = JSON.parse(readFileSync(join(EXAMPLES, "english.json"), "utf8")) as Record<string, string>;
  return Object.entries(table).sort(([one], [other]) => other.length - one.length);
}

function english(name: string, russian: string): string {
  const text = phrases().reduce((page, [from, to]) => page.replaceAll(from, () => to), russian);
  const left = text.split("\n").find((line) => /\p{Script=Cyrillic}/u.test(line));
  if (left !== undefined) throw new Error(`examples/${name}.html: examples/english.json has no words for: ${left.trim()}`);
  return text;
}

/** Phrases that no page says. */
export function unusedPhrases(): string[] {
  const pages = exampleNames().map((name) => exampleOf(name, "ru"));
  return phrases().map(([from]) => from).filter((from) => !pages.some((page) => page.includes(from)));
}
