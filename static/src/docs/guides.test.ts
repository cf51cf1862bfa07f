import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exampleNames, exampleOf, unusedPhrases } from "../build/english.js";
import { readGuides, render } from "../build/guides.js";
import { fences, fits, linesFit } from "./fences.js";
import { GUIDES } from "./guide_names.js";

const read = (lang: string, name: string): string => readFileSync(new URL(`../../../docs/guides/${lang}/${name}.md`, import.meta.url), "utf8");
/** What a language may say in its own words: comments, texts that are printed, and its own tag. */
const bare = (text: string): string => text
  .replaceAll(/--data lang=en |\?lang=en/g, "").replaceAll(/lang=("?)(ru|en)/g, "lang=$1").replaceAll(/title="[^"]*"/g, "")
  .replaceAll(/ \/\/ .*$/gm, "").replaceAll(/console\.log\("[^"]*"/g, "console.log(").replaceAll(/[а-яё]+ (\d+): …/gi, "$1: …").replaceAll(/character (\d+): …/g, "$1: …");

describe.each(GUIDES)("%s", (name) => {
  it("has the same examples in both languages", () => {
    const [ru, en] = [fences(read("ru", name)), fences(read("en", name))];
    expect(en.map(({ kind, about }) => `${kind} ${about}`)).toEqual(ru.map(({ kind, about }) => `${kind} ${about}`));
    for (const [i, { kind, text }] of ru.entries()) if (kind !== "text") expect(bare(en[i]!.text), `block ${i}`).toBe(bare(text));
  });

  it("has the same chapters and tables in both", () => {
    const shape = (text: string): string[] => text.split("\n").filter((line) => /^#+ |^\|/.test(line)).map((line) => (line.startsWith("#") ? line.split(" ")[0]! : String(line.split("|").length)));
    expect(shape(read("en", name))).toEqual(shape(read("ru", name)));
    expect(read("en", name), "no Russian is left").not.toMatch(/[а-яё]{4,}/i.exec(read("en", name).replaceAll("музей", "").replaceAll("Музеи и выставки", ""))?.[0] ?? "\u0000");
  });
});

it("every example page is shown in some guide, and titled", () => {
  const shown = new Set(GUIDES.flatMap((name) => fences(read("ru", name)).filter(({ kind }) => kind === "example").map(({ about }) => `${about}.html`)));
  const pages = readdirSync(new URL("../../examples/", import.meta.url)).filter((file) => file.endsWith(".html"));
  expect([...shown].sort()).toEqual(pages.sort());
  for (const page of pages) expect(readFileSync(new URL(`../../examples/${page}`, import.meta.url), "utf8"), page).toMatch(/<title>[^<]+<\/title>/);
});

it("every example page is there in English, and no translation is without its page", () => {
  expect(exampleNames().length).toBeGreaterThan(10);
  for (const name of exampleNames()) {
    const [ru, en] = [exampleOf(name, "ru"), exampleOf(name, "en")];
    expect(en, name).not.toMatch(/[а-яё]/i);
    expect(en, name).toContain('<html lang="en">');
    expect(en.split("\n").length, name).toBe(ru.split("\n").length);
  }
  expect(unusedPhrases()).toEqual([]);
});

it("guides become pages: titles, examples in frames, links in their language", () => {
  const { title, summary, html } = readGuides("en").find(({ name }) => name === "first-map")!;
  expect(title).toBe("Your first map in a minute");
  expect(summary).toMatch(/^One line puts a map/);
  expect(html).toContain('<iframe src="/docs/examples/first-map.html?lang=en" title="The first map"');
  expect(html).toContain('href="/docs/widget?lang=en"');
  expect(html).not.toContain("<script");
});

it("Markdown is all that a guide may hold", () => {
  const { html } = render("x", "# A & B\n\nFirst `<b>`.\n\n<script>alert(1)</script>\n\n| a | b |\n| --- | --- |\n| `1` | 2 |\n\n```sh\necho '<&>'\n```\n", "en");
  expect(html).toContain("<h1 id=\"a-b\">A &amp; B</h1>");
  expect(html).not.toContain("<script>");
  expect(html).toContain('tabindex="0" role="group" aria-label="a, b"');
  expect(html).toContain("&lt;&amp;&gt;");
  expect(() => render("x", "# T\n\nFirst.\n\n```example nothing\n```\n", "ru")).toThrow("examples/nothing.html");
  expect(() => render("x", "Only text.", "ru")).toThrow("no title");
});

it("an answer fits what is shown, and nothing else does", () => {
  expect(fits({ a: "…", b: [1, "…"] }, { a: null, b: [1, 2, 3], c: 4 })).toBe(true);
  expect(fits({ a: "…" }, {})).toBe(false);
  expect(fits([1, 2], [1, 2, 3])).toBe(false);
  expect(fits(["…", "…"], [1, 2])).toBe(true);
  expect(fits({ d: "sign 25: …" }, { d: "sign 25: no\nsuch" })).toBe(true);
  expect(fits({ d: "sign 25: …" }, { d: "sign 24: no" })).toBe(false);
  expect(linesFit("…\nLayer\n…", "a\nb\nLayer\nc")).toBe(true);
  expect(linesFit("200 …\n204", "200 x/y\n204\n")).toBe(true);
  expect(linesFit("200\n204", "200")).toBe(false);
  expect(linesFit("true true", "true false")).toBe(false);
  expect(() => fences("```sh\nx")).toThrow("line 1");
});
