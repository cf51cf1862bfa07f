/** The Vite plugin that writes /licences.txt: the notices of what is bundled, which minifying takes out of the files. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

interface About {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string;
}

/** The wording of the MIT licence, for packages that name it and bring no file (qrcode-generator). */
const MIT = fileURLToPath(new URL("../../../LICENSE-MIT", import.meta.url));

/** Workers are bundles of their own, made before the pages' bundle ends: what they hold is remembered here, and what is copied. */
const beside = new Set<string>();

/** The same licence as our own: its text stands at the root of the repository. */
const APACHE = fileURLToPath(new URL("../../../LICENSE-APACHE", import.meta.url));

/** What a package carries inside a compiled file, where no bundler sees it. */
const INSIDE: Readonly<Record<string, string>> = {
  "zxing-wasm": "zxing-cpp, inside zxing_reader.wasm (Apache-2.0, https://github.com/zxing-cpp/zxing-cpp)",
};

/** A package whose files are copied as they are: no bundler names it. */
export function alsoHolds(directory: string): void {
  beside.add(directory);
}

export function licences(): Plugin {
  return {
    name: "ryadom-licences",
    apply: "build",
    generateBundle(_options, bundle) {
      const packages = new Set([...beside, ...packagesOf(bundle)]);
      const source = [...packages].sort().map(notice).join(`\n${"-".repeat(72)}\n\n`);
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
    },
  };
}

/** To stand among the plugins of `worker`. */
export function workerLicences(): Plugin {
  return {
    name: "ryadom-worker-licences",
    apply: "build",
    generateBundle(_options, bundle) {
      for (const one of packagesOf(bundle)) beside.add(one);
    },
  };
}

function packagesOf(bundle: Parameters<Extract<Plugin["generateBundle"], (...given: never[]) => unknown>>[1]): Set<string> {
  const packages = new Set<string>();
  for (const file of Object.values(bundle)) {
    for (const id of file.type === "chunk" ? Object.keys(file.modules) : []) {
      const found = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replace(/^\0/, ""));
      if (found?.[1] !== undefined) packages.add(found[1]);
    }
  }
  return packages;
}

function notice(directory: string): string {
  const about = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as About;
  const file = readdirSync(directory).find((name) => /^licen[cs]e(\.\w+)?$/i.test(name));
  const text = file === undefined ? unfiled(about) : `\n${readFileSync(join(directory, file), "utf8").trim()}\n`;
  const inside = INSIDE[about.name];
  const more = inside === undefined ? "" : `\n${inside}\n\n${readFileSync(APACHE, "utf8").trim()}\n`;
  return `${about.name} ${about.version} (${about.license ?? "see below"})\n${text}${more}`;
}

function unfiled({ license, author }: About): string {
  if (license !== "MIT" || author === undefined) return "";
  const terms = readFileSync(MIT, "utf8");
  return `\nCopyright (c) ${author}\n\n${terms.slice(terms.indexOf("Permission is hereby granted")).trim()}\n`;
}
