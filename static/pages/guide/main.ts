/** The server has printed the guide; a script adds the bar at its top and the buttons that copy. */
import "../../src/state/start.js";
import { isLanguage, language, setLanguage, t } from "../../src/i18n/index.js";
import { readConfig } from "../../src/state/config.js";
import "../../src/ui/page_footer.js";
import "../../src/ui/page_header.js";

const printed = document.documentElement.lang;

/** The same guide in the other language is another answer of the server. */
function goTo(lang: string): void {
  const url = new URL(location.href);
  url.searchParams.set("lang", lang);
  location.replace(url);
}

if (language() !== printed && !new URLSearchParams(location.search).has("lang")) goTo(language());
else if (isLanguage(printed)) setLanguage(printed); // what stands around it is in the language that was printed

const header = document.querySelector("ry-page-header");
header?.toggleAttribute("demo", readConfig().demo);
header?.addEventListener("language", () => goTo(language()));

for (const box of document.querySelectorAll<HTMLElement>(".code")) {
  const button = document.createElement("button");
  button.type = "button";
  const label = box.querySelector("pre")?.getAttribute("aria-label") ?? "";
  const say = (word: "docs.copy" | "docs.copied"): void => {
    button.textContent = t(word);
    button.setAttribute("aria-label", `${t(word)}: ${label}`);
  };
  say("docs.copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(box.querySelector("code")?.textContent ?? "");
      say("docs.copied");
    } catch {
      getSelection()?.selectAllChildren(box.querySelector("code") ?? box); // forbidden: ready to be copied by hand
    }
  });
  box.append(button);
}
