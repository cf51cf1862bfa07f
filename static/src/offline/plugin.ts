/** The Vite plugin that writes /sw.js: src/offline/sw.js with the names of the shell's files and their hash. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** The pages that open without a connection: address, and the name of their entry in vite.config.ts. */
const PAGES: Readonly<Record<string, string>> = { "/": "map", "/scan": "scan", "/q": "q", "/wallet": "wallet" };

/** Files of public/ that the page shows at once; the rest of the shell comes out of the build. */
const PUBLIC = ["/favicon.svg", "/manifest.webmanifest", "/wallet.webmanifest"];

export function serviceWorker(): Plugin {
  return {
    name: "ryadom-service-worker",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const names = Object.values(PAGES);
      const entries = Object.values(bundle).filter((file) => file.type === "chunk" && file.isEntry && names.includes(file.name));
      if (entries.length < names.length) return; // another build than that of the pages
      // What is imported later (the map's own chunk, the reader of codes) is left out: large, and kept once it was used.
      const chunks = new Set<string>();
      const take = (fileName: string): void => {
        const chunk = bundle[fileName];
        if (chunk?.type !== "chunk" || chunks.has(fileName)) return;
        chunks.add(fileName);
        chunk.imports.forEach(take);
      };
      for (const { fileName } of entries) take(fileName);
      const styles = Object.keys(bundle).filter((fileName) => fileName.endsWith(".css"));
      const shell = [...Object.keys(PAGES), ...PUBLIC, ...[...chunks, ...styles].map((name) => `/${name}`)];
      const hash = createHash("sha256").update(JSON.stringify(shell));
      for (const name of names) {
        const page = bundle[`pages/${name}/index.html`];
        if (page?.type === "asset") hash.update(page.source);
      }
      const text = readFileSync(fileURLToPath(new URL("./sw.js", import.meta.url)), "utf8");
      hash.update(text);
      const source = text.replace("__SHELL__", JSON.stringify(shell)).replace("__PAGES__", JSON.stringify(Object.keys(PAGES)))
        .replace("__VERSION__", hash.digest("hex").slice(0, 12));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}
