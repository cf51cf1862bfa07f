/** What has to be corrected, on top of the form, each with the way to its field. */
import { html, type TemplateResult } from "lit";
import type { FieldProblem } from "../../src/api/desk_types.js";
import { fieldPath, isFault, rootOf } from "../../src/desk/field_problems.js";
import { problemName } from "../../src/desk/value_text.js";
import { t } from "../../src/i18n/index.js";

export function faultSummary(problems: readonly FieldProblem[], go: (field: string) => void): TemplateResult {
  const faults = problems.filter(isFault);
  return html`<div class="summary" role="group" aria-labelledby="summary" tabindex="-1" ?hidden=${faults.length === 0}>
    <h2 id="summary">${t("edit.summary", { count: faults.length })}</h2>
    <ul>${faults.map(({ field, detail }) => html`<li><a href="#${fieldPath(field)}" @click=${(event: Event) => {
      event.preventDefault();
      go(field);
    }}>${problemName(field)}</a>: ${detail}</li>`)}</ul>
  </div>`;
}

/** The field may stand in a section's own tree, and in a part that is folded. */
export async function focusField(root: ParentNode, field: string): Promise<void> {
  const path = fieldPath(field);
  const roots = [root, ...[...root.querySelectorAll("*")].flatMap((element) => (element.shadowRoot === null ? [] : [element.shadowRoot]))];
  const find = (name: string): HTMLElement | undefined => {
    for (const each of roots) {
      const found = each.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`);
      if (found !== null) return found;
    }
    return undefined;
  };
  const found = find(path) ?? (rootOf(field) === "lon" ? find("address") : find(rootOf(field)));
  if (found === undefined) return;
  for (let details = found.closest("details"); details !== null; details = details.parentElement?.closest("details") ?? null) details.open = true;
  const target = found.matches("input, textarea, select") ? found : (found.querySelector<HTMLElement>("input, textarea, select") ?? found);
  target.focus();
  found.scrollIntoView({ block: "center" });
}
