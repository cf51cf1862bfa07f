// One bundle per page. The server embeds the output tree as it stands: pages/<name>/index.html, assets/* (hashed,
// immutable) and the files of public/ at the root.
import type { IncomingMessage, ServerResponse } from "node:http";
import { defineConfig } from "vitest/config";
import { guides } from "./src/build/guides.js";
import { libraries } from "./src/build/libraries.js";
import { licences, workerLicences } from "./src/build/licences.js";
import { pressed } from "./src/build/pressed.js";
import { twoGis } from "./src/build/two_gis.js";
import { widget } from "./src/build/widget.js";
import { serviceWorker } from "./src/offline/plugin.js";
import { fakeDesk } from "./src/testing/fake_desk_plugin.js";

const API = process.env["RYADOM_API"] ?? "http://127.0.0.1:8080";
const PAGES: Record<string, string> = {
  "/": "/pages/map/index.html", "/docs": "/pages/docs/index.html", "/wallet": "/pages/wallet/index.html",
  "/scan": "/pages/scan/index.html", "/q": "/pages/q/index.html", "/Q": "/pages/q/index.html",
  "/partner": "/pages/partner/index.html", "/sign-in": "/pages/sign_in/index.html",
  "/operator": "/pages/operator/index.html", "/embed": "/pages/embed/index.html", "/embed/builder": "/pages/embed_builder/index.html",
};

// Left to itself the bundler makes a file of whatever two pages have in common: 26 for the map, and HTTP/1.1 fetches six at
// a time, so on a slow line each six cost a round trip more. What it costs the pages in bytes: tests/it/page_weight.rs.
const FEW_FILES = [
  // All that the page of a place has, to which posters lead.
  { name: "base", minShareCount: 12, priority: 4 },
  { name: "base", minShareCount: 2, priority: 3, test: /refusal_button|preload-helper|[\\/]start\.ts/ },
  { name: "common", minShareCount: 3, priority: 2 },
  // Of the map and its guest in a frame.
  { name: "list", minShareCount: 2, priority: 1, test: /static[\\/]src[\\/](map_list[\\/]|geo[\\/]|map[\\/]|live[\\/]|ui[\\/](place_|map_box|open_state|cluster_pie))/ },
].map((group) => ({ ...group, tags: ["$initial" as const] }));

function toPage(request: IncomingMessage, _response: ServerResponse, next: () => void): void {
  const [path = "", query] = (request.url ?? "").split("?");
  const page = PAGES[path];
  if (page !== undefined) request.url = query === undefined ? page : `${page}?${query}`;
  next();
}

export default defineConfig({
  base: "/",
  appType: "mpa",
  plugins: [
    serviceWorker(),
    widget(),
    guides(),
    libraries(),
    twoGis(),
    licences(),
    pressed(),
    ...(process.env["RYADOM_FAKE_DESK"] === undefined ? [] : [fakeDesk()]),
    {
      name: "ryadom-pages", // the dev server answers the same addresses as the binary
      configureServer: (server) => void server.middlewares.use(toPage),
      configurePreviewServer: (server) => void server.middlewares.use(toPage),
    },
  ],
  worker: { plugins: () => [workerLicences()] },
  server: { host: "127.0.0.1", proxy: { "/api": API, "/style": API, "/basemap": API, "/openapi.json": API, "/credentials": API, "/.well-known": API, "/docs/": API, "/lib": API } },
  build: {
    outDir: process.env["RYADOM_STATIC_OUT"] ?? "dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // nothing inline: the Content-Security-Policy refuses it
    chunkSizeWarningLimit: 1200, // the map's own chunk, fetched after the list
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: FEW_FILES } }, input: { map: "pages/map/index.html", docs: "pages/docs/index.html", guide: "pages/guide/index.html", place: "pages/place/index.html", scan: "pages/scan/index.html", q: "pages/q/index.html", wallet: "pages/wallet/index.html", partner: "pages/partner/index.html", sign_in: "pages/sign_in/index.html", operator: "pages/operator/index.html", embed: "pages/embed/index.html", embed_builder: "pages/embed_builder/index.html" } },
  },
  test: { include: ["src/**/*.test.ts", "pages/**/*.test.ts"], environment: "node" },
});
