import { t, type Key } from "../i18n/index.js";

/** The words of a code that may be younger than this page. */
export function wordOr(key: string, otherwise: string): string {
  const words = t(key as Key);
  return words === key ? otherwise : words;
}
