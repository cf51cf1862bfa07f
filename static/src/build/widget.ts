/**
 * The Vite plugin that writes /w.js and the widget's list. They are bundles of their own, apart from the pages': w.js is a
 * plain script that imports nothing, and the list is one file, since each file that another names is a round trip more.
 */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";

interface Built {
  readonly script: string;
  readonly list: string;
  /** The list's address, from the root. */
  readonly listFile: string;
}

const entry = (name: string): string => fileURLToPath(new URL(`../widget/${name}.ts`, import.meta.url));

export function widget(): Plugin {
  return {
    name: "ryadom-widget",
    transformIndexHtml: {
      order: "post",
      // The map is what most frames are for: fetched beside the page's own script, not when that has asked for it.
      handler: (_html, { path, bundle = {} }) => {
        if (!path.startsWith("/pages/embed/")) return [];
        const map = Object.values(bundle).filter((file) => file.type === "chunk" && Object.keys(file.modules).some((id) => /\/(maplibre-gl\/|create_map\.ts$)/.test(id)));
        return map.map(({ fileName }) => ({ tag: "link", attrs: { rel: "modulepreload", crossorigin: true, href: `/${fileName}` }, injectTo: "head" }));
      },
    },
    async generateBundle() {
      const { script, list, listFile } = await buildWidget();
      this.emitFile({ type: "asset", fileName: "w.js", source: script });
      this.emitFile({ type: "asset", fileName: listFile.slice(1), source: list });
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = request.url ?? "";
        if (path !== "/w.js" && !/^\/assets\/widget_list-\w+\.js$/.test(path)) return next();
        buildWidget().then(({ script, list }) => {
          response.setHeader("content-type", "text/javascript");
          response.end(path === "/w.js" ? script : list);
        }, next);
      });
    },
  };
}

async function buildWidget(): Promise<Built> {
  const list = await bundle(entry("list"), "es", {});
  const hash = createHash("sha256").update(list).digest("base64url").replace(/[-_]/g, "").slice(0, 8);
  const listFile = `/assets/widget_list-${hash}.js`;
  return { script: await bundle(entry("w"), "iife", { LIST_FILE: JSON.stringify(listFile) }), list, listFile };
}

async function bundle(input: string, format: "es" | "iife", define: Record<string, string>): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    define: { "process.env.NODE_ENV": JSON.stringify("production"), ...define },
    plugins: [remOfOurOwn(), withoutWordsOfOthers()],
    build: {
      write: false, target: "es2022", modulePreload: false, assetsInlineLimit: 0,
      rollupOptions: { input, preserveEntrySignatures: "strict", output: { format, codeSplitting: false } },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ("output" in one ? one.output : []));
  const chunks = outputs.filter((file) => file.type === "chunk");
  if (chunks.length !== 1 || chunks[0]!.imports.length > 0) throw new Error(`${input} has become ${chunks.length} files`);
  return chunks[0]!.code;
}

/** The words of complaints stand in every page's dictionary; the widget takes none. */
function withoutWordsOfOthers(): Plugin {
  return {
    name: "ryadom-widget-words",
    enforce: "pre",
    load: (id) => {
      const found = /\/i18n\/(refusal)_(ru|en)\.ts$/.exec(id);
      return found === null ? null : `export const ${found[1]}${found[2] === "ru" ? "Ru" : "En"} = {};`;
    },
  };
}

/** On a stranger's page 1rem may be anything: list.ts has the length that stands in its place. */
function remOfOurOwn(): Plugin {
  return {
    name: "ryadom-widget-rem",
    enforce: "pre",
    transform: (code, id) => id.includes("node_modules") ? null
      : { code: code.replaceAll(/(?<=[\s:(,])(-?\d*\.?\d+)rem\b/g, "calc($1 * var(--ryadom-rem))"), map: null },
  };
}
