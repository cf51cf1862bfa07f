/**
 * What a hardware scanner "typed" while another keyboard layout was on. Such a scanner presses the keys of a Latin
 * keyboard, whatever the computer makes of them: `HTTPS://` comes out as `РЕЕЗЫЖ..` under the Russian layout.
 */
const LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./";
const RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю.";

/**
 * Signs where several keys end in one, or where Shift gives another pair of signs. The texts of our codes hold neither
 * `;` nor `>`, so that `Ж` and `ж`, `Ю` and `ю` mean one sign each, Caps Lock or not.
 */
const RUSSIAN_SIGNS: Readonly<Record<string, string>> = {
  "ж": ":", "Ж": ":", "ю": ".", "Ю": ".", "№": "#", ",": "?", "^": ":", "|": "/", "\"": "@", ";": "$",
};

/** The other way round, and by far rarer: the scanner is set to a Russian keyboard, the computer to a Latin one. */
const LATIN_SIGNS: Readonly<Record<string, string>> = { "^": ":", "|": "/" };

const LETTERS = new Map([...RUSSIAN].flatMap((russian, index): [string, string][] => {
  const latin = LATIN[index] ?? "";
  return [[russian, latin], [russian.toUpperCase(), latin.toUpperCase()]];
}));

/** The text by the keys of a Latin keyboard. What is Latin already stays. */
export function byLatinKeys(text: string): string {
  const russian = /[а-яё№]/i.test(text);
  return [...text].map((sign) => (russian ? (RUSSIAN_SIGNS[sign] ?? LETTERS.get(sign)) : LATIN_SIGNS[sign]) ?? sign).join("");
}

const BY_CODE: Readonly<Record<string, readonly [string, string]>> = {
  Slash: ["/", "?"], Period: [".", ">"], Semicolon: [";", ":"], Minus: ["-", "_"], Comma: [",", "<"], Equal: ["=", "+"],
};
const SHIFTED_DIGITS = ")!@#$%^&*(";

/** The sign of a physical key (`KeyboardEvent.code`) on a Latin keyboard, for any other layout; empty when unknown. */
export function byPhysicalKey(code: string, shift: boolean): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shift ? letter : letter.toLowerCase();
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return shift && code.startsWith("Digit") ? SHIFTED_DIGITS.charAt(Number(digit)) : digit;
  return BY_CODE[code]?.[shift ? 1 : 0] ?? "";
}
