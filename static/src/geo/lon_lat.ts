/** A position on WGS 84, in degrees, longitude first. */
export interface LonLat {
  readonly lon: number;
  readonly lat: number;
}

/**
 * The position with four decimals (about 8 m by 11 m here): what may leave the device. Near enough for a list of
 * places, too coarse for a doorstep.
 */
export function coarse(position: LonLat): LonLat {
  return { lon: round4(position.lon), lat: round4(position.lat) };
}

function round4(degrees: number): number {
  return Math.round(degrees * 1e4) / 1e4;
}
