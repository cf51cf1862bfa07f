/**
 * The Vite plugin of `/docs`: guides out of docs/guides/{ru,en}/*.md, rendered once per build, and the example pages of
 * examples/*.html in both languages. The service puts its own address in the place of `https://HOST` (src/http/guides.rs).
 *
 * A fence ```example NAME becomes the page examples/NAME.html in a frame, and its source below.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import css from "highlight.js/lib/languages/css";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import xml from "highlight.js/lib/languages/xml";
import { Marked, type Token, type Tokens } from "marked";
import type { Plugin } from "vite";
import { GUIDES } from "../docs/guide_names.js";
import type { Language } from "../i18n/index.js";
import { EXAMPLES, exampleNames, exampleOf, unusedPhrases } from "./english.js";

/** What the service and the API page are given of a guide. */
export interface Guide {
  readonly name: string;
  readonly title: string;
  /** Its first paragraph, as text. */
  readonly summary: string;
  readonly html: string;
}

const FOLDER = fileURLToPath(new URL("../../../docs/guides/", import.meta.url));
const LANGUAGES = ["ru", "en"] as const satisfies readonly Language[];
const VIRTUAL = "virtual:ryadom-guides";
const WORDS = {
  ru: { alone: "Открыть на отдельной странице", source: "Исходный текст страницы", code: "Пример" },
  en: { alone: "Open as a page of its own", source: "The page's source", code: "Example" },
} as const;

for (const [name, language] of Object.entries({ sh: bash, css, js: javascript, json, python, html: xml })) hljs.registerLanguage(name, language);

export function guides(): Plugin {
  return {
    name: "ryadom-guides",
    buildStart() {
      for (const folder of [...LANGUAGES.map((lang) => join(FOLDER, lang)), EXAMPLES]) {
        for (const file of readdirSync(folder)) this.addWatchFile(join(folder, file));
      }
    },
    resolveId: (id) => (id === VIRTUAL ? `\0${VIRTUAL}` : null),
    load(id) {
      if (id !== `\0${VIRTUAL}`) return null;
      const named = LANGUAGES.map((lang) => [lang, readGuides(lang).map(({ name, title, summary }) => ({ name, title, summary }))]);
      return `export const guides = ${JSON.stringify(Object.fromEntries(named))};`;
    },
    generateBundle() {
      for (const lang of LANGUAGES) {
        this.emitFile({ type: "asset", fileName: `pages/guide/${lang}.json`, source: JSON.stringify(readGuides(lang)) });
        for (const name of exampleNames()) {
          this.emitFile({ type: "asset", fileName: `pages/examples/${lang}/${name}.html`, source: exampleOf(name, lang) });
        }
      }
      const unused = unusedPhrases();
      if (unused.length > 0) throw new Error(`examples/english.json: no page says ${unused.join("; ")}`);
    },
  };
}

export function readGuides(lang: Language): Guide[] {
  const files = readdirSync(join(FOLDER, lang)).map((file) => basename(file, ".md"));
  const unknown = files.filter((name) => !(GUIDES as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`docs/guides/${lang}: ${unknown.join(", ")} not named in src/docs/guide_names.ts`);
  return GUIDES.filter((name) => files.includes(name)).map((name) => render(name, readFileSync(join(FOLDER, lang, `${name}.md`), "utf8"), lang));
}

/** A guide as HTML. */
export function render(name: string, text: string, lang: Language): Guide {
  const marked = new Marked({ gfm: true });
  const tokens = marked.lexer(text);
  const title = tokens.find((token): token is Tokens.Heading => token.type === "heading" && token["depth"] === 1);
  const first = tokens.find((token): token is Tokens.Paragraph => token.type === "paragraph");
  if (title === undefined || first === undefined) throw new Error(`guide ${name} (${lang}) has no title or no first paragraph`);
  let code = 0;
  marked.use({
    renderer: {
      heading({ tokens: inline, depth, text: plain }) {
        return `<h${depth} id="${escape(slug(plain))}">${this.parser.parseInline(inline)}</h${depth}>\n`;
      },
      link({ href, title: hint, tokens: inline }) {
        const about = hint ? ` title="${escape(hint)}"` : "";
        return `<a href="${escape(inLanguage(href, lang))}"${about}>${this.parser.parseInline(inline)}</a>`;
      },
      code({ text: source, lang: info = "" }) {
        const [kind = "", example = ""] = info.split(/\s+/);
        code += 1;
        return kind === "example" ? live(example, lang) : block(source, kind, `${WORDS[lang].code} ${code}`);
      },
      table(token) {
        const cells = (row: Tokens.TableCell[], tag: string): string =>
          `<tr>${row.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join("")}</tr>`;
        const body = token.rows.map((row) => cells(row, "td")).join("");
        // A wide table scrolls by itself, by the keyboard too.
        return `<div class="table" tabindex="0" role="group" aria-label="${escape(token.header.map((cell) => cell.text.replaceAll("`", "")).join(", "))}"><table><thead>${cells(token.header, "th")}</thead><tbody>${body}</tbody></table></div>\n`;
      },
      html: ({ text: raw }) => escape(raw), // guides are Markdown alone
    },
  });
  return { name, title: title.text, summary: plainText(first.tokens ?? []), html: marked.parser(tokens) };
}

function live(name: string, lang: Language): string {
  if (!exampleNames().includes(name)) throw new Error(`there is no examples/${name}.html`);
  const source = exampleOf(name, lang);
  const title = /<title>([^<]*)<\/title>/.exec(source)?.[1] ?? name;
  const href = inLanguage(`/docs/examples/${name}.html`, lang);
  return `<figure class="example"><iframe src="${href}" title="${title}" loading="lazy"></iframe>
<figcaption><a href="${href}" target="_blank" rel="noopener">${WORDS[lang].alone}</a></figcaption></figure>
<details class="source"><summary>${WORDS[lang].source}: <code>${name}.html</code></summary>${block(source.trimEnd(), "html", `${name}.html`)}</details>\n`;
}

function block(source: string, kind: string, label: string): string {
  const shown = hljs.getLanguage(kind) === undefined ? escape(source) : hljs.highlight(source, { language: kind }).value;
  return `<div class="code"><pre tabindex="0" role="group" aria-label="${escape(label)}"><code>${shown}</code></pre></div>\n`;
}

/** The English pages lead to English ones. */
function inLanguage(href: string, lang: Language): string {
  const [path = "", hash] = href.split("#");
  if (lang === "ru" || !/^\/(docs(\/[\w-]+|\/examples\/[\w-]+\.html)?|embed\/builder)?$/.test(path)) return href;
  return `${path}?lang=${lang}${hash === undefined ? "" : `#${hash}`}`;
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-|-$/g, "");
}

function plainText(tokens: readonly Token[]): string {
  return tokens.map((token) => ("tokens" in token && token.tokens !== undefined ? plainText(token.tokens) : "text" in token ? String(token["text"]) : token.raw)).join("");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
