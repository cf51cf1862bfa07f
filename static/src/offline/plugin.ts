/** The Vite plugin that writes /sw.js: src/offline/sw.js with the names of the shell's files and their hash. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** Files of public/ that the pages show at once; the rest of the shells comes out of the build. */
const PUBLIC = ["/favicon.svg", "/manifest.webmanifest", "/wallet.webmanifest"];
/** The addresses that open without a connection, by the names of their entries. */
const PAGES: Readonly<Record<string, string>> = { map: "/", wallet: "/wallet" };

export function serviceWorker(): Plugin {
  return {
    name: "ryadom-service-worker",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const files = Object.values(bundle);
      const entries = files.filter((file) => file.type === "chunk" && file.isEntry && file.name in PAGES);
      if (entries.length < Object.keys(PAGES).length) return; // another build than that of the pages
      const styles = files.filter(({ fileName }) => fileName.endsWith(".css")).map(({ fileName }) => fileName);
      // The map's own chunk is left out: it is large, and kept once it has been used.
      const scripts = new Set<string>();
      const add = (name: string): void => {
        const file = bundle[name];
        if (file?.type !== "chunk" || scripts.has(name)) return;
        scripts.add(name);
        file.imports.forEach(add);
      };
      for (const { fileName } of entries) add(fileName);
      const shell = [...Object.values(PAGES), ...PUBLIC, ...[...scripts, ...styles].map((name) => `/${name}`)];
      const hash = createHash("sha256").update(JSON.stringify(shell));
      for (const file of files) {
        if (file.type === "asset" && /^pages\/(map|wallet)\/index\.html$/.test(file.fileName)) hash.update(file.source);
      }
      const text = readFileSync(fileURLToPath(new URL("./sw.js", import.meta.url)), "utf8");
      hash.update(text);
      const source = text.replace("__SHELL__", JSON.stringify(shell)).replace("__VERSION__", hash.digest("hex").slice(0, 12));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}
