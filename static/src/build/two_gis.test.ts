/** What stands under /lib for 2GIS: the module, its types as a user's compiler reads them, the icons. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Window } from "happy-dom";
import { beforeAll, describe, expect, it } from "vitest";
import { CATEGORIES, iconPath, MAKI, OTHERS, shapes } from "../adapters/two_gis_icons.js";
import { INKS } from "../adapters/two_gis_layers.js";
import { categoryIcon } from "../ui/icons.js";
import { tokens, twoGisFiles, twoGisIcons } from "./two_gis.js";

const STATIC = fileURLToPath(new URL("../../", import.meta.url));
/** A site's own code; each `@ts-expect-error` is itself an error where the types would let the next line pass. */
const USER = `
import { load } from "@2gis/mapgl";
import { addRyadom, type Place, type RyadomFilter, type RyadomLayer } from "https://HOST/lib/ryadom-2gis.js";

export async function start(panel: HTMLElement): Promise<RyadomLayer> {
  const mapgl = await load();
  const map = new mapgl.Map("map", { center: [41.9642, 45.0344], zoom: 13, key: "k" });
  const filter: RyadomFilter = { category: ["museum", "cafe"], benefit: "free", wheelchair: ["yes", "limited"], open_at: "now", q: "park" };
  const layer = addRyadom(mapgl, map, {
    ...filter, host: "https://map.example", lang: "ru", theme: "dark", live: false,
    onSelect: (places) => panel.replaceChildren(...places.map((place) => words(place))),
    onTrouble: (text) => { panel.textContent = text; },
  });
  layer.setFilter({});
  layer.setTheme("light");
  // @ts-expect-error: no kind of benefit
  layer.setFilter({ benefit: "gratis" });
  // @ts-expect-error: category
  layer.setFilter({ categories: "museum" });
  return layer;
}

function words({ name, address, lon, url }: Place): string {
  // @ts-expect-error: nor a benefit
  (({ benefit }: Place) => benefit.length);
  return name + (address ?? "") + lon.toFixed(4) + url;
}
`;

let files: ReadonlyMap<string, string>;
beforeAll(async () => { files = await twoGisFiles(); }, 60_000);

describe("the module", () => {
  it("is one file that imports nothing and exports two functions", () => {
    const module = files.get("lib/ryadom-2gis.js")!;
    expect(module).not.toMatch(/\bimport\b(?!\.meta)/);
    expect(module.match(/export ?\{[^}]*\}/g)).toHaveLength(1);
    expect(module).toMatch(/export ?\{ ?\w+ as addRyadom, ?\w+ as ryadomSource ?\}/);
    expect(module).toContain("import.meta.url");
  });
});

describe("the types", () => {
  it.each([["bundler", "esnext"], ["nodenext", "nodenext"]])("are read by a user who has @2gis/mapgl (%s)", async (moduleResolution, module) => {
    const directory = mkdtempSync(join(tmpdir(), "ryadom-2gis-user-"));
    try {
      mkdirSync(join(directory, "types"));
      symlinkSync(join(STATIC, "node_modules"), join(directory, "node_modules"));
      writeFileSync(join(directory, "types/ryadom-2gis.d.ts"), files.get("lib/ryadom-2gis.d.ts")!);
      writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
      writeFileSync(join(directory, "site.ts"), USER);
      writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({
        compilerOptions: {
          strict: true, noEmit: true, target: "es2022", module, moduleResolution, lib: ["es2022", "dom"], types: [], exactOptionalPropertyTypes: true,
          skipLibCheck: false, paths: { "https://HOST/lib/ryadom-2gis.js": ["./types/ryadom-2gis.d.ts"] },
        },
        include: ["site.ts", "types"],
      }));
      const said = await promisify(execFile)(process.execPath, [join(STATIC, "node_modules/typescript/bin/tsc"), "-p", directory])
        .then(() => "", (error: { stdout: string }) => error.stdout);
      expect(said).toBe("");
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }, 30_000);
});

describe("icons", () => {
  it("are files of the service, one for each category, with our own map's pictures and colours", () => {
    const icons = twoGisIcons();
    expect([...icons.keys()].sort()).toEqual([...CATEGORIES, ...OTHERS].map((name) => iconPath(name).slice(1)).sort());
    for (const category of CATEGORIES) {
      const maki = shapes(readFileSync(new URL(`../../node_modules/@mapbox/maki/icons/${MAKI[category]}.svg`, import.meta.url), "utf8"));
      expect(maki).not.toBe("");
      expect(icons.get(iconPath(category).slice(1))).toContain(maki);
      expect(JSON.stringify(categoryIcon(category).values), category).toContain(JSON.stringify(maki));
    }
    const [light, dark] = tokens();
    expect(icons.get("lib/ryadom-2gis/museum.svg")).toContain(light("group-culture"));
    expect(icons.get("lib/ryadom-2gis/cluster-dark.svg")).toContain(dark("brand"));
  });

  it("are drawn in good XML", () => {
    const dom = new Window();
    for (const [name, svg] of twoGisIcons()) {
      const parsed = new dom.DOMParser().parseFromString(svg, "image/svg+xml");
      expect(parsed.documentElement.localName, name).toBe("svg");
      expect(parsed.querySelector("parsererror"), name).toBeNull();
    }
  });

  it("leave the texts the colours of the page", () => {
    const [light, dark] = tokens();
    expect(INKS).toEqual({
      light: { count: light("brand-ink"), name: light("ink"), halo: light("surface") },
      dark: { count: dark("brand-ink"), name: dark("ink"), halo: dark("surface") },
    });
  });
});
