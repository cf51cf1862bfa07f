// A stand-in for the binary: serves a built tree with the same Content-Security-Policy and answers the HTTP contract
// from a few invented places. For `npm run dev` and for looking at the pages without Rust; not a second definition of
// the contract, and the e2e tests count only against the real binary.
//
//   node src/testing/fake_server.mjs [port]      prints a line with its address
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { createGzip } from "node:zlib";
import { cluster } from "./fake_clusters.mjs";
import { answerCredentials } from "./fake_credentials.mjs";
import { answerChecks } from "./fake_verify.mjs";
import { CATEGORIES, PLACES, SETTLEMENTS } from "./sample_places.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = process.env.RYADOM_STATIC_OUT ?? join(HERE, "../../dist");
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
  + "manifest-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json",
  ".png": "image/png", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json" };
const PAGES = {
  "/": "pages/map/index.html", "/docs": "pages/docs/index.html",
  "/scan": "pages/scan/index.html", "/wallet": "pages/wallet/index.html",
  "/q": "pages/q/index.html", "/Q": "pages/q/index.html",
  "/partner": "pages/partner/index.html", "/sign-in": "pages/sign_in/index.html",
  "/operator": "pages/operator/index.html",
};
/** Pages that read codes with WebAssembly. */
const WITH_WASM = ["/scan", "/wallet"];
const OFFSET = "+03:00";
const FILTERS = ["category", "open_at", "benefit", "wheelchair", "q", "lang", "min_seq", "limit"];
const KNOWN = new Set(["lon", "lat", "max_distance_m", ...FILTERS]);
const KNOWN_VIEW = new Set(["bbox", "zoom", "cursor", ...FILTERS]);
/** The operator's key of the fake: what RYADOM_OPERATOR_TOKEN is to the binary. */
const TOKEN = "e2e-operator-token-of-at-least-32-characters";

/** Places may be edited while the server runs; every edit takes the next number and goes to the open streams. */
const state = { seq: 1, streams: new Set() };

export function start(port = 0) {
  const server = createServer((request, response) => void answer(request, response));
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve({
    url: `http://127.0.0.1:${server.address().port}`, close: () => server.close(),
  })));
}

async function answer(request, response) {
  const url = new URL(request.url, "http://x");
  const send = (status, body, type = "application/json", headers = {}) => {
    response.writeHead(status, { "content-type": type, "cache-control": "no-store", ...headers }).end(JSON.stringify(body));
  };
  const refuse = (status, title, detail, headers = {}) =>
    send(status, { type: "/problems/refused", title, status, detail }, "application/problem+json", headers);
  if (await answerChecks(url, request, () => text(request), send, refuse) !== false) return;
  if (await answerCredentials(request, response, url)) return;
  if (url.pathname === "/api/v1/locations/nearest") {
    const given = request.method === "POST" ? JSON.parse(await text(request)) : Object.fromEntries(url.searchParams);
    const unknown = Object.keys(given).find((name) => !KNOWN.has(name));
    if (unknown !== undefined) return refuse(400, "Неизвестный параметр", `Параметра ${unknown} нет.`);
    return send(200, nearest(given), "application/geo+json");
  }
  if (url.pathname === "/api/v1/locations") {
    const given = Object.fromEntries(url.searchParams);
    const unknown = Object.keys(given).find((name) => !KNOWN_VIEW.has(name));
    if (unknown !== undefined) return refuse(400, "Неизвестный параметр", `Параметра ${unknown} нет.`);
    return send(200, within(given), "application/geo+json");
  }
  if (url.pathname === "/api/v1/search") return send(200, { seq: state.seq, results: find(fold(url.searchParams.get("q") ?? "")) });
  if (url.pathname === "/api/v1/events") return stream(request, response);
  if (/^\/style\/(light|dark)\.json$/.test(url.pathname)) return send(200, style(url.pathname.includes("dark"), url.searchParams.get("lang")));
  const one = /^\/api\/v1\/locations\/([^/]+)$/.exec(url.pathname);
  if (one !== null) {
    const wanted = decodeURIComponent(one[1]);
    const place = PLACES.find(({ id }) => id === wanted);
    const operator = request.headers.authorization === `Bearer ${TOKEN}`;
    if (request.method === "PUT" && operator) return send(200, edit(place ?? added(wanted), JSON.parse(await text(request))));
    if (place === undefined) return refuse(404, "Нет такого места", "Такого места нет или его убрали.");
    if (request.method === "DELETE" && operator) {
      PLACES.splice(PLACES.indexOf(place), 1);
      return send(200, tell(place));
    }
    return send(200, feature(place, detail(place)), "application/geo+json");
  }
  if (url.pathname === "/api/v1/categories") return send(200, { categories: CATEGORIES });
  if (url.pathname === "/api/v1/settlements") {
    const q = fold(url.searchParams.get("q") ?? "").replace(/^(г|ст|с|пос|х)\.\s*/, "");
    return send(200, { settlements: SETTLEMENTS.filter(({ name }) => q !== "" && fold(name).startsWith(q)) });
  }
  if (url.pathname === "/openapi.json") return send(200, JSON.parse(readFileSync(join(HERE, "openapi_sample.json"), "utf8")));
  return file(url.pathname, response, refuse);
}

