import { describe, expect, it } from "vitest";
import { accentRules, accentTokens, contrast, rgbOf } from "./accent.js";

describe("a stranger's colour", () => {
  it.each(["#0d6e5f", "#ffee00", "#ffffff", "#000000", "#ff0000", "#7f7f7f", "#8ab8ff"])("%s can be read on every ground of ours", (hex) => {
    for (const [theme, grounds] of [["light", ["#ffffff", "#f6f4ef"]], ["dark", ["#121614", "#1b211e"]]] as const) {
      const tokens = accentTokens(hex, theme);
      for (const ground of [...grounds, tokens["brand-soft"]]) {
        expect(contrast(rgbOf(tokens["brand-deep"]), rgbOf(ground)), `${theme} ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
      for (const ground of grounds) expect(contrast(rgbOf(tokens.brand), rgbOf(ground))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(rgbOf(tokens.brand), rgbOf(tokens["brand-ink"]))).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("stays itself where it can be read", () => {
    expect(accentTokens("#0d6e5f", "light").brand).toBe("#0d6e5f");
  });

  it("becomes rules for both themes", () => {
    expect(accentRules("#0d6e5f", ".root")).toContain('.root:not([data-theme="light"])');
  });
});
