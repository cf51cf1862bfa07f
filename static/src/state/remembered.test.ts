// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { rememberedLanguage, rememberedSettlement, rememberedTheme, rememberLanguage, rememberSettlement, rememberTheme } from "./remembered.js";

const VILLAGE = { id: "gn-1", name: "Лысогорская", district: null, region: "Ставропольский край", lon: 43.28, lat: 44.1 };

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

describe("the device's memory", () => {
  it("gives back what it was given", () => {
    expect([rememberedLanguage(), rememberedTheme(), rememberedSettlement()]).toEqual([null, "auto", null]);
    rememberLanguage("en");
    rememberTheme("dark");
    rememberSettlement(VILLAGE);
    expect([rememberedLanguage(), rememberedTheme(), rememberedSettlement()]).toEqual(["en", "dark", VILLAGE]);
  });

  it.each(["", "{", "null", "[]", '{"id":"x"}', '{"id":"x","name":"y","lon":"41","lat":45}', '{"id":"x","name":"y","lon":41,"lat":945}'])(
    "takes no settlement from damage: %s", (text) => {
      localStorage.setItem("ryadom.settlement", text);
      expect(rememberedSettlement()).toBeNull();
    });

  it("does without a storage that is forbidden", () => {
    const forbidden = (): never => { throw new DOMException("no", "SecurityError"); };
    vi.stubGlobal("localStorage", { getItem: forbidden, setItem: forbidden });
    expect(() => rememberLanguage("en")).not.toThrow();
    expect(rememberedLanguage()).toBeNull();
  });
});
