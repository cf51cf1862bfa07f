import type { LonLat } from "./lon_lat.js";

/** The krai's capital: where everything starts that was not told otherwise. The server's pages start there too. */
export const STAVROPOL: LonLat = { lon: 41.9642, lat: 45.03442 };
