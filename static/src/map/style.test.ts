import { expect, it } from "vitest";
import { absolute } from "./style.js";

it("a style's own paths get the page's host, and nothing else changes", () => {
  const style = {
    version: 8, sprite: "/sprites/light", glyphs: "https://elsewhere.example/{fontstack}", center: [41, 45],
    sources: { base: { type: "vector", tiles: ["/basemap/{z}/{x}/{y}.mvt"], attribution: "© OpenStreetMap" }, odd: { url: "//host/x" } },
    layers: [{ id: "a", filter: ["==", "kind", "/"], paint: null }],
  };
  expect(absolute(style, "http://ryadom.test")).toEqual({
    ...style, sprite: "http://ryadom.test/sprites/light",
    sources: { base: { ...style.sources.base, tiles: ["http://ryadom.test/basemap/{z}/{x}/{y}.mvt"] }, odd: { url: "//host/x" } },
    layers: [{ id: "a", filter: ["==", "kind", "/"], paint: null }],
  });
});
