/**
 * A QR code as one SVG path.
 *
 * Our texts are an address in capitals, a `#` and base32. All but the `#` belong to the alphanumeric set of QR codes
 * (11 bits for two characters), so the text is written in segments; as bytes alone it would need a code two versions
 * larger, with smaller squares on the same screen.
 *
 * The code is dark on white in every theme, with four modules of quiet around it: many scanners read nothing else.
 *
 * # Source
 * ISO/IEC 18004:2015, 7.4.4 (alphanumeric mode), 9.1 (quiet zone).
 */
import qrcode from "qrcode-generator";

export const QUIET = 4;

export interface Drawing {
  /** Side of the whole, quiet zone included, in modules: the viewBox is `0 0 size size`. */
  readonly size: number;
  /** The dark modules, one horizontal run after another. */
  readonly path: string;
  readonly version: number;
}

export function drawQr(text: string, level: "L" | "M" | "Q" | "H" = "M"): Drawing {
  const code = qrcode(0, level);
  for (const { mode, data } of segments(text)) code.addData(data, mode);
  code.make();
  const count = code.getModuleCount();
  let path = "";
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      if (!code.isDark(row, column)) continue;
      const from = column;
      while (column + 1 < count && code.isDark(row, column + 1)) column += 1;
      const width = column - from + 1;
      path += `M${from + QUIET} ${row + QUIET}h${width}v1h-${width}z`;
    }
  }
  return { size: count + 2 * QUIET, path, version: (count - 17) / 4 };
}

export interface Segment {
  readonly mode: "Alphanumeric" | "Byte";
  readonly data: string;
}

/** Runs of the alphanumeric set worth a segment of their own, and bytes between them. */
export function segments(text: string): Segment[] {
  const found: Segment[] = [];
  // A run shorter than this costs more in headers (13 + 12 bits) than it spares (2.5 bits a character).
  for (const [part, run] of text.matchAll(/([0-9A-Z $%*+\-./:]{12,})|[\s\S]/g)) {
    const before = found.at(-1);
    if (run !== undefined) found.push({ mode: "Alphanumeric", data: run });
    else if (before?.mode === "Byte") found[found.length - 1] = { mode: "Byte", data: before.data + part };
    else found.push({ mode: "Byte", data: part });
  }
  return found;
}
