/**
 * What a MapGL map shows, as a question to the API. Pure.
 *
 * Units: degrees on WGS 84. MapGL's zoom counts tiles of 256 px, the API's tiles of 512 px: one less shows the same.
 */
import type { LngLatBounds } from "@2gis/mapgl/types/index.js";
import { snapped, type Bbox } from "../map/view.js";

const MAX_ZOOM = 18;
/** A flight to zoom 13 may end at 12.9999. */
const SLACK = 0.01;

/** The zoom to ask the API for. */
export function askedZoom(mapglZoom: number): number {
  return Math.min(MAX_ZOOM, Math.max(0, Math.floor(mapglZoom - 1 + SLACK)));
}

/** The zoom at which MapGL asks for this one. */
export function mapglZoom(zoom: number): number {
  return zoom + 1;
}

/**
 * The area to ask for: the view and at least the cells of clusters round it, because a cell that the edge cuts is
 * counted in part. A looped map counts longitudes on beyond ±180 and may show the world several times.
 */
export function askedArea({ southWest, northEast }: LngLatBounds, zoom: number): Bbox {
  const [west = NaN, south = NaN] = southWest;
  const [east = NaN, north = NaN] = northEast;
  const step = 360 / 2 ** (zoom + 3); // the side of a cell, and of the grid that `snapped` grows to
  const [low, high] = [Math.max(-90, south - step), Math.min(90, north + step)];
  const width = east >= west ? east - west : east - west + 360;
  if (width + 4 * step >= 360) return snapped([-180, low, 180, high], zoom);
  return snapped([wrapped(west - step), low, wrapped(east + step), high], zoom);
}

function wrapped(lon: number): number {
  return lon - 360 * Math.floor((lon + 180) / 360);
}