function file(path, response, refuse) {
  const page = PAGES[path];
  const found = normalize(join(DIST, page ?? path));
  if (!found.startsWith(DIST) || !existsSync(found) || !statSync(found).isFile()) return refuse(404, "Нет такой страницы", path);
  const headers = { "content-type": TYPES[extname(found)] ?? "application/octet-stream" };
  if (page === undefined) return createReadStream(found).pipe(createGzip()).pipe(response.writeHead(200, { ...headers, "content-encoding": "gzip" }));
  headers["content-security-policy"] = WITH_WASM.includes(path) ? CSP.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'") : CSP; // pages alone, as in the binary
  const config = '<script type="application/json" id="ryadom-config">{"demo":true,"version":"0.1.0"}</script>';
  return response.writeHead(200, headers).end(readFileSync(found, "utf8").replace("<!--ryadom:config-->", config));
}

function nearest(query) {
  const limit = Number(query.limit ?? 20);
  const found = matching(query).map((place) => ({ place, distance_m: haversine(query, place) }))
    .sort((a, b) => a.distance_m - b.distance_m || (a.place.id < b.place.id ? -1 : 1));
  return {
    type: "FeatureCollection", seq: state.seq, complete: found.length <= limit,
    features: found.slice(0, limit).map(({ place, distance_m }) => feature(place, { ...summary(place), distance_m })),
  };
}

function within(query) {
  const [west, south, east, north] = query.bbox.split(",").map(Number);
  const found = matching(query).filter(({ lon, lat }) => lon >= west && lon <= east && lat >= south && lat <= north);
  const plain = (place) => feature(place, summary(place));
  if (query.zoom === undefined) return { type: "FeatureCollection", seq: state.seq, features: found.slice(0, Number(query.limit ?? 20)).map(plain) };
  const zoom = Number(query.zoom);
  return { type: "FeatureCollection", seq: state.seq, matched: found.length, zoom, cluster_zoom: zoom, features: cluster(found, zoom, plain) };
}

function matching(query) {
  const list = (value) => (value === undefined ? null : Array.isArray(value) ? value : String(value).split(","));
  const [codes, kinds] = [list(query.category), list(query.benefit)];
  return PLACES.filter((place) => (codes === null || codes.includes(place.category))
    && (kinds === null || kinds.includes(place.benefit_kind)) && (query.open_at === undefined || openState(place).open === true));
}

function find(q) {
  if (q === "") return [];
  const has = (words) => words !== null && fold(words).includes(q.replace(/^(г|ст|с|пос|х)\.\s*/, ""));
  const at = ({ lon, lat }) => ({ lon, lat });
  return [
    ...CATEGORIES.filter(({ ru, en }) => has(ru) || has(en)).map(({ code, ru }) => ({ kind: "category", id: code, title: ru, detail: null, category: code })),
    ...SETTLEMENTS.filter(({ name }) => has(name)).map((town) => ({ kind: "settlement", id: town.id, title: town.name, detail: town.district, ...at(town) })),
    ...PLACES.filter(({ name }) => has(name)).map((place) => ({ kind: "location", id: place.id, title: place.name, detail: place.address, category: place.category, ...at(place) })),
    ...PLACES.filter(({ benefit }) => has(benefit)).map((place) => ({ kind: "benefit", id: place.id, title: place.benefit, detail: place.name, category: place.category, ...at(place) })),
  ].slice(0, 8).map((result) => ({ ...result, match: "text" }));
}

function stream(request, response) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" }).write(`event: hello\nid: ${state.seq}\ndata: {"to_seq":${state.seq}}\nretry: 2000\n\n`);
  state.streams.add(response);
  request.on("close", () => state.streams.delete(response));
}

function added(id) {
  const place = { ...PLACES[0], id };
  PLACES.push(place);
  return place;
}

/** Takes over what the fake knows of the feature that the binary reads. */
function edit(place, { geometry, properties: { name, offer } }) {
  [place.lon, place.lat] = geometry.coordinates;
  if (name !== undefined) place.name = name;
  if (offer !== undefined) place.benefit = offer;
  return tell(place);
}

function tell({ id, lon, lat }) {
  state.seq += 1;
  const data = JSON.stringify({ from_seq: state.seq, to_seq: state.seq, ids: [id], bbox: [lon, lat, lon, lat] });
  for (const open of state.streams) open.write(`id: ${state.seq}\nevent: change\ndata: ${data}\n\n`);
  return { seq: state.seq };
}

