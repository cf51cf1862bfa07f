import { html, type TemplateResult } from "lit";

/** The little Markdown that API descriptions use: paragraphs, lists, headings, `code`, **bold**. Everything else is text. */
export function prose(text: string | undefined): TemplateResult[] {
  return (text ?? "").trim().split(/\n\s*\n/).filter((block) => block !== "").map(block);
}

function block(text: string): TemplateResult {
  const lines = text.split("\n").map((line) => line.trim());
  if (lines.every((line) => /^[-*] /.test(line))) return html`<ul class="prose">${lines.map((line) => html`<li>${inline(line.slice(2))}</li>`)}</ul>`;
  const heading = /^#+ (.*)$/.exec(lines[0] ?? "");
  if (heading !== null) {
    return html`<p><strong>${inline(heading[1] ?? "")}</strong></p>${lines.length > 1 ? html`<p>${inline(lines.slice(1).join(" "))}</p>` : null}`;
  }
  return html`<p>${inline(lines.join(" "))}</p>`;
}

function inline(text: string): (TemplateResult | string)[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) =>
    part.startsWith("`") && part.length > 2 ? html`<code>${part.slice(1, -1)}</code>`
    : part.startsWith("**") && part.length > 4 ? html`<strong>${part.slice(2, -2)}</strong>`
    : part);
}
