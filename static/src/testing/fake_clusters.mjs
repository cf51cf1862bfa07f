// Clusters for the fake server: cells of 64 px, weighted mean, counts by category. The binary's are its own.
const CELLS = 8; // cells along one tile of 512 px
const MOST_ZOOM = 18;

/** Features of `places` at `zoom`: `plain` draws a single one. */
export function cluster(places, zoom, plain) {
  return [...cells(places, zoom)].map(([id, members]) => (members.length === 1 ? plain(members[0]) : many(id, members, zoom)));
}

function cells(places, zoom) {
  const found = new Map();
  for (const place of places) {
    const key = cellOf(place, zoom);
    found.set(key, [...(found.get(key) ?? []), place]);
  }
  return found;
}

function many(id, members, zoom) {
  const mean = (member) => members.reduce((sum, place) => sum + place[member], 0) / members.length;
  const [lons, lats] = [members.map(({ lon }) => lon), members.map(({ lat }) => lat)];
  const categories = {};
  for (const { category } of members) categories[category] = (categories[category] ?? 0) + 1;
  const bbox = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
  const coordinates = [mean("lon"), mean("lat")].map((degrees) => Number(degrees.toFixed(6)));
  const properties = { cluster: true, point_count: members.length, expansion_zoom: expansion(members, zoom), categories, bbox };
  return { type: "Feature", id, geometry: { type: "Point", coordinates }, properties };
}

function expansion(members, zoom) {
  for (let finer = zoom + 1; finer <= MOST_ZOOM; finer += 1) if (cells(members, finer).size > 1) return finer;
  return null;
}

function cellOf({ lon, lat }, zoom) {
  const across = CELLS * 2 ** zoom;
  const x = Math.floor(((lon + 180) / 360) * across);
  const y = Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * across);
  return `${zoom + 3}/${x}/${y}`;
}
