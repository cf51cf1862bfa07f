/**
 * The Vite plugin of /lib/ryadom-2gis.js, its types beside it and its icons below /lib/ryadom-2gis/. The module is a
 * bundle of its own that imports nothing, at an address without a hash: it stands in pages of others.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build, type Plugin } from "vite";
import { drawIcons, iconPath } from "../adapters/two_gis_icons.js";

const STATIC = fileURLToPath(new URL("../../", import.meta.url));
const ENTRY = join(STATIC, "src/adapters/two_gis.ts");
const MODULE = "lib/ryadom-2gis.js";
const TYPES = "lib/ryadom-2gis.d.ts";
const MEDIA_TYPES: Readonly<Record<string, string>> = { js: "text/javascript", ts: "text/plain; charset=utf-8", svg: "image/svg+xml" };
const run = promisify(execFile);

export function twoGis(): Plugin {
  return {
    name: "ryadom-2gis",
    async generateBundle() {
      for (const [fileName, source] of await twoGisFiles()) this.emitFile({ type: "asset", fileName, source });
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = (request.url ?? "").slice(1).split("?")[0]!;
        if (!name.startsWith("lib/ryadom-2gis")) return next();
        twoGisFiles().then((made) => {
          const source = made.get(name);
          if (source === undefined) return next();
          response.setHeader("content-type", MEDIA_TYPES[name.split(".").at(-1)!]!);
          response.setHeader("access-control-allow-origin", "*");
          response.end(source);
        }, next);
      });
    },
  };
}

/** By their names from the root of what is built. */
export async function twoGisFiles(): Promise<ReadonlyMap<string, string>> {
  const [module, types] = await Promise.all([bundled(), declared()]);
  return new Map([[MODULE, module], [TYPES, types], ...twoGisIcons()]);
}

export function twoGisIcons(): ReadonlyMap<string, string> {
  const maki = (name: string): string => readFileSync(join(STATIC, `node_modules/@mapbox/maki/icons/${name}.svg`), "utf8");
  const [light, dark] = tokens();
  const icons = drawIcons(maki, { group: (group) => light(`group-${group}`), cluster: { light: light("brand"), dark: dark("brand") } });
  return new Map([...icons].map(([name, svg]) => [iconPath(name).slice(1), svg]));
}

/** The colours of ui/tokens.css, in the light and in the dark. */
export function tokens(): readonly [light: (name: string) => string, dark: (name: string) => string] {
  const sheet = readFileSync(join(STATIC, "src/ui/tokens.css"), "utf8");
  const within = (selector: string) => {
    const start = sheet.indexOf(`${selector} {`);
    const block = sheet.slice(start, sheet.indexOf("}", start));
    return (name: string): string => {
      const found = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(block)?.[1];
      if (start < 0 || found === undefined) throw new Error(`tokens.css has no --${name} in ${selector}`);
      return found;
    };
  };
  return [within(":root"), within(':root[data-theme="dark"]')];
}

async function bundled(): Promise<string> {
  const result = await build({
    configFile: false, root: STATIC, logLevel: "error",
    build: {
      write: false, target: "es2022", modulePreload: false,
      rollupOptions: { input: ENTRY, preserveEntrySignatures: "strict", output: { format: "es", codeSplitting: false } },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ("output" in one ? one.output : []));
  const [chunk] = outputs;
  if (outputs.length !== 1 || chunk?.type !== "chunk" || chunk.imports.length > 0) throw new Error(`${ENTRY} has become ${outputs.length} files`);
  return chunk.code;
}

/** What tsc says of the module. Its own files stay out of it, so that it stands alone beside @2gis/mapgl. */
async function declared(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "ryadom-2gis-"));
  try {
    const tsc = createRequire(import.meta.url).resolve("typescript/package.json").replace(/package\.json$/, "bin/tsc");
    const options = ["--declaration", "--emitDeclarationOnly", "--noEmit", "false", "--target", "es2022", "--module", "esnext",
      "--moduleResolution", "bundler", "--types", "vite/client", "--strict", "--exactOptionalPropertyTypes", "--skipLibCheck",
      "--rootDir", "src", "--outDir", directory, "--ignoreConfig"];
    await run(process.execPath, [tsc, ...options, ENTRY], { cwd: STATIC });
    const text = await readFile(join(directory, "adapters/two_gis.d.ts"), "utf8");
    const foreign = [...text.matchAll(/^(?! \*).*(?:\bfrom |\bimport\()"([^"]+)"/gm)].map(([, name]) => name!).filter((name) => !name.startsWith("@2gis/mapgl/"));
    if (foreign.length > 0) throw new Error(`${TYPES} would need ${foreign.join(", ")}`);
    return text;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
