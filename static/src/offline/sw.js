// The service worker: what it takes for the pages to open without a connection. Plain JavaScript; the build puts the
// lists of the shell's files and pages and their hash in place of the three names below and writes the result to /sw.js.
//
// It keeps the shell (all at once, when a version is installed), whatever hashed assets, basemap tiles and cards were
// used, and answers with them when the network does not. Lists are asked for by POST or for a piece of the map, with a
// position or close to one: those it never touches. The last list is kept by the page, without distances.
// Nor does it touch the wallet's own routes or /credentials: what the wallet keeps, it keeps itself.
const SHELL = __SHELL__;
const PAGES = __PAGES__;
const VERSION = "__VERSION__";

const CACHES = { shell: `ryadom-shell-${VERSION}`, assets: "ryadom-assets", tiles: "ryadom-tiles", answers: "ryadom-answers" };
/** Most entries of each kept cache; beyond, the oldest go. */
const MOST = { assets: 40, tiles: 400, answers: 60 };
/** A weak network gets this long before the kept page is shown. */
const PATIENCE_MS = 3000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHES.shell);
    await cache.addAll(SHELL.map((path) => new Request(path, { cache: "no-cache" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const wanted = Object.values(CACHES);
    for (const name of await caches.keys()) if (name.startsWith("ryadom-") && !wanted.includes(name)) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    const path = url.pathname.toLowerCase(); // codes are in capitals, /Q and all
    if (PAGES.includes(path)) event.respondWith(page(request, path));
  } else if (url.pathname.startsWith("/assets/") || SHELL.includes(url.pathname)) event.respondWith(kept(request, "assets"));
  else if (/^\/basemap\/|^\/style\/(glyphs|sprite)/.test(url.pathname)) event.respondWith(kept(request, "tiles"));
  else if (/^\/style\/|^\/api\/v1\/categories$|^\/api\/v1\/locations\/(?!nearest$)[^/]+$/.test(url.pathname)) event.respondWith(fresh(request));
});

/** The page from the network, or after a short wait the kept one: whatever its query, each is one page. */
async function page(request, path) {
  const cache = await caches.open(CACHES.shell);
  const network = fetch(request).then(async (response) => {
    if (response.ok) await cache.put(path, response.clone());
    return response;
  });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const first = await Promise.race([network.catch(() => undefined), late]);
  return first ?? (await cache.match(path)) ?? network;
}

/** What never changes under its name, or (tiles) seldom enough. */
async function kept(request, name) {
  const found = await caches.match(request, { ignoreVary: true });
  if (found !== undefined) return found;
  const response = await fetch(request);
  if (response.ok) await keep(name, request, response.clone());
  return response;
}

/** The network's answer, or the last one without it. */
async function fresh(request) {
  try {
    const response = await fetch(request);
    if (response.ok) await keep("answers", request, response.clone());
    return response;
  } catch (error) {
    const found = await caches.match(request, { ignoreVary: true });
    if (found !== undefined) return found;
    throw error;
  }
}

async function keep(name, request, response) {
  const cache = await caches.open(CACHES[name]);
  await cache.put(request, response);
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - MOST[name]))) await cache.delete(old);
}
