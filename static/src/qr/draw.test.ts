import jsQr from "jsqr";
import { describe, expect, it } from "vitest";
import { drawQr, QUIET, segments, type Drawing } from "./draw.js";

const CODE = `HTTPS://RYADOM.STAVKRAY.RU/Q#A${"K7QM2XPD".repeat(8)}RTA4`.padEnd(93, "Z").slice(0, 93);
const LINK = "https://ryadom.example/wallet#credential_offer_uri=https%3A%2F%2Fryadom.example%2Fcredentials%2Foffers%2F8yQx1_aZ-3kPq9LmN2RstA";

/** The path painted black on white, `scale` pixels a module. */
function painted({ size, path }: Drawing, scale: number): { pixels: Uint8ClampedArray; side: number } {
  const side = size * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let py = Number(y) * scale; py < (Number(y) + 1) * scale; py += 1) {
      for (let px = Number(x) * scale; px < (Number(x) + Number(width)) * scale; px += 1) pixels.fill(0, (py * side + px) * 4, (py * side + px) * 4 + 3);
    }
  }
  return { pixels, side };
}

describe("a drawn code", () => {
  it.each([["a code of the wallet", CODE], ["a link", LINK], ["a short text", "A"]])("reads as it was written: %s", (_name, text) => {
    const { pixels, side } = painted(drawQr(text), 4);
    expect(jsQr(pixels, side, side)?.data).toBe(text);
  });

  it("of 93 characters is of version 5 at most, with correction M", () => {
    expect(CODE).toHaveLength(93);
    expect(drawQr(CODE).version).toBeLessThanOrEqual(5);
  });

  it("of a longer host, to the 106 characters that fit, stays there", () => {
    expect(drawQr(`HTTPS://${"H".repeat(27)}/Q#A${"A".repeat(68)}`).version).toBe(5);
  });

  it("has four quiet modules on every side", () => {
    const { size, path, version } = drawQr(CODE);
    expect(size).toBe(17 + 4 * version + 2 * QUIET);
    for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(4);
      expect(Number(x) + Number(width)).toBeLessThanOrEqual(size - 4);
      expect(Number(y)).toBeGreaterThanOrEqual(4);
      expect(Number(y)).toBeLessThan(size - 4);
    }
  });
});

describe("segments", () => {
  it("are capitals, the hash as a byte, capitals", () => {
    expect(segments(CODE).map(({ mode, data }) => [mode, data.length])).toEqual([["Alphanumeric", 28], ["Byte", 1], ["Alphanumeric", 64]]);
  });

  it("lose no character", () => {
    for (const text of [CODE, LINK, "", "#", "привет HTTPS://RYADOM.EXAMPLE/Q#A"]) expect(segments(text).map(({ data }) => data).join("")).toBe(text);
  });
});
