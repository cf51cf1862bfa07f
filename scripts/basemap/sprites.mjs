// The category icons as MapLibre sprites, light and dark, at one and two pixels to the point: Maki's shapes (CC0) on a
// round badge in the brand's colour. The sheet is one SVG, drawn once for each density. `build.sh sprites` runs it.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "..", "..");
const MAKI = join(dirname(createRequire(import.meta.url).resolve("@mapbox/maki/package.json")), "icons");

// Our category (src/domain/category.rs) -> its icon; the same choice as static/src/ui/icons.ts.
const ICONS = {
  museum: "museum", theatre: "theatre", cinema: "cinema", library: "library", sport: "soccer", education: "school",
  leisure: "playground", kids_shop: "clothing-store", grocery: "grocery", shop: "shop", pharmacy: "pharmacy",
  health: "doctor", cafe: "cafe", hotel: "lodging", transport: "bus", service: "hairdresser", other: "marker",
};
const THEMES = {
  light: { badge: "#0d6e5f", ring: "#ffffff", ink: "#ffffff" },
  dark: { badge: "#63cdb6", ring: "#121614", ink: "#06211b" },
};
const CELL = 28; // points; the badge, its ring and a pixel of air
const COLUMNS = 6;

/** The shapes of a Maki file, without its frame. */
function shapes(icon) {
  const svg = readFileSync(join(MAKI, `${icon}.svg`), "utf8");
  return (svg.match(/<(path|circle|rect|polygon|ellipse)\b[^>]*>/g) ?? []).join("").replaceAll(/ id="[^"]*"/g, "");
}

for (const [theme, { badge, ring, ink }] of Object.entries(THEMES)) {
  const names = Object.keys(ICONS);
  const rows = Math.ceil(names.length / COLUMNS);
  const place = (i) => ({ x: (i % COLUMNS) * CELL, y: Math.floor(i / COLUMNS) * CELL });
  const half = CELL / 2;
  const cells = names.map((name, i) => {
    const { x, y } = place(i);
    return `<g transform="translate(${x} ${y})"><circle cx="${half}" cy="${half}" r="12" fill="${badge}" stroke="${ring}" stroke-width="2"/>
      <g transform="translate(${half - 7.5} ${half - 7.5})" fill="${ink}">${shapes(ICONS[name])}</g></g>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${COLUMNS * CELL}" height="${rows * CELL}">${cells.join("")}</svg>`;
  for (const [ratio, suffix] of [[1, ""], [2, "@2x"]]) {
    const drawn = new Resvg(svg, { fitTo: { mode: "zoom", value: ratio }, font: { loadSystemFonts: false } }).render();
    writeFileSync(join(ROOT, "data", "style", `sprite-${theme}${suffix}.png`), drawn.asPng());
    const index = Object.fromEntries(names.map((name, i) => {
      const { x, y } = place(i);
      return [name, { x: x * ratio, y: y * ratio, width: CELL * ratio, height: CELL * ratio, pixelRatio: ratio }];
    }));
    writeFileSync(join(ROOT, "data", "style", `sprite-${theme}${suffix}.json`), `${JSON.stringify(index, null, 1)}\n`);
  }
}
