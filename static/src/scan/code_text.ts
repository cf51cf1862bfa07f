/**
 * Which texts are ours: `HTTPS://<our host>/Q#<profile letter><base32>`, told before anything is fetched. A code that
 * is somebody else's is never opened and never sent anywhere.
 */
import { byLatinKeys } from "./keyboard_layout.js";

const MOST_SIGNS = 1000;

export interface Home {
  /** `location.host`, with the port where there is one. */
  readonly host: string;
  /** `location.protocol`. A page on plain http (one's own machine) takes codes with http as well. */
  readonly protocol: string;
}

/** The code as the service wants it, in capitals whatever Caps Lock did, or null when it is not ours. */
export function ourCode(text: string, home: Home): string | null {
  const code = text.trim().toUpperCase();
  if (code.length > MOST_SIGNS) return null;
  const prefixes = ["https:", ...(home.protocol === "http:" ? ["http:"] : [])].map((scheme) => `${scheme}//${home.host}/Q#`.toUpperCase());
  const prefix = prefixes.find((one) => code.startsWith(one));
  if (prefix === undefined || !/^[A-Z][A-Z2-7]+$/.test(code.slice(prefix.length))) return null;
  return code;
}

/** The first reading of what a keyboard gave that is ours: as it came, then with the Russian layout taken back. */
export function ourTypedCode(readings: readonly string[], home: Home): string | null {
  for (const text of readings) {
    const code = ourCode(text, home) ?? ourCode(byLatinKeys(text), home);
    if (code !== null) return code;
  }
  return null;
}
