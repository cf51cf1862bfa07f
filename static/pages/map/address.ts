/** The page's address and its steps in the browser's history: what Back goes back to. */
import { language } from "../../src/i18n/index.js";
import { readState, writeState, type PageState } from "../../src/state/page_state.js";

/** What the browser keeps beside an address. */
interface Past {
  /** The chosen place was pushed by this page, so Back is the way to close it. */
  readonly pushedPlace?: boolean;
  /** A phone showed the map. */
  readonly map?: boolean;
}

export function past(): Past {
  return (history.state as Past | null) ?? {};
}

/** The address of a state. The language is said only where it was said before, or is said now. */
export function addressOf(state: Omit<PageState, "lang">, lang = readState(location.search).lang): string {
  return `/${writeState({ ...state, lang })}`;
}

export function write(how: "push" | "replace", address: string, beside: Past): void {
  if (how === "push") history.pushState(beside, "", address);
  else history.replaceState(beside, "", address);
}

/** The place's own page, which the server draws and anybody can open. */
export function placeLink(id: string): string {
  return `/place/${encodeURIComponent(id)}${language() === "ru" ? "" : `?lang=${language()}`}`;
}
