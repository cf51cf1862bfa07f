/** Reads the pairing code of a terminal, eight letters and digits, as people copy it from paper. */
import { byLatinKeys } from "./keyboard_layout.js";

/** Cyrillic letters that look like Latin ones: whoever reads the code from paper cannot tell them apart. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  А: "A", В: "B", Е: "E", Ё: "E", К: "K", М: "M", Н: "H", О: "O", Р: "P", С: "C", Т: "T", У: "Y", Х: "X", З: "3",
};
const SIZE = 8;

/** `K7QM-2XPD`, or null while it is none. One letter that has no Latin twin shows that the wrong layout was on. */
export function readPairingCode(text: string): string | null {
  const plain = text.normalize("NFC").replace(/[\s\p{Pd}_.·]/gu, "").toUpperCase();
  const alike = [...plain].map((sign) => LOOK_ALIKES[sign] ?? sign).join("");
  const code = /^[A-Z0-9]*$/.test(alike) ? alike : byLatinKeys(plain);
  return code.length === SIZE && /^[A-Z0-9]+$/.test(code) ? `${code.slice(0, 4)}-${code.slice(4)}` : null;
}

/** Six digits as a person says them and another types them: spaces and dashes between them do not count. */
export function readSpoken(text: string): string | null {
  const digits = text.replace(/[\s\p{Pd}]/gu, "");
  return /^\d{6}$/.test(digits) ? digits : null;
}
