/** Somebody's guest: what there is to know stands in the address, and nothing is kept on the device. */
import { embedEn } from "../../src/i18n/embed_en.js";
import { embedRu } from "../../src/i18n/embed_ru.js";
import { addWords, setLanguage } from "../../src/i18n/index.js";
import { accentRules } from "../../src/ui/accent.js";
import { readOptions } from "../../src/widget/options.js";
import { EmbedPage } from "./embed_page.js";

const query = new URLSearchParams(location.search);
const options = readOptions((name) => query.get(name));
addWords({ ru: embedRu, en: embedEn });
setLanguage(options.lang);
document.documentElement.lang = options.lang;
if (options.theme !== "auto") document.documentElement.dataset["theme"] = options.theme;
/** Without constructed sheets (Safari before 16.4) the policy leaves our elements bare: there the printed rows stay. */
const modern = "adoptedStyleSheets" in document;
if (modern && options.accent !== null) {
  const sheet = new CSSStyleSheet(); // the policy takes no style that stands in the page
  sheet.replaceSync(accentRules(options.accent, ":root"));
  document.adoptedStyleSheets.push(sheet);
}
EmbedPage.options = options;
if (modern) customElements.define("ry-embed-page", EmbedPage);
