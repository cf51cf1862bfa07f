/**
 * The Vite plugin that lays a Brotli and a gzip file beside each file that the service sends as it stands. Pressing as far
 * as it goes takes seconds: too long for a request, and done once per build it is a third less to send than pressing fast.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const SENT = /^(assets|lib)\/.*\.(js|css|svg|wasm|json|ts)$|^[^/]+\.(js|txt|svg|webmanifest)$/;
const LEAST_BYTES = 1024;
const brotli = promisify(brotliCompress);
const gz = promisify(gzip);

export function pressed(): Plugin {
  return {
    name: "ryadom-pressed",
    apply: "build",
    async writeBundle({ dir }, bundle) {
      if (dir === undefined) throw new Error("there is no folder to write to");
      await Promise.all(Object.keys(bundle).filter((name) => SENT.test(name)).map(async (name) => {
        const content = await readFile(join(dir, name));
        if (content.length < LEAST_BYTES) return;
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
        for (const [ending, made] of [["br", await brotli(content, { params })], ["gz", await gz(content, { level: 9 })]] as const) {
          if (made.length < content.length * 0.9) await writeFile(join(dir, `${name}.${ending}`), made);
        }
      }));
    },
  };
}
