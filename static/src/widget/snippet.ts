/** The lines that a site owner copies. Pure. */
import { embedPath, textsOf, type WidgetOptions } from "./options.js";

/** The one line: map and list where it stands. */
export function scriptLine(host: string, options: Partial<WidgetOptions>): string {
  const attributes = textsOf(options).map(([name, text]) => ` data-${name}="${escaped(text)}"`).join("");
  return `<script async src="${host}/w.js"${attributes}></script>`;
}

/** The same for editors that take no scripts. */
export function frameLine(host: string, options: Partial<WidgetOptions>, title: string): string {
  return `<iframe src="${escaped(host + embedPath(options))}" title="${escaped(title)}" width="100%" height="640" loading="lazy" referrerpolicy="no-referrer" style="border:0"></iframe>`;
}

/** What the policy of a site has to name. */
export function policyLine(host: string): string {
  return ["script", "style", "connect", "img", "frame"].map((kind) => `${kind}-src ${host}`).join("; ");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
