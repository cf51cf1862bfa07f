/**
 * The Vite plugin of `/lib`: map libraries as their packages ship them, for the example pages, which a stranger copies and
 * opens without a build. A site in earnest takes them from its own packages.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { alsoHolds } from "./licences.js";

const MODULES = fileURLToPath(new URL("../../node_modules/", import.meta.url));

/** Under lib/: the package and the file in it. */
const FILES: Readonly<Record<string, readonly [pack: string, file: string]>> = {
  "maplibre-gl/maplibre-gl.js": ["maplibre-gl", "dist/maplibre-gl.js"],
  "maplibre-gl/maplibre-gl.css": ["maplibre-gl", "dist/maplibre-gl.css"],
  "leaflet/leaflet.js": ["leaflet", "dist/leaflet.js"],
  "leaflet/leaflet.css": ["leaflet", "dist/leaflet.css"],
  "leaflet/leaflet-maplibre-gl.js": ["@maplibre/maplibre-gl-leaflet", "leaflet-maplibre-gl.js"],
  "ol/ol.js": ["ol", "dist/ol.js"],
  "ol/ol.css": ["ol", "ol.css"],
  "ol/olms.js": ["ol-mapbox-style", "dist/olms.js"],
};

export function libraries(): Plugin {
  return {
    name: "ryadom-libraries",
    apply: "build",
    buildStart() {
      for (const [pack] of Object.values(FILES)) alsoHolds(join(MODULES, pack));
    },
    generateBundle() {
      for (const [name, [pack, file]] of Object.entries(FILES)) {
        // Where no map of the source is served none is named.
        const source = readFileSync(join(MODULES, pack, file), "utf8").replace(/\n?\/[/*]# sourceMappingURL=\S+(\s*\*\/)?\s*$/, "\n");
        this.emitFile({ type: "asset", fileName: `lib/${name}`, source });
      }
      const images = join(MODULES, "leaflet/dist/images");
      for (const image of readdirSync(images)) {
        this.emitFile({ type: "asset", fileName: `lib/leaflet/images/${image}`, source: readFileSync(join(images, image)) });
      }
    },
  };
}
