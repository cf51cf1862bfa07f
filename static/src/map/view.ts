/**
 * What a map shows, as numbers: its centre and zoom, the area that follows from them, and the text of both in an
 * address. Pure, and needs no map: a link with a view gets its list before the map has been fetched.
 *
 * Units: zoom as MapLibre counts it (the world is 512 px wide at zoom 0); degrees on WGS 84; sizes in CSS px.
 */
import type { LonLat } from "../geo/lon_lat.js";

export interface View extends LonLat {
  readonly zoom: number;
}

export interface Size {
  readonly width_px: number;
  readonly height_px: number;
}

/** West, south, east, north; west is above east where the area crosses the antimeridian. */
export type Bbox = readonly [number, number, number, number];

const WORLD_PX = 512;
const MAX_LAT = 85.051129;
export const MAX_ZOOM = 19;
/** The finest zoom of the server's clusters: there only places on one position stay together. */
const MAX_CLUSTER_ZOOM = 18;

/** `lon,lat,zoom`, no finer than anybody could see. */
export function writeView({ lon, lat, zoom }: View): string {
  return `${lon.toFixed(4)},${lat.toFixed(4)},${Number(zoom.toFixed(2))}`;
}

export function readView(text: string | null): View | null {
  const parts = (text ?? "").split(",");
  const [lon = NaN, lat = NaN, zoom = NaN] = parts.map((part) => (/^-?\d+(\.\d+)?$/.test(part) ? Number(part) : NaN));
  if (parts.length !== 3 || !(Math.abs(lon) <= 180 && Math.abs(lat) <= MAX_LAT && zoom >= 0 && zoom <= 24)) return null;
  return { lon, lat, zoom: Math.min(zoom, MAX_ZOOM) };
}

/** Equal to the eye: a glide may end a hair beside its aim. */
export function sameView(a: View | null, b: View | null): boolean {
  if (a === null || b === null) return a === b;
  const near_deg = 1 / 2 ** Math.max(a.zoom, b.zoom);
  return Math.abs(a.lon - b.lon) < near_deg && Math.abs(a.lat - b.lat) < near_deg && Math.abs(a.zoom - b.zoom) < 0.01;
}

/** The zoom to ask clusters for. */
export function clusterZoom(zoom: number): number {
  return Math.min(MAX_CLUSTER_ZOOM, Math.max(0, Math.round(zoom)));
}

/** The area a view covers. */
export function bboxOf({ lon, lat, zoom }: View, { width_px, height_px }: Size): Bbox {
  const world_px = WORLD_PX * 2 ** zoom;
  const half = width_px / world_px / 2;
  const x = mercatorX(lon);
  const y = mercatorY(lat);
  const tall = height_px / world_px / 2;
  const [south, north] = [latOf(Math.min(1, y + tall)), latOf(Math.max(0, y - tall))];
  if (half >= 0.5) return [-180, south, 180, north];
  return [wrapped(lonOf(x - half)), south, wrapped(lonOf(x + half)), north];
}

/**
 * The area grown outward to a grid of some 64 px: small shifts of the map ask the same question, and the question does
 * not say where exactly the view's centre, and so perhaps a person, is.
 */
export function snapped([west, south, east, north]: Bbox, zoom: number): Bbox {
  const step = 360 / 2 ** (clusterZoom(zoom) + 3);
  const out = (round: (value: number) => number, degrees: number, bound: number): number =>
    Number(Math.max(-bound, Math.min(bound, round(degrees / step) * step)).toFixed(6));
  return [out(Math.floor, west, 180), out(Math.floor, south, 90), out(Math.ceil, east, 180), out(Math.ceil, north, 90)];
}

/** Two corners, enough to fit a view to; one of them beyond ±180 where the area crosses the antimeridian. */
export function bboxCorners([west, south, east, north]: Bbox): readonly LonLat[] {
  return [{ lon: west, lat: south }, { lon: west <= east ? east : east + 360, lat: north }];
}

export function contains([west, south, east, north]: Bbox, { lon, lat }: LonLat): boolean {
  if (lat < south || lat > north) return false;
  return west <= east ? lon >= west && lon <= east : lon >= west || lon <= east;
}

/** The closest view that shows all `positions` with `margin_px` to spare. */
export function fitting(positions: readonly LonLat[], size: Size, margin_px: number, maxZoom: number): View | null {
  if (positions.length === 0) return null;
  const xs = positions.map(({ lon }) => mercatorX(lon));
  const ys = positions.map(({ lat }) => mercatorY(lat));
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const zoomOf = (span: number, room_px: number): number => Math.log2(Math.max(room_px, 64) / WORLD_PX / Math.max(span, 1e-9));
  const zoom = Math.min(
    maxZoom, zoomOf(right - left, size.width_px - 2 * margin_px), zoomOf(bottom - top, size.height_px - 2 * margin_px));
  return { lon: wrapped(lonOf((left + right) / 2)), lat: latOf((top + bottom) / 2), zoom: Math.max(0, zoom) };
}

/** Metres that one CSS px stands for. */
export function metresPerPx(lat: number, zoom: number): number {
  return (40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / (WORLD_PX * 2 ** zoom);
}

function mercatorX(lon: number): number {
  return (lon + 180) / 360;
}

function mercatorY(lat: number): number {
  const phi = (Math.max(-MAX_LAT, Math.min(MAX_LAT, lat)) * Math.PI) / 180;
  return (1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2;
}

function lonOf(x: number): number {
  return x * 360 - 180;
}

function latOf(y: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}

function wrapped(lon: number): number {
  return lon < -180 ? lon + 360 : lon > 180 ? lon - 360 : lon;
}