/** A basemap of one lake, one road and one name: enough to see MapLibre's worker and its lettering at work. */
function style(dark, lang) {
  const shape = (type, coordinates, properties = {}) => ({ type: "Feature", properties, geometry: { type, coordinates } });
  const lake = shape("Polygon", [[[41.935, 45.02], [41.95, 45.018], [41.952, 45.03], [41.938, 45.032], [41.935, 45.02]]]);
  const road = shape("LineString", [[41.9, 45.01], [41.96, 45.035], [42.02, 45.08]]);
  const town = shape("Point", [41.9642, 45.0344], { name: lang === "en" ? "Stavropol" : "Ставрополь" });
  const data = { type: "FeatureCollection", features: [lake, road, town] };
  const [ground, water, way, ink] = dark ? ["#1d2522", "#1c3a4a", "#3a4540", "#cdd6d0"] : ["#efece3", "#b9d9e8", "#ffffff", "#3c4641"];
  return {
    version: 8, sources: { base: { type: "geojson", data, attribution: "© OpenStreetMap" } },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": ground } },
      { id: "water", type: "fill", source: "base", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": water } },
      { id: "way", type: "line", source: "base", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": way, "line-width": 5 } },
      { id: "name", type: "symbol", source: "base", filter: ["==", ["geometry-type"], "Point"], paint: { "text-color": ink },
        layout: { "text-field": ["get", "name"], "text-font": ["Noto Sans", "sans-serif"], "text-size": 18 } },
    ],
  };
}

function feature({ id, lon, lat }, properties) {
  return { type: "Feature", id, geometry: { type: "Point", coordinates: [lon, lat] }, properties };
}

function summary(place) {
  const { id, name, category, benefit, benefit_kind, benefit_value, address } = place;
  return { id, name, category, benefit, benefit_kind, benefit_value, address, ...openState(place) };
}

function detail(place) {
  const today = wall(0);
  const week = place.hours === null ? null : Array.from({ length: 7 }, (_, index) => {
    const day = new Date(Date.UTC(today.year, today.month, today.day + index));
    const weekday = ["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"][day.getUTCDay()];
    return { date: day.toISOString().slice(0, 10), weekday, holiday: false, intervals: place.hours[day.getUTCDay()] ?? [] };
  });
  const digits = place.phone?.slice(2);
  return {
    ...summary(place), categories_more: [], hours: null, hours_week: week, time_zone: "Europe/Moscow",
    phone: place.phone, phone_ext: null, site: place.site, partner: { id: "demo", name: "Демо-партнёр" },
    phone_display: digits ? `+7 (${digits.slice(0, 4)}) ${digits.slice(4, 6)}-${digits.slice(6, 8)}-${digits.slice(8)}` : null,
    address_note: null, wheelchair: place.wheelchair, last_confirmed: place.last_confirmed,
    benefits: place.benefit === null ? [] : [{
      kind: place.benefit_kind, value: place.benefit_value, title: place.benefit, terms: place.terms, from: "2026-01-01", to: null,
    }],
  };
}

/** Open now, and the next change within a week. Intervals may run past midnight. */
function openState({ hours }) {
  if (hours === null) return { open: null };
  const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  const spans = [];
  for (let day = -1; day <= 7; day += 1) {
    for (const { from, to } of hours[wall(day).weekday] ?? []) {
      const [begin, end] = [minutes(from), minutes(to)];
      spans.push([day * 1440 + begin, day * 1440 + (end <= begin ? end + 1440 : end)]);
    }
  }
  const now = wall(0).minute;
  let current = spans.find(([begin, end]) => begin <= now && now < end);
  if (current !== undefined) {
    for (let next; (next = spans.find(([begin, end]) => begin <= current[1] && end > current[1])); ) current = [current[0], next[1]];
    return current[1] > 6 * 1440 ? { open: true } : { open: true, open_until: stamp(current[1]) };
  }
  const next = spans.filter(([begin]) => begin > now)[0];
  return next === undefined ? { open: false } : { open: false, opens_at: stamp(next[0]) };
}

/** The wall clock of the places, `days` from today. */
function wall(days) {
  const here = new Date(Date.now() + 3 * 3_600_000 + days * 86_400_000);
  return { year: here.getUTCFullYear(), month: here.getUTCMonth(), day: here.getUTCDate(), weekday: here.getUTCDay(), minute: here.getUTCHours() * 60 + here.getUTCMinutes() };
}

function stamp(minute) {
  const { year, month, day } = wall(0);
  return `${new Date(Date.UTC(year, month, day, 0, minute)).toISOString().slice(0, 19)}${OFFSET}`;
}

function haversine(a, b) {
  const rad = Math.PI / 180;
  const h = Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(h));
}

function fold(name) {
  return name.trim().toLocaleLowerCase("ru").replaceAll("ё", "е");
}

async function text(request) {
  let all = "";
  for await (const chunk of request) all += chunk;
  return all;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await start(Number(process.argv[2] ?? 0));
  console.log(`fake Ryadom on ${url}`);
}
